import { mebibytes } from '../../src/bytes.ts';
import type { ContainerHistory, ContainerMeasurement, Sample } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Setting, Workload } from '../../src/model/workload.ts';

export const DAY = 86_400;
const SLOTS = 48;

/** A workload of one pod with one container of the same name, in the namespace `shop`. */
export interface Course {
  readonly name: string;
  /** The working set in Mi in one of the 48 half hours (0 to 47) of a day. Day 1 is the first that is inspected. */
  readonly used: (day: number, slot: number) => number;
  /** How many days Prometheus keeps. */
  readonly kept?: number;
}

/** The sizes in force, in Mi. */
export interface Sizes {
  readonly limit: number;
  readonly request: number;
}

/** What a run at `at` (unix seconds), the end of a day, observes of these courses. */
export function observeDay(
  day: number,
  at: number,
  courses: readonly (Course & Sizes)[],
  inspected = ['shop'],
): Observation {
  return {
    format: 1,
    at,
    windows: { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY },
    cluster: {
      namespaces: inspected,
      inspected: { namespaces: inspected, except: [] },
      workloads: courses.map((course) => workloadOf(course, at)),
      bounds: [],
      notes: [],
    },
    access: { way: 'direct', url: 'http://prometheus:9090' },
    queries: 12,
    availability: { exporter: true, cadvisor: true, jvm: { state: 'unavailable', why: 'no JVM metrics' } },
    measurements: courses.map((course) => measure(course, day, at)),
    histories: courses.map((course) => peaksOf(course, day, at)),
    notes: [],
  };
}

/** What was used at a time, `slots` half hours before the end of `day`. */
function usedBefore({ used }: Course, day: number, slots: number): number {
  return used(day - Math.floor(slots / SLOTS), SLOTS - 1 - (slots % SLOTS));
}

function measure(course: Course, day: number, at: number): ContainerMeasurement {
  const started = at - 60 * DAY;
  /** Averages of `each` half hours, oldest first. */
  const averages = (count: number, each: number): Sample[] =>
    Array.from({ length: count }, (_, index) => {
      const back = (count - 1 - index) * each;
      const values = Array.from({ length: each }, (__, slot) => usedBefore(course, day, back + slot));
      return { t: at - back * 1800, v: mebibytes(values.reduce((sum, v) => sum + v, 0) / each) };
    });
  const window = averages(SLOTS, 1);
  return {
    namespace: 'shop',
    pod: `${course.name}-0`,
    container: course.name,
    now: { workingSet: mebibytes(usedBefore(course, day, 0)), startedAt: started },
    peak: mebibytes(peakOf(course, day)),
    averages: window,
    slowAverages: averages(56, 6),
    rss: [],
    mappedFile: [],
    activeFile: [],
    starts: window.map(({ t }) => ({ t, v: started })),
    restarts: window.map(({ t }) => ({ t, v: 0 })),
    oomReason: [],
  };
}

function peakOf({ used }: Course, day: number): number {
  return Math.max(...Array.from({ length: SLOTS }, (_, slot) => used(day, slot)));
}

function peaksOf(course: Course, day: number, at: number): ContainerHistory {
  const days = course.kept ?? 14;
  const dailyPeaks = Array.from({ length: days }, (_, index) => {
    const back = days - 1 - index;
    return { t: at - back * DAY, v: mebibytes(peakOf(course, day - back)) };
  });
  return { namespace: 'shop', pod: `${course.name}-0`, container: course.name, dailyPeaks };
}

function workloadOf({ name, limit, request }: Course & Sizes, at: number): Workload {
  const set = (mebi: number): Setting => ({ state: 'set', bytes: mebibytes(mebi) });
  const sizes = { name, kind: 'container', limit: set(limit), request: set(request) } as const;
  return {
    ref: { namespace: 'shop', group: 'apps', kind: 'Deployment', name },
    edit: { allowed: true },
    replicas: 1,
    strategy: 'RollingUpdate',
    containers: [{ ...sizes, image: 'example.invalid/app:1' }],
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods: [
      {
        name: `${name}-0`,
        uid: `uid-${name}`,
        phase: 'Running',
        ready: true,
        deleting: false,
        createdAt: at - 60 * DAY,
        current: true,
        containers: [{ ...sizes, injected: false, running: true, restarts: 0 }],
      },
    ],
  };
}

/** The manifest of a Deployment of one container of its name. */
export function writeDeployment(namespace: string, name: string, { limit, request }: Sizes): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  template:
    spec:
      containers:
        - name: ${name}
          image: example.invalid/app:1
          resources:
            limits:
              memory: ${limit}Mi
            requests:
              memory: ${request}Mi
`;
}

/** The manifest of a course's workload, and where it lies. */
export function manifestOf(name: string, sizes: Sizes): Readonly<Record<string, string>> {
  return { [pathOf(name)]: writeDeployment('shop', name, sizes) };
}

export function pathOf(name: string): string {
  return `k8s/shop/${name}.yaml`;
}

/** The sizes that a manifest says, as one of `manifestOf` or edited since. */
export function readSizes(text: string): Sizes {
  return {
    limit: inMi(/limits:\s+memory: (\d+)(Mi|Gi)/.exec(text)),
    request: inMi(/requests:\s+memory: (\d+)(Mi|Gi)/.exec(text)),
  };
}

function inMi(match: RegExpExecArray | null): number {
  const [, number, unit] = match ?? [];
  return Number(number) * (unit === 'Gi' ? 1024 : 1);
}

/** A number from -1 to 1 that these words decide. */
export function noise(...words: readonly (string | number)[]): number {
  let state = 2166136261;
  for (const character of words.join(' ')) state = Math.imul(state ^ character.charCodeAt(0), 16777619);
  state = Math.imul(state ^ (state >>> 15), 2246822507);
  state = Math.imul(state ^ (state >>> 13), 3266489909);
  return (((state ^ (state >>> 16)) >>> 0) / 0xffffffff) * 2 - 1;
}
