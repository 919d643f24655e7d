import type { JvmMetrics } from '../model/jvm-metrics.ts';
import type { MonitorLocation } from '../model/monitor-location.ts';
import { type Workload, workloadContainerKey } from '../model/workload.ts';
import { keysIn, type Marker } from './marker.ts';
import type { Uncertainty } from './needs.ts';
import { isOverAt, type NeedsSince, overAfter } from './quiet.ts';

/** What a run saw of the JVMs for which it proposes nothing; by the keys `namespace/kind/name/container`. */
export interface MonitorNeeds {
  readonly doubts: ReadonlyMap<string, Uncertainty>;
  /** The files have what mends them, or nothing more can be done there. */
  readonly settled: ReadonlySet<string>;
  /** Every container that there is. */
  readonly known: ReadonlySet<string>;
}

/** What a run saw of JVMs. */
export interface SeenMetrics {
  readonly metrics: readonly JvmMetrics[];
  /** All workloads of the cluster. */
  readonly known: readonly Workload[];
  /** Whether anybody looked: else it tells nothing that a container is not among the JVMs. */
  readonly looked: boolean;
}

/** Why open pull requests must not be closed for want of a change, and which may at once. */
export function gatherMonitorNeeds(
  { metrics, known, looked }: SeenMetrics,
  locations: readonly MonitorLocation[],
): MonitorNeeds {
  const keys = known.flatMap(({ ref, containers }) => containers.map(({ name }) => workloadContainerKey(ref, name)));
  const doubts = new Map<string, Uncertainty>(looked ? [] : keys.map((key) => [key, 'not judged']));
  const settled = new Set<string>();
  for (const { state, workload, container } of metrics) {
    const key = workloadContainerKey(workload, container);
    if (state === 'young' || state === 'unknown') doubts.set(key, 'not judged');
    if (state === 'broken') doubts.set(key, 'not located');
  }
  for (const location of locations) {
    if (location.state === 'located') continue;
    const isOver = location.isThere === true || location.reason === 'hands off' || location.reason === 'no manifest';
    for (const { workload, container } of isOver ? location.mends : []) {
      const key = workloadContainerKey(workload, container);
      doubts.delete(key);
      settled.add(key);
    }
  }
  return { doubts, settled, known: new Set(keys) };
}

/** How the needs of an open pull request have gone on. `now` are the keys that are still proposed, `at` is unix seconds. */
export function followFixes(
  marker: Marker,
  now: ReadonlySet<string>,
  { doubts, settled, known }: MonitorNeeds,
  at: number,
): NeedsSince {
  const gone: [string, number][] = [];
  const over = new Set<string>();
  const unclear = new Map<string, Uncertainty>();
  for (const key of keysIn(marker)) {
    if (now.has(key)) continue;
    const doubt = doubts.get(key);
    if (settled.has(key) || !known.has(key)) over.add(key);
    else if (doubt !== undefined) unclear.set(key, doubt);
    const since = marker.gone?.[key] ?? (doubt === undefined ? at : undefined);
    if (over.has(key) || since === undefined) continue;
    gone.push([key, since]);
    if (doubt === undefined && isOverAt(overAfter(since), at)) over.add(key);
  }
  return { gone: Object.fromEntries(gone), over, doubts: unclear };
}
