import type { ContainerObservation, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { cacheGrowthSince } from './cache.ts';
import { type PresentRun, presentRun } from './runs.ts';
import { growthPercent, kendallTau, theilSen, valuesOf } from './statistics.ts';
import { slotLength } from './stretches.ts';
import { paceOf, SMALLEST_LEAK, type TrendVerdict } from './trend-verdict.ts';

const HOUR = 3600;
/** Hours of a tail, and how steady its rise must be: the shorter, the steadier. */
const TAILS = [
  { hours: 2, tau: 0.9 },
  { hours: 4, tau: 0.8 },
  { hours: 8, tau: 0.7 },
  { hours: 16, tau: 0.6 },
  { hours: 24, tau: 0.5 },
] as const;
/** What starts up fills its memory in the first hour. */
const WARM_UP = HOUR;
const FEWEST_AVERAGES = 5;
/** Share of a tail's slots that must be filled. */
const FILLED = 0.8;
const SMALLEST_SHARE = 0.1;
const LONGEST_AHEAD = 24;

/**
 * Judges how the present run ends: red where the last hours rise so steadily that they reach the limit within a day and
 * within twice their own length, however little the whole window grew. The earliest such end; `undefined` where there is
 * none, or no limit.
 */
export function judgeSoon(container: ContainerObservation, thresholds: Thresholds): TrendVerdict | undefined {
  const { at, limit, measured, windows } = container;
  const used = measured?.now?.workingSet;
  if (limit.state !== 'set' || measured === undefined || used === undefined) return undefined;
  const run = presentRun(container);
  const slot = slotLength(container);
  const warm = run.averages.filter(({ t }) => t - slot >= run.startedAt + WARM_UP);
  let earliest: { readonly verdict: TrendVerdict; readonly ahead: number } | undefined;
  for (const tail of TAILS) {
    if (tail.hours * HOUR > windows.window + slot) break;
    const samples = warm.filter(({ t }) => t > at - tail.hours * HOUR);
    const slots = Math.floor((tail.hours * HOUR) / slot);
    if (samples.length < Math.max(FEWEST_AVERAGES, slots * FILLED)) continue;
    const rise = riseOf(samples, tail.tau, limit.bytes);
    if (rise === undefined || !passesAllBefore(samples, run)) continue;
    const ahead = Math.max(0, limit.bytes - used) / rise.bytesPerHour;
    if (ahead > LONGEST_AHEAD || ahead > 2 * tail.hours) continue;
    if (earliest !== undefined && earliest.ahead <= ahead) continue;
    const verdict: TrendVerdict = { level: 'red', pattern: 'soon', hours: tail.hours, ...rise };
    earliest = { verdict: isCache(container, samples, thresholds) ? asCache(verdict) : verdict, ahead };
  }
  return earliest?.verdict;
}

function riseOf(samples: readonly Sample[], steady: number, limit: number) {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return undefined;
  // What is cheap to tell comes first: most containers do not grow.
  if (last.v - first.v < Math.max(SMALLEST_LEAK, limit * SMALLEST_SHARE)) return undefined;
  const tau = kendallTau(valuesOf(samples));
  if (tau <= steady) return undefined;
  const slope = Math.min(theilSen(samples), theilSen(samples.slice(Math.floor(samples.length / 2))));
  if (!(slope > 0)) return undefined;
  return { growth: growthPercent(first.v, last.v), bytesPerHour: slope * HOUR, tau };
}

function passesAllBefore(samples: readonly Sample[], run: PresentRun): boolean {
  const begin = samples[0]?.t ?? 0;
  const last = samples.at(-1)?.v ?? 0;
  return [...run.averages, ...run.slow].every(({ t, v }) => t >= begin || v < last);
}

/** Whether page cache explains most of the tail's growth. */
function isCache(container: ContainerObservation, samples: readonly Sample[], { growthRed }: Thresholds): boolean {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || container.measured === undefined) return false;
  const grown = last.v - first.v;
  const cache = cacheGrowthSince(container.measured, first.t);
  return cache !== undefined && cache > grown / 2 && growthPercent(first.v, last.v - cache) <= growthRed;
}

function asCache(verdict: TrendVerdict): TrendVerdict {
  return { ...paceOf(verdict), level: 'yellow', pattern: 'page cache' };
}
