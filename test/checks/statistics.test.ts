import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthPercent, kendallTau, median, quantile, quarters, spacing } from '../../src/checks/statistics.ts';
import { series } from './fixtures.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 2, maxLength: 60 });

describe('Kendall tau', () => {
  test('is 1 for a rise, -1 for a fall, 0 for a flat line', () => {
    expect(kendallTau([1, 2, 3, 4])).toBe(1);
    expect(kendallTau([4, 3, 2, 1])).toBe(-1);
    expect(kendallTau([2, 2, 2, 2])).toBe(0);
  });

  test('counts ties as pairs that say nothing', () => {
    expect(kendallTau([1, 1, 2])).toBeCloseTo(2 / 3);
  });

  test('looks only at the pairs that count', () => {
    const sameHalf = (i: number, j: number) => (j - i) % 2 === 0;
    expect(kendallTau([1, 9, 2, 10, 3, 11])).toBeLessThan(1);
    expect(kendallTau([1, 9, 2, 10, 3, 11], sameHalf)).toBe(1);
  });

  test('does not change with the scale and turns with the order', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 100 }), (values, factor) => {
        const tau = kendallTau(values);
        expect(kendallTau(values.map((value) => value * factor))).toBe(tau);
        expect(kendallTau([...values].reverse())).toBeCloseTo(-tau);
      }),
    );
  });
});

test('quantiles lie between the smallest and the largest value', () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const value = quantile(values, share);
      expect(value).toBeGreaterThanOrEqual(Math.min(...values));
      expect(value).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('quarters hold every sample once, in order, and differ by one sample at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 200 }), (count) => {
      const samples = series(count, 60, () => 1);
      const parts = quarters(samples);
      expect(parts.flat()).toEqual(samples);
      const lengths = parts.map((part) => part.length);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    }),
  );
});

test('the spacing of a series is not fooled by a gap', () => {
  const samples = series(20, 1800, () => 1).filter((_, index) => index < 5 || index > 9);
  expect(spacing(samples, 7)).toBe(1800);
  expect(spacing([], 7)).toBe(7);
});

test('growth from nothing is a number', () => {
  expect(Number.isFinite(growthPercent(0, 1000))).toBe(true);
  expect(growthPercent(100, 127)).toBeCloseTo(27);
});
