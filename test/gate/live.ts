import type { JvmSizing } from '../../src/model/jvm.ts';
import type { HeapMeasurement } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { ClusterState, Setting, Workload } from '../../src/model/workload.ts';
import { ABSENT, AT, DAY, HOUR, measureOf, mi, series, set } from '../checks/fixtures.ts';
import {
  killHistoryOf,
  liveContainer,
  observationOf,
  peaksOf,
  podOf,
  templateOf,
  workloadOf,
} from '../judge/fixtures.ts';

/** A Deployment that runs, with one container. All sizes in Mi. */
export interface Live {
  readonly name: string;
  readonly namespace?: string;
  readonly container?: string;
  /** 2000 where absent; `null` is none. */
  readonly limit?: number | null;
  /** 1000 where absent; `null` is none. */
  readonly request?: number | null;
  readonly pods?: number;
  /** Its working set, always or by the hours before now (negative). */
  readonly uses: number | ((hours: number) => number);
  /** The highest of the days before; what it uses where absent. */
  readonly peak?: number;
  /** Flat for all of the days before. */
  readonly flat?: boolean;
  /** How much of what it uses is page cache, from 0 to 1. */
  readonly cache?: number;
  readonly killed?: { readonly daysAgo: number; readonly limit: number };
  readonly jvm?: JvmSizing;
  readonly heap?: HeapMeasurement;
  /** There are no series of it. */
  readonly silent?: boolean;
  readonly change?: Partial<Workload>;
}

/** What an inspection saw of a cluster with these workloads. */
export function observed(live: readonly Live[], cluster: Partial<ClusterState> = {}): Observation {
  const namespaces = [...new Set(['shop', ...live.map(({ namespace = 'shop' }) => namespace)])].sort();
  return observationOf(
    live.map(workloadFrom),
    live.filter(({ silent }) => !silent).flatMap(measurementsOf),
    { histories: live.filter(({ silent }) => !silent).flatMap(historiesOf) },
    { namespaces, inspected: { namespaces, except: [] }, ...cluster },
  );
}

function workloadFrom(live: Live): Workload {
  const { namespace = 'shop', name, container = 'app', limit = 2000, request = 1000, jvm } = live;
  const sizes = { name: container, limit: settingOf(limit), request: settingOf(request) };
  return workloadOf(
    podNames(live).map((pod) => podOf(pod, [liveContainer(sizes)])),
    {
      ref: { namespace, group: 'apps', kind: 'Deployment', name },
      containers: [templateOf({ ...sizes, image: `registry.example/${name}:1.8.2`, ...(jvm && { jvm }) })],
      ...live.change,
    },
  );
}

function settingOf(mebi: number | null): Setting {
  return mebi === null ? ABSENT : set(mebi);
}

function podNames({ name, pods = 1 }: Live): readonly string[] {
  return Array.from({ length: pods }, (_, index) => `${name}-7d9f8b6c5-${String.fromCharCode(97 + index)}2x4z`);
}

function measurementsOf(live: Live) {
  const { namespace = 'shop', container = 'app', uses, cache, heap, limit = 2000, request = 1000 } = live;
  const at = typeof uses === 'number' ? () => uses : uses;
  const quarter = (share: number) => series(4, 6 * HOUR, (hours) => at(hours - 3) * share);
  return podNames(live).map((pod) =>
    measureOf(at, {
      namespace,
      pod,
      container,
      ...(cache !== undefined && {
        now: {
          workingSet: mi(at(0)),
          rss: mi(at(0) * (1 - cache)),
          activeFile: mi(at(0) * cache),
          startedAt: AT - 30 * DAY,
        },
        ...{ rss: quarter(1 - cache), activeFile: quarter(cache) },
      }),
      ...(limit !== null && { limit: mi(limit) }),
      ...(request !== null && { request: mi(request) }),
      ...(heap && { heap }),
    }),
  );
}

function historiesOf(live: Live) {
  const { namespace = 'shop', container = 'app', uses, flat = false, killed, limit } = live;
  const peak = live.peak ?? (typeof uses === 'number' ? uses : uses(0));
  return podNames(live).map((pod) => ({
    ...peaksOf(peak, 14, pod, flat),
    ...(killed && killHistoryOf(killed.daysAgo, killed.limit, limit ?? 2000)),
    namespace,
    container,
  }));
}
