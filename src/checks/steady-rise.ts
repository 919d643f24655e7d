import { type Bytes, MIB } from '../bytes.ts';
import type { ContainerObservation, Doubt, Growth, Thresholds, TrendPattern } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import type { Sample } from '../model/measurement.ts';
import { cacheGrowth } from './cache.ts';
import { growthPercent, kendallTau, mean, quantile, quarters, valuesOf } from './statistics.ts';

/** Below this growth a trend is never worse than yellow. */
export const SMALLEST_LEAK = (32 * MIB) as Bytes;
const VALUES_FOR_RED = 48;
/** Growth in percent below which memory is said to fall. */
const FALLING = -10;

/** What a rule makes of the averages of a stretch. */
export type TrendVerdict = Pace & { readonly level: Level } & (
    | { readonly pattern: Exclude<TrendPattern, 'rising' | 'leak cut by OOMKills' | 'too little data'> }
    | { readonly pattern: 'leak cut by OOMKills'; readonly kills: number }
    | { readonly pattern: 'rising'; readonly doubt: Doubt }
  );

type Pace = Omit<Growth, 'reachesLimitAt'>;

interface Rise {
  readonly means: readonly [number, number, number, number];
  readonly growth: number;
  readonly growthBytes: number;
  readonly bytesPerHour: number;
  /** 10th percentiles of the first and last quarter. */
  readonly lows: readonly [number, number];
}

/** Judges at least 8 averages by quarters: the plain rule, or the steady one, which tells a leak from noise, steps, waves and warm-up. */
export function judgeStretch(
  samples: readonly Sample[],
  container: ContainerObservation,
  thresholds: Thresholds,
  wholeWindow: boolean,
): TrendVerdict {
  const rise = measureRise(samples);
  const verdict =
    thresholds.trendRule === 'quarters'
      ? judgeQuarters(rise, thresholds)
      : judgeSteady(rise, samples, container, thresholds, wholeWindow);
  return soften(verdict, rise.growthBytes, container, thresholds);
}

/** Means and growth of averages. */
export function measureRise(samples: readonly Sample[]): Rise {
  const parts = quarters(samples);
  const means = parts.map((part) => mean(valuesOf(part))) as unknown as Rise['means'];
  const hours = (mean(parts[3].map(({ t }) => t)) - mean(parts[0].map(({ t }) => t))) / 3600;
  const growthBytes = means[3] - means[0];
  return {
    means,
    growth: growthPercent(means[0], means[3]),
    growthBytes,
    bytesPerHour: hours > 0 ? growthBytes / hours : 0,
    lows: [quantile(valuesOf(parts[0]), 0.1), quantile(valuesOf(parts[3]), 0.1)],
  };
}

function judgeQuarters(rise: Rise, thresholds: Thresholds): TrendVerdict {
  if (rise.growth > thresholds.growthRed) return { ...rise, level: 'red', pattern: 'leak' };
  if (rise.growth > thresholds.growthYellow) return rising(rise, { kind: 'below the red line' });
  return flat(rise);
}

function flat(rise: Rise): TrendVerdict {
  return { ...rise, level: 'green', pattern: rise.growth < FALLING ? 'falling' : 'flat' };
}

function rising(pace: Pace, doubt: Doubt): TrendVerdict {
  return { ...pace, level: 'yellow', pattern: 'rising', doubt };
}

function judgeSteady(
  rise: Rise,
  samples: readonly Sample[],
  container: ContainerObservation,
  thresholds: Thresholds,
  wholeWindow: boolean,
): TrendVerdict {
  if (rise.growth <= thresholds.growthYellow) return flat(rise);
  const tau = kendallTau(valuesOf(samples));
  const measured = { ...rise, tau };
  if (tau <= 0.3) return { ...measured, level: 'green', pattern: 'varies' };
  if (rise.growth <= thresholds.growthRed) return rising(measured, { kind: 'slow' });
  return findDoubt(measured, samples, container, wholeWindow) ?? { ...measured, level: 'red', pattern: 'leak' };
}

/** The first reason for which a rise is not called a leak. */
function findDoubt(
  rise: Rise & { readonly tau: number },
  samples: readonly Sample[],
  container: ContainerObservation,
  wholeWindow: boolean,
): TrendVerdict | undefined {
  if (!wholeWindow) return { ...rise, level: 'yellow', pattern: 'warming up' };
  const [first, second, third, last] = rise.means;
  const tenth = rise.growthBytes / 10;
  if (second - first < tenth || third - second < tenth || last - third < tenth) {
    return { ...rise, level: 'yellow', pattern: 'step' };
  }
  if (samples.length < VALUES_FOR_RED) {
    return rising(rise, { kind: 'few averages', kept: samples.length, needed: VALUES_FOR_RED });
  }
  if (rise.tau <= 0.5 || rise.lows[1] <= rise.lows[0]) return rising(rise, { kind: 'up and down' });
  const before = container.measured?.slowAverages.filter(({ t }) => t <= container.at - container.windows.window) ?? [];
  return before.some(({ v }) => v >= last) ? rising(rise, { kind: 'as high before' }) : undefined;
}

/** Takes red back where the growth is small, or is page cache, which RSS does not follow. */
export function soften(
  verdict: TrendVerdict,
  growthBytes: number,
  container: ContainerObservation,
  thresholds: Thresholds,
): TrendVerdict {
  if (verdict.level === 'green') return verdict;
  if (isCacheGrowth(container, thresholds)) return { ...paceOf(verdict), level: 'yellow', pattern: 'page cache' };
  if (verdict.level === 'red' && growthBytes < SMALLEST_LEAK) {
    return rising(paceOf(verdict), { kind: 'small', below: SMALLEST_LEAK });
  }
  return verdict;
}

/** The numbers of a verdict without what was made of them. */
export function paceOf({ growth, days, bytesPerHour, tau }: TrendVerdict): Pace {
  return { growth, days, bytesPerHour, tau };
}

/** Whether page cache explains most of the window's growth, and what is left would not be red. */
function isCacheGrowth(container: ContainerObservation, thresholds: Thresholds): boolean {
  const { measured } = container;
  if (measured === undefined || measured.averages.length < 4) return false;
  const { growthBytes, means } = measureRise(measured.averages);
  const cache = cacheGrowth(measured);
  if (cache === undefined || growthBytes <= 0 || cache <= growthBytes / 2) return false;
  return growthPercent(means[0], means[0] + growthBytes - cache) <= thresholds.growthRed;
}
