import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundingStep, roundToStep, SMALLEST, stepDownTo, stepUpTo } from '../../src/suggest/round.ts';
import { mi } from '../checks/fixtures.ts';

test.each([
  [1, 16],
  [23, 16],
  [24, 32],
  [250, 256],
  [300, 320],
  [287, 256],
  [1000, 1024],
  [1614, 1536],
  [2622, 2560],
  [2816, 2816],
])('%iMi is rounded to %iMi', (from, to) => {
  expect(roundToStep(mi(from))).toBe(mi(to));
});

const sizes = fc.integer({ min: 1, max: 64 * 1024 }).map((mebi) => mi(mebi));

test('rounding is off by half a step at most, and stays where it is the second time', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const rounded = roundToStep(size);
      expect(Math.abs(rounded - size)).toBeLessThanOrEqual(Math.max(roundingStep(size) / 2, SMALLEST - size));
      expect(roundToStep(rounded)).toBe(rounded);
      expect(rounded).toBeGreaterThanOrEqual(SMALLEST);
    }),
  );
});

test('stepping up reaches what is asked for, stepping down never passes it', () => {
  fc.assert(
    fc.property(sizes, sizes, (size, bound) => {
      expect(stepUpTo(roundToStep(size), bound)).toBeGreaterThanOrEqual(bound);
      expect(stepDownTo(bound)).toBeLessThanOrEqual(bound);
      expect(stepDownTo(bound)).toBeGreaterThan(0);
    }),
  );
});
