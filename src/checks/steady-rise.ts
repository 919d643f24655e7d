import type { ContainerObservation, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { measureRise, type Rise } from './rise.ts';
import { presentRun } from './runs.ts';
import { kendallTau, valuesOf } from './statistics.ts';
import { rising, soften, type TrendVerdict } from './trend-verdict.ts';

const VALUES_FOR_RED = 48;
/** Growth in percent below which memory is said to fall. */
const FALLING = -10;

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

function judgeQuarters(rise: Rise, thresholds: Thresholds): TrendVerdict {
  if (rise.growth > thresholds.growthRed) return { ...rise, level: 'red', pattern: 'leak' };
  if (rise.growth > thresholds.growthYellow) return rising(rise, { kind: 'below the red line' });
  return flat(rise);
}

function flat(rise: Rise): TrendVerdict {
  return { ...rise, level: 'green', pattern: rise.growth < FALLING ? 'falling' : 'flat' };
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
  const before = presentRun(container).slow.filter(({ t }) => t <= container.at - container.windows.window);
  return before.some(({ v }) => v >= last) ? rising(rise, { kind: 'as high before' }) : undefined;
}
