import type { UsageFacts } from '../model/finding.ts';
import type { ContainerEvidence } from '../model/gate.ts';
import type { ContainerView } from './container-view.ts';
import type { ReportJsonUse } from './report-json.ts';

/** Less page cache, and a smaller difference between the average and what is used, say nothing. */
const LITTLE = 0.05;
/** Fewer flat days show nothing. */
const FLAT_DAYS = 7;

/**
 * What a container uses over all its pods, as far as the numbers that a report shows, which are those of one pod (`shown`),
 * do not tell it already. `undefined` where they do.
 */
export function describeUse(
  { container: { use }, findings }: ContainerView,
  shown: Pick<UsageFacts, 'used' | 'peak'> = {},
): ReportJsonUse | undefined {
  const isGreen = (findings.usage?.level ?? 'green') === 'green';
  const told: ReportJsonUse = {
    ...describePeak(use, Math.max(shown.used ?? 0, shown.peak ?? 0)),
    ...((use.cacheShare ?? 0) >= LITTLE && { cacheShare: Math.round((use.cacheShare ?? 0) * 100) / 100 }),
    ...(isOther(use.requestBase, shown.used) && { average: measured(use.requestBase) }),
    ...(use.killed.kind !== 'no' && { killedAt: use.killed.kind === 'at' ? use.killed.limit : 'unknown' }),
    ...(!isGreen && (use.flatDays ?? 0) >= FLAT_DAYS && { flatDays: use.flatDays }),
    ...(use.waits && { waits: true }),
    ...(use.heap && {
      heap: {
        live: measured(use.heap.live),
        maximum: measured(use.heap.maximum),
        nonHeap: measured(use.heap.nonHeap),
      },
    }),
  };
  return Object.keys(told).length === 0 ? undefined : told;
}

function describePeak({ peak, days }: ContainerEvidence, shown: number): Pick<ReportJsonUse, 'peak' | 'days'> {
  if (peak === undefined || (measured(peak) ?? 0) <= (measured(shown) ?? 0)) return {};
  return { peak: measured(peak), ...(days > 1 && { days }) };
}

function isOther(average: number | undefined, used: number | undefined): boolean {
  return average !== undefined && (used === undefined || Math.abs(average - used) > used * LITTLE);
}

/** Four digits of what was measured: as exact as the report's Mi, and the diff of a day stays small. */
export function measured(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(Number(value.toPrecision(4)));
}
