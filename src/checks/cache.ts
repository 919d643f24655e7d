import type { ContainerMeasurement } from '../model/measurement.ts';

/*
 * Page cache is what the kernel takes back before it kills: what active file memory explains. Where that is not known, what
 * lies beyond RSS and mapped files may as well be shared memory or tmpfs, which nothing but a kill takes back.
 */

/** Page cache of the running container now, in bytes; `undefined` where active file memory is not known. */
export function pageCacheNow(measured: ContainerMeasurement | undefined): number | undefined {
  const { workingSet, activeFile } = measured?.now ?? {};
  return workingSet === undefined || activeFile === undefined ? undefined : Math.min(activeFile, workingSet);
}

/** A stretch of the window with the mean working set and the page cache in it, in bytes. */
export interface CacheQuarter {
  readonly from: number;
  readonly to: number;
  readonly workingSet: number;
  readonly cache: number;
}

/** Page cache over the window, at the times for which active file memory was averaged. */
export function cacheByQuarter(measured: ContainerMeasurement): CacheQuarter[] {
  const { activeFile } = measured;
  return activeFile.flatMap(({ t: to, v }, index) => {
    const next = activeFile[index + 1]?.t;
    const from = activeFile[index - 1]?.t ?? (next === undefined ? Number.NEGATIVE_INFINITY : to - (next - to));
    const inside = measured.averages.filter(({ t }) => t > from && t <= to);
    if (inside.length === 0) return [];
    const workingSet = inside.reduce((sum, { v }) => sum + v, 0) / inside.length;
    return [{ from, to, workingSet, cache: Math.min(v, workingSet) }];
  });
}

/** How much page cache grew from the first to the last quarter that is known, in bytes; `undefined` when it is not known. */
export function cacheGrowth(measured: ContainerMeasurement): number | undefined {
  const known = cacheByQuarter(measured);
  const first = known[0]?.cache;
  const last = known.at(-1)?.cache;
  return known.length < 2 || first === undefined || last === undefined ? undefined : last - first;
}

/** How much page cache grew since a time, from the last quarter before it (else the first) to now, in bytes; `undefined` when it is not known. */
export function cacheGrowthSince(measured: ContainerMeasurement, time: number): number | undefined {
  const known = cacheByQuarter(measured);
  const before = known.findLast(({ to }) => to <= time) ?? known[0];
  const now = pageCacheNow(measured);
  return now === undefined || before === undefined ? undefined : now - before.cache;
}
