import type { ContainerObservation, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { growthPercent, kendallTau, mean, valuesOf } from './statistics.ts';
import { soften, type TrendVerdict } from './trend-verdict.ts';

const DAY = 86_400;
const DAYS_NEEDED = 4;
/** Averages that a day must hold to stand for itself: half of the eight of three hours. */
const AVERAGES_PER_DAY = 4;
/** The least share of the whole pace that the last two days keep in a leak; halves false reds of processes that settle. */
const STEADY_PACE = 0.4;
/** A limit that is so near makes a less steady rise red. */
const NEAR_DAYS = 14;

/** A whole day: how many days before the evaluation time it ended, and its mean in bytes. */
interface Day {
  readonly age: number;
  readonly mean: number;
}

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
  const means = days.map((day) => day.mean);
  const first = mean(means.slice(0, 2));
  const last = mean(means.slice(-2));
  const growth = growthPercent(first, last);
  const hours = (meanAge(days.slice(0, 2)) - meanAge(days.slice(-2))) * 24;
  const bytesPerHour = (last - first) / hours;
  const base = { growth, days: days.length, bytesPerHour };
  if (growth <= thresholds.growthYellow) return { ...base, level: 'green', pattern: 'flat' };
  const tau = kendallTau(valuesOf(samples), (i, j) => sameHour(samples[i], samples[j]));
  const slope = { ...base, tau };
  if (tau <= 0.3) return { ...slope, level: 'green', pattern: 'flat' };
  const rising: TrendVerdict = { ...slope, level: 'yellow', pattern: 'rising', doubt: { kind: 'over days' } };
  const steady = tau > 0.6 || (tau > 0.5 && daysToLimit(container, bytesPerHour) <= NEAR_DAYS);
  const isLeak = growth > thresholds.growthRed && steady && passesFirstDays(means) && goesOn(days);
  const leak: TrendVerdict = { ...slope, level: 'red', pattern: 'slow leak' };
  return soften(isLeak ? leak : rising, last - first, container, thresholds);
}

/** How far ahead the limit is at this pace; infinite without one. */
function daysToLimit({ limit, measured }: ContainerObservation, bytesPerHour: number): number {
  const used = measured?.now?.workingSet ?? measured?.averages.at(-1)?.v;
  if (limit.state !== 'set' || used === undefined) return Number.POSITIVE_INFINITY;
  return (limit.bytes - used) / bytesPerHour / 24;
}

function meanAge(days: readonly Day[]): number {
  return mean(days.map(({ age }) => age));
}

/** Whether the last day is 10 % above each of the first three. */
function passesFirstDays(means: readonly number[]): boolean {
  const last = means.at(-1) ?? 0;
  return means.slice(0, 3).every((day) => last > day * 1.1);
}

/**
 * Whether the pace of the last two days is still a good part of that of the whole time. A leak goes on; memory that fills up
 * after a start, as caches and fragmented heaps do for days, slows down towards its level.
 */
function goesOn(days: readonly Day[]): boolean {
  const [first] = days;
  const last = days.at(-1);
  const before = days.findLast(({ age }) => last !== undefined && age >= last.age + 2);
  if (first === undefined || last === undefined || before === undefined) return false;
  return pace(before, last) >= pace(first, last) * STEADY_PACE;
}

/** Bytes a day from one day to a later one. */
function pace(from: Day, to: Day): number {
  return (to.mean - from.mean) / (from.age - to.age);
}

/** Days of 24 hours counted back from `at`, oldest first, that the run covers wholly and that hold enough averages. */
function wholeDays(samples: readonly Sample[], at: number, begin: number): Day[] {
  const days: Day[] = [];
  for (let age = 0; at - (age + 1) * DAY >= begin; age++) {
    const end = at - age * DAY;
    const day = samples.filter(({ t }) => t > end - DAY && t <= end);
    if (day.length >= AVERAGES_PER_DAY) days.unshift({ age, mean: mean(valuesOf(day)) });
  }
  return days;
}

function sameHour(a: Sample | undefined, b: Sample | undefined): boolean {
  return a !== undefined && b !== undefined && Math.round((b.t - a.t) / 3600) % 24 === 0;
}
