import type { Sample } from '../model/measurement.ts';

/** The arithmetic mean; NaN for no values. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The middle value; the mean of the two middle ones for an even number; NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value at `share` (0 to 1) of the sorted values, linear between neighbours; NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Kendall's tau of values against their order: concordant less discordant pairs over all pairs, from -1 to 1. Ties count
 * as pairs that say nothing (tau-a), so a flat series has 0. `counts` leaves out pairs of positions for which it is false.
 */
export function kendallTau(values: readonly number[], counts?: (i: number, j: number) => boolean): number {
  let balance = 0;
  let pairs = 0;
  for (const [j, later] of values.entries()) {
    for (let i = 0; i < j; i++) {
      if (counts !== undefined && !counts(i, j)) continue;
      balance += Math.sign(later - (values[i] ?? later));
      pairs++;
    }
  }
  return pairs === 0 ? 0 : balance / pairs;
}

/** Four consecutive parts of as equal a length as the number of samples allows. */
export function quarters(samples: readonly Sample[]): readonly [Sample[], Sample[], Sample[], Sample[]] {
  const cut = (quarter: number) => Math.round((samples.length * quarter) / 4);
  return [
    samples.slice(0, cut(1)),
    samples.slice(cut(1), cut(2)),
    samples.slice(cut(2), cut(3)),
    samples.slice(cut(3)),
  ];
}

/** The spacing of evenly spaced samples in seconds (the smallest distance, as gaps only widen it); `otherwise` for fewer than two. */
export function spacing(samples: readonly Sample[], otherwise: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < samples.length; i++) {
    const distance = (samples[i]?.t ?? 0) - (samples[i - 1]?.t ?? 0);
    if (distance > 0 && distance < smallest) smallest = distance;
  }
  return Number.isFinite(smallest) ? smallest : otherwise;
}

/** Growth from one value to another in percent of the first. */
export function growthPercent(first: number, last: number): number {
  return ((last - first) / Math.max(first, 1)) * 100;
}

/** The values of samples. */
export function valuesOf(samples: readonly Sample[]): number[] {
  return samples.map((sample) => sample.v);
}

/** The median of the slopes of all pairs of samples, in value a second; NaN for fewer than two. */
export function theilSen(samples: readonly Sample[]): number {
  const slopes: number[] = [];
  for (const [j, later] of samples.entries()) {
    for (let i = 0; i < j; i++) {
      const earlier = samples[i];
      if (earlier !== undefined && later.t > earlier.t) slopes.push((later.v - earlier.v) / (later.t - earlier.t));
    }
  }
  return median(slopes);
}
