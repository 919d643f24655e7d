import type { ContainerObservation, Run, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { bytesOf } from '../model/workload.ts';
import { growthPercent, kendallTau, mean, median, valuesOf } from './statistics.ts';
import { SMALLEST_LEAK, type TrendVerdict } from './trend-verdict.ts';

const HOUR = 3600;
const FEWEST_AVERAGES = 5;
const FEWEST_RUNS = 3;
const ROLLOUT_SLOTS = 2;
/** Of the runs, one may be unlike the others; of many, this share. */
const UNLIKE_SHARE = 0.1;
/** A run that is like the others grows by at least this share. */
const LIKE_THE_OTHERS = 1.05;
const STEADY = 0.7;
/** The typical run ends within this share of its top, and its second half has at least so much of the growth. */
const AT_THE_TOP = 0.95;
const LATER_SHARE = 0.3;
/** A run that lasts half as long again, as over a weekend, must not reach the limit. */
const LONGER_RUN = 1.5;

/**
 * Judges what is restarted or redeployed so often that it never runs for a whole window: where nearly all runs of the slow
 * window grow, and the typical one (the median of all, at the same age) grows steadily to its end, only the restarts hide
 * a leak. `undefined` where there are too few runs, or they do not grow.
 */
export function judgeRunToRun(container: ContainerObservation, thresholds: Thresholds): TrendVerdict | undefined {
  const runs = comparableRuns(container);
  if (countInTurn(runs) < FEWEST_RUNS) return undefined;
  const growing = runs.filter(({ samples }) => endOf(samples) > beginningOf(samples) * LIKE_THE_OTHERS);
  const unlike = Math.max(1, Math.floor(runs.length * UNLIKE_SHARE));
  if (growing.length < FEWEST_RUNS || runs.length - growing.length > unlike) return undefined;
  const present = runs.find(({ pod, end }) => pod === container.pod && end === 'goes on');
  // What was cured since still has the runs before.
  if (present !== undefined && !growing.includes(present)) return undefined;
  const typical = typicalRun(runs);
  const pace = paceOfRun(typical, thresholds.growthYellow);
  if (pace === undefined) return undefined;
  const hoursOfRun = median(runs.map(({ samples, slot }) => (samples.length * slot) / HOUR));
  const limit = bytesOf(container.limit);
  const room = limit === undefined ? undefined : Math.max(0, limit - beginningOf(typical));
  const hoursToLimit = room === undefined ? undefined : room / pace.bytesPerHour;
  return {
    level: hoursToLimit !== undefined && hoursToLimit <= hoursOfRun * LONGER_RUN ? 'red' : 'yellow',
    pattern: 'grows in every run',
    ...pace,
    grew: growing.length,
    runs: runs.length,
    hoursOfRun,
    ...(hoursToLimit === undefined ? {} : { hoursToLimit }),
  };
}

/** The runs that are long enough: of this pod, where it has enough of them; else of all pods that the workload had. */
function comparableRuns({ runs = [], pod }: ContainerObservation): readonly Run[] {
  const slot = runs.at(-1)?.slot;
  const long = runs.filter((run) => run.slot === slot && run.samples.length >= FEWEST_AVERAGES);
  const own = long.filter((run) => run.pod === pod);
  return own.length >= FEWEST_RUNS ? own : long;
}

/** How many runs came one after the other: replicas that run side by side since one rollout show one run. */
function countInTurn(runs: readonly Run[]): number {
  let count = 0;
  let free = Number.NEGATIVE_INFINITY;
  for (const run of [...runs].sort((a, b) => lastOf(a) - lastOf(b))) {
    const [first] = run.samples;
    if (first === undefined || first.t - run.slot < free) continue;
    count += 1;
    // A rollout lets two pods run at the same time, and their averages begin and end within a slot.
    free = lastOf(run) - ROLLOUT_SLOTS * run.slot;
  }
  return count;
}

function lastOf({ samples }: Run): number {
  return samples.at(-1)?.t ?? 0;
}

/** Two averages, so that one alone decides nothing. */
function beginningOf(samples: readonly Sample[]): number {
  return mean(valuesOf(samples.slice(0, 2)));
}

function endOf(samples: readonly Sample[]): number {
  return mean(valuesOf(samples.slice(-2)));
}

/** The median of the runs at each age that half of them reached, each taken from where it began; `t` counts from the start. */
function typicalRun(runs: readonly Run[]): Sample[] {
  const slot = runs[0]?.slot ?? HOUR;
  const beginning = median(runs.map(({ samples }) => beginningOf(samples)));
  const reached = Math.max(FEWEST_RUNS, runs.length / 2);
  const typical: Sample[] = [];
  for (let age = 0; ; age++) {
    const grown = runs.flatMap(({ samples }) => {
      const sample = samples[age];
      return sample === undefined ? [] : [sample.v - beginningOf(samples)];
    });
    if (grown.length < reached) return typical;
    typical.push({ t: age * slot, v: beginning + median(grown) });
  }
}

function paceOfRun(typical: readonly Sample[], growthYellow: number) {
  if (typical.length < FEWEST_AVERAGES) return undefined;
  const values = valuesOf(typical);
  const first = beginningOf(typical);
  const last = endOf(typical);
  const half = Math.floor(values.length / 2);
  const middle = mean(values.slice(half - 1, half + 1));
  const grown = last - first;
  const growth = growthPercent(first, last);
  const tau = kendallTau(values);
  const steady = tau > STEADY && last >= Math.max(...values) * AT_THE_TOP && last - middle >= grown * LATER_SHARE;
  if (!steady || grown < SMALLEST_LEAK || growth <= growthYellow) return undefined;
  const hours = ((typical.at(-1)?.t ?? 0) - (typical[0]?.t ?? 0)) / HOUR;
  // The ends are means of two averages each.
  return { growth, tau, bytesPerHour: grown / (hours * ((values.length - 2) / (values.length - 1))) };
}
