import type { ContainerMeasurement, Sample } from '../model/measurement.ts';

interface Parts {
  readonly workingSet?: number;
  readonly activeFile?: number;
  readonly rss?: number;
  readonly mappedFile?: number;
}

/**
 * The bytes of a working set that are page cache, which the kernel takes back before it kills: what active file memory
 * explains, or else what lies beyond RSS and mapped files. `undefined` when neither is known. Shared memory and tmpfs are
 * counted as anonymous by the kernel's lists and so are not in the first; the second cannot tell them apart.
 */
function pageCache(parts: Parts): number | undefined {
  const { workingSet, activeFile, rss, mappedFile } = parts;
  if (workingSet === undefined) return undefined;
  if (activeFile !== undefined) return Math.min(activeFile, workingSet);
  if (rss === undefined) return undefined;
  return Math.max(0, workingSet - rss - (mappedFile ?? 0));
}

/** Page cache of the running container now, in bytes. */
export function pageCacheNow(measured: ContainerMeasurement | undefined): number | undefined {
  return measured?.now === undefined ? undefined : pageCache(measured.now);
}

/** A stretch of the window with the mean working set and the page cache in it, in bytes. */
export interface CacheQuarter {
  readonly from: number;
  readonly to: number;
  readonly workingSet: number;
  readonly cache?: number;
}

/** Page cache over the window, at the times for which RSS or active file memory was averaged. */
export function cacheByQuarter(measured: ContainerMeasurement): CacheQuarter[] {
  const guide = measured.activeFile.length > 0 ? measured.activeFile : measured.rss;
  return guide.flatMap((sample, index) => {
    const to = sample.t;
    const next = guide[index + 1]?.t;
    const from = guide[index - 1]?.t ?? (next === undefined ? Number.NEGATIVE_INFINITY : to - (next - to));
    const inside = measured.averages.filter(({ t }) => t > from && t <= to);
    if (inside.length === 0) return [];
    const workingSet = inside.reduce((sum, { v }) => sum + v, 0) / inside.length;
    const cache = pageCache({
      workingSet,
      activeFile: at(measured.activeFile, to),
      rss: at(measured.rss, to),
      mappedFile: at(measured.mappedFile, to),
    });
    return [{ from, to, workingSet, cache }];
  });
}

/** How much page cache grew from the first to the last quarter that is known, in bytes; `undefined` when it is not known. */
export function cacheGrowth(measured: ContainerMeasurement): number | undefined {
  const known = cacheByQuarter(measured).filter(({ cache }) => cache !== undefined);
  const first = known[0]?.cache;
  const last = known.at(-1)?.cache;
  return known.length < 2 || first === undefined || last === undefined ? undefined : last - first;
}

/** How much page cache grew since a time, from the last quarter before it (else the first) to now, in bytes; `undefined` when it is not known. */
export function cacheGrowthSince(measured: ContainerMeasurement, time: number): number | undefined {
  const known = cacheByQuarter(measured).filter(({ cache }) => cache !== undefined);
  const before = known.findLast(({ to }) => to <= time) ?? known[0];
  const now = pageCacheNow(measured);
  return now === undefined || before?.cache === undefined ? undefined : now - before.cache;
}

function at(samples: readonly Sample[], t: number): number | undefined {
  return samples.find((sample) => sample.t === t)?.v;
}
