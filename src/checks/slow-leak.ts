import type { ContainerObservation, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { growthPercent, kendallTau, mean, valuesOf } from './statistics.ts';
import { soften, type TrendVerdict } from './steady-rise.ts';

const DAY = 86_400;
const DAYS_NEEDED = 4;
/** Averages that a day must hold to stand for itself: half of the eight of three hours. */
const AVERAGES_PER_DAY = 4;

/**
 * Judges the slow window (7 days of three-hour averages) for a container that has run for at least 4 of its days: a leak
 * of a few percent a day, which one day does not show. `undefined` when the run is too short.
 */
export function judgeSlowWindow(container: ContainerObservation, thresholds: Thresholds): TrendVerdict | undefined {
  const { at, startedAt, windows, measured } = container;
  if (measured === undefined || startedAt === undefined) return undefined;
  const begin = Math.max(startedAt, at - windows.slowWindow);
  const samples = measured.slowAverages.filter(({ t }) => t > begin && t <= at);
  const days = wholeDays(samples, at, begin);
  if (days.length < DAYS_NEEDED) return undefined;
  const means = days.map((day) => mean(valuesOf(day)));
  const first = mean(means.slice(0, 2));
  const last = mean(means.slice(-2));
  const growth = growthPercent(first, last);
  const tau = kendallTau(valuesOf(samples), (i, j) => sameHour(samples[i], samples[j]));
  const bytesPerHour = (last - first) / ((days.length - 2) * 24);
  const base = { growth, tau, bytesPerHour };
  if (growth <= thresholds.growthYellow || tau <= 0.3) {
    return { ...base, level: 'green', pattern: 'flat', meaning: `does not rise over ${days.length} days` };
  }
  const rising: TrendVerdict = {
    ...base,
    level: 'yellow',
    pattern: 'rising',
    meaning: `rises over ${days.length} days`,
  };
  const lastDay = means.at(-1) ?? 0;
  const passed = means.slice(0, 3).every((day) => lastDay > day * 1.1);
  if (growth <= thresholds.growthRed || tau <= 0.5 || !passed)
    return soften(rising, last - first, container, thresholds);
  const leak: TrendVerdict = {
    ...rising,
    level: 'red',
    pattern: 'slow leak',
    meaning: `possible slow leak: it rises day by day`,
  };
  return soften(leak, last - first, container, thresholds);
}

/** Days of 24 hours counted back from `at`, oldest first, that the run covers wholly and that hold enough averages. */
function wholeDays(samples: readonly Sample[], at: number, begin: number): Sample[][] {
  const days: Sample[][] = [];
  for (let end = at; end - DAY >= begin; end -= DAY) {
    const day = samples.filter(({ t }) => t > end - DAY && t <= end);
    if (day.length >= AVERAGES_PER_DAY) days.unshift(day);
  }
  return days;
}

function sameHour(a: Sample | undefined, b: Sample | undefined): boolean {
  return a !== undefined && b !== undefined && (b.t - a.t) % DAY === 0;
}
