import { mebibytes } from '../../src/bytes.ts';
import type { ContainerHistory, ContainerMeasurement, Sample } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Pod, Setting, Workload } from '../../src/model/workload.ts';
import { type Sizes, writeDeployment } from '../deliver/observe-day.ts';

export { readSizes, type Sizes } from '../deliver/observe-day.ts';

export const HOUR = 3600;
export const DAY = 24 * HOUR;
const SLOT = 1800;

/** A pod that runs, or ran until `end`. Times are unix seconds. */
export interface PodCourse extends Sizes {
  readonly name: string;
  readonly startedAt: number;
  readonly end?: number;
  /** The working set in Mi. */
  readonly used: (time: number) => number;
  /** When it was OOM-killed. */
  readonly kills?: readonly number[];
}

/** A Deployment of one container of the same name in `pigo-rel`. */
export interface Scene {
  readonly name: string;
  readonly template: Sizes;
  readonly pods: readonly PodCourse[];
}

/** What a run at `at` observes. */
export function observeAt(at: number, scenes: readonly Scene[]): Observation {
  const pods = scenes.flatMap((scene) => scene.pods.map((pod) => ({ scene, pod })));
  return {
    format: 1,
    at,
    windows: { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY },
    cluster: {
      namespaces: ['pigo-rel'],
      inspected: { namespaces: ['pigo-rel'], except: [] },
      workloads: scenes.map((scene) => workloadOf(scene, at)),
      bounds: [],
      notes: [],
    },
    access: { way: 'direct', url: 'http://prometheus:9090' },
    queries: 12,
    availability: { exporter: true, cadvisor: true, jvm: { state: 'unavailable', why: 'no JVM metrics' } },
    measurements: pods.flatMap(({ scene, pod }) => measure(scene.name, pod, at)),
    histories: pods.map(({ scene, pod }) => recall(scene.name, pod, at)),
    notes: [],
  };
}

function livesAt({ startedAt, end = Number.POSITIVE_INFINITY }: PodCourse, time: number): boolean {
  return startedAt <= time && time < end;
}

function slots(begin: number, at: number): number[] {
  return Array.from({ length: Math.round((at - begin) / SLOT) }, (_, index) => begin + (index + 1) * SLOT);
}

/** The start of the container that runs at a time: its pod's, or behind the last kill. */
function startAt({ startedAt, kills = [] }: PodCourse, time: number): number {
  return Math.max(startedAt, ...kills.filter((kill) => kill < time).map((kill) => kill + 5));
}

function killsUntil({ kills = [] }: PodCourse, time: number): number {
  return kills.filter((kill) => kill < time).length;
}

function sample(times: readonly number[], pod: PodCourse, value: (time: number) => number): Sample[] {
  return times.filter((t) => livesAt(pod, t)).map((t) => ({ t, v: value(t) }));
}

function measure(container: string, pod: PodCourse, at: number): ContainerMeasurement[] {
  const window = slots(at - DAY, at);
  const averages = sample(window, pod, (t) => mebibytes(pod.used(t)));
  if (averages.length === 0) return [];
  const killed = killsUntil(pod, at) - killsUntil(pod, at - DAY) > 0;
  const peak = Math.max(...averages.map(({ v }) => v), ...(killed ? [mebibytes(pod.limit)] : []));
  return [
    {
      namespace: 'pigo-rel',
      pod: pod.name,
      container,
      ...(livesAt(pod, at) && { now: { workingSet: mebibytes(pod.used(at)), startedAt: startAt(pod, at) } }),
      peak: mebibytes(peak / 2 ** 20),
      averages,
      slowAverages: sample(
        slots(at - 7 * DAY, at).filter((_, index) => index % 6 === 5),
        pod,
        (t) => mebibytes(pod.used(t)),
      ),
      rss: [],
      mappedFile: [],
      activeFile: [],
      starts: sample(window, pod, (t) => startAt(pod, t)),
      restarts: sample(window, pod, (t) => killsUntil(pod, t)),
      oomReason: sample(window, pod, () => 1).filter(({ t }) => killsUntil(pod, t) > 0),
      limit: mebibytes(pod.limit),
      request: mebibytes(pod.request),
      uid: `uid-${pod.name}`,
    },
  ];
}

function recall(container: string, pod: PodCourse, at: number): ContainerHistory {
  const times = slots(at - 14 * DAY, at);
  const dailyPeaks = Array.from({ length: 14 }, (_, index) => at - (13 - index) * DAY).flatMap((t): Sample[] => {
    const day = sample(slots(t - DAY, t), pod, (time) => pod.used(time)).map(({ v }) => v);
    return day.length === 0 ? [] : [{ t, v: mebibytes(Math.max(...day)) }];
  });
  return {
    namespace: 'pigo-rel',
    pod: pod.name,
    container,
    dailyPeaks,
    starts: sample(times, pod, (t) => startAt(pod, t)),
    restarts: sample(times, pod, (t) => killsUntil(pod, t)),
    oomReason: sample(times, pod, () => 1).filter(({ t }) => killsUntil(pod, t) > 0),
    limits: sample(times, pod, () => mebibytes(pod.limit)),
  };
}

const set = (mebi: number): Setting => ({ state: 'set', bytes: mebibytes(mebi) });

function settingsOf({ limit, request }: Sizes) {
  return { limit: set(limit), request: set(request) };
}

function workloadOf({ name, template, pods }: Scene, at: number): Workload {
  const live = pods.filter((pod) => livesAt(pod, at));
  return {
    ref: { namespace: 'pigo-rel', group: 'apps', kind: 'Deployment', name },
    edit: { allowed: true },
    replicas: 1,
    strategy: 'RollingUpdate',
    containers: [{ name, kind: 'container', image: 'example.invalid/app:1', ...settingsOf(template) }],
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods: live.map((pod): Pod => podOf(name, template, pod, at)),
  };
}

function podOf(container: string, template: Sizes, pod: PodCourse, at: number): Pod {
  const last = (pod.kills ?? []).filter((kill) => kill < at).at(-1);
  return {
    name: pod.name,
    uid: `uid-${pod.name}`,
    phase: 'Running',
    ready: true,
    deleting: false,
    createdAt: pod.startedAt,
    current: pod.limit === template.limit && pod.request === template.request,
    containers: [
      {
        name: container,
        kind: 'container',
        injected: false,
        ...settingsOf(pod),
        actual: settingsOf(pod),
        running: true,
        startedAt: startAt(pod, at),
        restarts: killsUntil(pod, at),
        ...(last !== undefined && { lastTermination: { reason: 'OOMKilled', exitCode: 137, finishedAt: last } }),
      },
    ],
  };
}

/** The manifest of a scene's Deployment. */
export function manifestOf(name: string, sizes: Sizes): string {
  return writeDeployment('pigo-rel', name, sizes);
}
