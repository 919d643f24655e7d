import { MIB } from '../bytes.ts';
import type { ContainerObservation, Thresholds, TrendFacts } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import type { Sample } from '../model/measurement.ts';
import { cacheGrowth } from './cache.ts';
import { growthPercent, kendallTau, mean, quantile, quarters, spacing, valuesOf } from './statistics.ts';

/** Below this growth a trend is never worse than yellow. */
export const SMALLEST_LEAK = 32 * MIB;
const VALUES_FOR_RED = 48;

/** What a rule makes of the averages of a stretch. `growth` in percent, `meaning` a plain-text clause. */
export interface TrendVerdict {
  readonly level: Level;
  readonly pattern: TrendFacts['pattern'];
  readonly growth: number;
  /** Seconds over which it grew. */
  readonly span: number;
  readonly bytesPerHour: number;
  /** Only where the growth asks for it: it is the costly part. */
  readonly tau?: number;
  readonly meaning: string;
}

interface Rise {
  readonly means: readonly [number, number, number, number];
  readonly growth: number;
  readonly growthBytes: number;
  readonly span: number;
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
    span: (samples.at(-1)?.t ?? 0) - (samples[0]?.t ?? 0) + spacing(samples, 0),
    bytesPerHour: hours > 0 ? growthBytes / hours : 0,
    lows: [quantile(valuesOf(parts[0]), 0.1), quantile(valuesOf(parts[3]), 0.1)],
  };
}

function judgeQuarters(rise: Rise, thresholds: Thresholds): TrendVerdict {
  if (rise.growth > thresholds.growthRed) return { ...rise, level: 'red', pattern: 'leak', meaning: 'possible leak' };
  if (rise.growth > thresholds.growthYellow) return { ...rise, level: 'yellow', pattern: 'rising', meaning: 'rises' };
  return flat(rise);
}

function flat(rise: Rise): TrendVerdict {
  const meaning = rise.growth < -10 ? 'falls' : 'does not rise';
  return { ...rise, level: 'green', pattern: 'flat', meaning };
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
  if (tau <= 0.3) {
    return { ...measured, level: 'green', pattern: 'varies', meaning: 'varies without a direction' };
  }
  if (rise.growth <= thresholds.growthRed) {
    return { ...measured, level: 'yellow', pattern: 'rising', meaning: 'rises, more slowly than a leak in sight' };
  }
  const doubt = findDoubt(measured, samples, container, wholeWindow);
  if (doubt !== undefined) return { ...measured, level: 'yellow', ...doubt };
  return { ...measured, level: 'red', pattern: 'leak', meaning: 'possible leak: it rises steadily' };
}

/** The first reason for which a rise is not called a leak. */
function findDoubt(
  rise: Rise & { readonly tau: number },
  samples: readonly Sample[],
  container: ContainerObservation,
  wholeWindow: boolean,
): Pick<TrendVerdict, 'pattern' | 'meaning'> | undefined {
  if (!wholeWindow) {
    return {
      pattern: 'warming up',
      meaning: 'rises, but has not run for the whole window: it may still be warming up',
    };
  }
  const [first, second, third, last] = rise.means;
  const tenth = rise.growthBytes / 10;
  if (second - first < tenth || third - second < tenth || last - third < tenth) {
    return { pattern: 'step', meaning: 'went up in a step rather than steadily' };
  }
  if (samples.length < VALUES_FOR_RED) {
    return { pattern: 'rising', meaning: `rises, but only ${samples.length} of ${VALUES_FOR_RED} averages were kept` };
  }
  if (rise.tau <= 0.5 || rise.lows[1] <= rise.lows[0]) {
    return { pattern: 'rising', meaning: 'rises, but with as much up and down as a leak does not have' };
  }
  const before = container.measured?.slowAverages.filter(({ t }) => t <= container.at - container.windows.window) ?? [];
  if (before.some(({ v }) => v >= last)) {
    return { pattern: 'rising', meaning: 'rises, but was as high in the days before: a wave rather than a leak' };
  }
  return undefined;
}

/** Takes red back where the growth is small, or is page cache, which RSS does not follow. */
export function soften(
  verdict: TrendVerdict,
  growthBytes: number,
  container: ContainerObservation,
  thresholds: Thresholds,
): TrendVerdict {
  if (verdict.level === 'green') return verdict;
  if (isCacheGrowth(container, thresholds)) {
    const meaning = 'what grows is page cache, which the kernel takes back: not a leak';
    return { ...verdict, level: 'yellow', pattern: 'page cache', meaning };
  }
  if (verdict.level === 'red' && growthBytes < SMALLEST_LEAK) {
    return { ...verdict, level: 'yellow', pattern: 'rising', meaning: 'rises steadily, by less than 32Mi' };
  }
  return verdict;
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
