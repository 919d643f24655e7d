import type { Sample } from '../model/measurement.ts';
import { growthPercent, mean, quantile, quarters, valuesOf } from './statistics.ts';

/** How averages went from their first quarter to their last. */
export interface Rise {
  readonly means: readonly [number, number, number, number];
  readonly growth: number;
  readonly growthBytes: number;
  readonly bytesPerHour: number;
  /** 10th percentiles of the first and last quarter. */
  readonly lows: readonly [number, number];
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
