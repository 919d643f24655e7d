import type { ContainerObservation, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { killFloorOf } from './kill-floor.ts';
import { pressureFelt } from './pressure.ts';

/** Days of flat peaks that show that memory is tight by design. */
export const FLAT_DAYS_NEEDED = 7;
/** The lowest of the peaks in the highest. */
const FLAT_SHARE = 0.95;
/** The highest of them in the limit. */
export const HIGHEST_FLAT_SHARE = 0.98;

/**
 * For how many of the last days that were measured the daily peaks have lain within 5 % of each other and at most at 98 % of
 * the limit, as those of databases and JVMs do by design. `undefined` for fewer than seven, where it was OOM-killed within
 * the sizing window or waits for memory, where nothing beyond the window was asked for, and where the option
 * `flat-near-limit` is `red`.
 */
export function countFlatDays(container: ContainerObservation, { flatNearLimit }: Thresholds): number | undefined {
  const { at, limit, measured, history } = container;
  if (flatNearLimit === 'red' || history === undefined || limit.state !== 'set') return undefined;
  const most = limit.bytes * HIGHEST_FLAT_SHARE;
  if (Math.max(measured?.peak ?? 0, measured?.now?.workingSet ?? 0) > most) return undefined;
  if (killFloorOf(container).kind !== 'none' || pressureFelt(container) !== undefined) return undefined;
  if ((history.dailyPeaks.at(-1)?.t ?? 0) < at) return undefined;
  const days = countFlatPeaks(history.dailyPeaks, most);
  return days >= FLAT_DAYS_NEEDED ? days : undefined;
}

/** How many of the last daily peaks, oldest first, lie within 5 % of each other and at most at `most` bytes. */
export function countFlatPeaks(dailyPeaks: readonly Sample[], most = Number.POSITIVE_INFINITY): number {
  let [lowest, highest, days] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const { v } of dailyPeaks.toReversed()) {
    lowest = Math.min(lowest, v);
    highest = Math.max(highest, v);
    if (highest > most || lowest < highest * FLAT_SHARE) break;
    days += 1;
  }
  return days;
}
