import { type Bytes, MIB } from '../../src/bytes.ts';
import { judge } from '../../src/judge/judge.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import type { ContainerHistory, ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Observation, Windows } from '../../src/model/observation.ts';
import type { Pod, PodContainer, Setting, TemplateContainer, Workload } from '../../src/model/workload.ts';
import { THRESHOLDS } from './make-inspection.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WINDOWS: Windows = { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY };
const REPLICAS = [1, 1, 2, 2, 3, 3, 4, 6];
const LIMITS = [128, 256, 512, 512, 1024, 1024, 2048, 4096];
const WORKLOADS_A_NAMESPACE = 25;

/** Day 0 ends at this time (unix seconds). */
export const DAY_ZERO = Date.UTC(2026, 10, 24, 6) / 1000;

/**
 * What is found of a cluster with that many pods on a day (0, 1, …), through the real checks. Memory follows the hours of
 * the day with noise and walks from day to day; about one container in fifty leaks, one in twelve is near its limit, and
 * every workload is rolled out about once in eight days.
 */
export function inspectLargeCluster(pods: number, day = 0): Inspection {
  return judge(observeLargeCluster(pods, day), { thresholds: THRESHOLDS, date: '2025-12-26', tighten: 'report' });
}

/** What such a run observes. */
export function observeLargeCluster(pods: number, day: number): Observation {
  const at = DAY_ZERO + day * DAY;
  const workloads: Workload[] = [];
  const measurements: ContainerMeasurement[] = [];
  const histories: ContainerHistory[] = [];
  for (let index = 0, left = pods; left > 0; index++) {
    const service = makeService(index, left);
    const live = Array.from({ length: service.replicas }, (_, replica) => nameOf(service, replica, day));
    workloads.push(describeWorkload(service, live));
    for (const [replica, pod] of live.entries()) {
      for (const container of service.containers) {
        const memory = memoryOf(service, container, replica);
        measurements.push(measure(service, container, pod, memory, at));
        histories.push(peaksOf(service, container, pod, memory, at));
      }
    }
    left -= service.replicas;
  }
  return {
    format: 1,
    at,
    windows: WINDOWS,
    cluster: {
      namespaces: [...new Set(workloads.map(({ ref }) => ref.namespace))],
      workloads,
      bounds: [],
      notes: [],
    },
    access: { way: 'direct', url: 'http://prometheus:9090' },
    queries: 15,
    availability: {
      exporter: true,
      cadvisor: true,
      jvm: { state: 'unavailable', why: 'no series of a JVM exporter.' },
    },
    measurements,
    histories,
    notes: [],
  };
}

interface ServiceContainer {
  readonly name: string;
  /** In Mi. */
  readonly limit: number;
  readonly request: number;
  /** Share of the limit that is used on average. */
  readonly share: number;
  /** Mi an hour since the last rollout. */
  readonly leak: number;
}

interface Service {
  readonly index: number;
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly containers: readonly ServiceContainer[];
}

function makeService(index: number, most: number): Service {
  const containers = index % 3 === 0 ? ['app'] : ['app', 'istio-proxy'];
  return {
    index,
    namespace: `team-payments-${String(Math.floor(index / WORKLOADS_A_NAMESPACE)).padStart(3, '0')}`,
    name: `${['checkout', 'orders', 'search-index', 'billing', 'recommendation'][index % 5]}-service-${index}`,
    replicas: Math.min(most, pick(REPLICAS, index)),
    containers: containers.map((name, place) => {
      const limit = place === 0 ? pick(LIMITS, index + 7000) : 128;
      const share =
        chance(index, place, 1) < 0.08 ? 0.8 + 0.15 * chance(index, place, 2) : 0.2 + 0.5 * chance(index, place, 3);
      const leak = place === 0 && chance(index, 4) < 0.02 ? limit * 0.004 : 0;
      return { name, limit, request: Math.round(limit * (0.3 + 0.5 * chance(index, 5))), share, leak };
    }),
  };
}

/** Days since the rollout from which the pods of a day are. */
const sinceRollout = (index: number, day: number) => (day + index) % 8;

function nameOf({ index, name }: Service, replica: number, day: number): string {
  const rollout = day - sinceRollout(index, day);
  return `${name}-${letters(10, index, rollout)}-${letters(5, index, rollout, replica)}`;
}

/** The working set in bytes at a time (unix seconds). */
function memoryOf({ index }: Service, container: ServiceContainer, replica: number) {
  const place = container.name.length;
  return (at: number): number => {
    const day = Math.floor((at - DAY_ZERO) / DAY) + 1;
    const hours = (at - DAY_ZERO) / HOUR;
    const walk = 0.04 * (chance(index, replica, place, day) - 0.5);
    const wave = 0.03 * Math.sin((hours / 24) * 2 * Math.PI + index);
    const noise = 0.01 * (chance(index, replica, place, at) - 0.5);
    const leaked = container.leak * (((hours % 192) + 192 + 24 * index) % 192);
    const used = container.limit * (container.share + walk + wave + noise) + leaked;
    return Math.round(Math.min(used, container.limit * (0.98 + noise)) * MIB);
  };
}

function measure(
  { index, namespace }: Service,
  { name: container }: ServiceContainer,
  pod: string,
  memory: (at: number) => number,
  at: number,
): ContainerMeasurement {
  const samples = (count: number, slot: number, share = 1) =>
    Array.from({ length: count }, (_, place) => {
      const t = at - (count - 1 - place) * slot;
      return { t, v: Math.round(memory(t) * share) };
    });
  const day = Math.round((at - DAY_ZERO) / DAY);
  const startedAt = at - (sinceRollout(index, day) + 1) * DAY;
  const averages = samples(48, HOUR / 2);
  return {
    namespace,
    pod,
    container,
    now: { workingSet: memory(at) as Bytes, startedAt },
    peak: Math.round(1.02 * Math.max(...averages.map(({ v }) => v))) as Bytes,
    averages,
    slowAverages: samples(8 * (sinceRollout(index, day) + 1), 3 * HOUR).slice(-56),
    rss: samples(4, 6 * HOUR, 0.9),
    mappedFile: [],
    activeFile: samples(4, 6 * HOUR, 0.02),
    starts: averages.map(({ t }) => ({ t, v: startedAt })),
    restarts: averages.map(({ t }) => ({ t, v: 0 })),
    oomReason: [],
  };
}

function peaksOf(
  { namespace }: Service,
  { name: container }: ServiceContainer,
  pod: string,
  memory: (at: number) => number,
  at: number,
): ContainerHistory {
  const dailyPeaks = Array.from({ length: 14 }, (_, back) => {
    const t = at - (13 - back) * DAY;
    return { t, v: Math.round(memory(t) * 1.08) };
  });
  return { namespace, pod, container, dailyPeaks };
}

function describeWorkload({ namespace, name, containers, replicas }: Service, pods: readonly string[]): Workload {
  const settings = ({ limit, request }: ServiceContainer) => ({ limit: set(limit), request: set(request) });
  return {
    ref: { namespace, group: 'apps', kind: 'Deployment', name },
    edit: { allowed: true },
    replicas,
    containers: containers.map(
      (container): TemplateContainer => ({
        name: container.name,
        kind: 'container',
        image: `registry.example/${name}:1`,
        ...settings(container),
      }),
    ),
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods: pods.map(
      (pod): Pod => ({
        name: pod,
        uid: `uid-${pod}`,
        phase: 'Running',
        ready: true,
        deleting: false,
        containers: containers.map(
          (container): PodContainer => ({
            name: container.name,
            kind: 'container',
            injected: false,
            ...settings(container),
            running: true,
            restarts: 0,
          }),
        ),
      }),
    ),
  };
}

function set(mebibytes: number): Setting {
  return { state: 'set', bytes: (mebibytes * MIB) as Bytes };
}

/** An even number from 0 to 1 that always is the same for the same seeds. */
function chance(...seeds: readonly number[]): number {
  let state = 2166136261;
  for (const seed of seeds) {
    state = Math.imul(state ^ (seed | 0), 16777619);
    state = Math.imul(state ^ (state >>> 15), 2246822519);
  }
  state ^= state >>> 13;
  return ((Math.imul(state, 3266489917) ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

function pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[], index: number): Item {
  const item = items[Math.floor(chance(index, 99) * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function letters(count: number, ...seeds: readonly number[]): string {
  return Array.from(
    { length: count },
    (_, place) => LETTERS[Math.floor(chance(...seeds, place) * LETTERS.length)],
  ).join('');
}
