import { type Sample, SLOW_STEP } from '../model/measurement.ts';

const DAY = 86_400;

/**
 * Whole days of data before `at` (unix seconds): more than seven by the daily peaks, up to seven by how many three-hour
 * averages there are, whose gaps show.
 */
export function countDays(at: number, dailyPeaks: readonly Sample[], slowAverages: number): number {
  const days = new Set(dailyPeaks.map(({ t }) => Math.floor((at - t) / DAY))).size;
  const slowDays = Math.floor((slowAverages * SLOW_STEP) / DAY);
  if (days > 7 || slowAverages === 0) return days;
  return days === 0 ? slowDays : Math.min(days, Math.max(slowDays, days - 1));
}
