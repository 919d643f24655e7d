import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTrend } from '../../src/checks/trend.ts';
import { AT, DAY, HOUR, measureOf, mi, observe, set, THRESHOLDS, trendFacts } from './fixtures.ts';

const trendOf = (at: (hours: number) => number, limit = 2000, startedAgo = 30 * DAY) => {
  const measured = measureOf(at, { now: { workingSet: mi(at(0)), startedAt: AT - startedAgo }, starts: [] });
  const averages = measured.averages.filter(({ t }) => t - HOUR / 2 >= AT - startedAgo);
  const slowAverages = measured.slowAverages.filter(({ t }) => t - 3 * HOUR >= AT - startedAgo);
  return checkTrend(observe({ ...measured, averages, slowAverages }, { limit: set(limit) }), THRESHOLDS);
};
/** Level until some hours ago, then so many Mi an hour more. */
const since =
  (ago: number, pace: number, level = 800) =>
  (hours: number) =>
    level + Math.max(0, hours + ago) * pace;

describe('a leak that began some hours ago', () => {
  test('is red, with the time at which its own pace reaches the limit', () => {
    const finding = trendOf(since(3, 200));
    expect(finding).toMatchObject({ level: 'red', facts: { pattern: 'soon' } });
    const { reachesLimitAt = 0 } = trendFacts(finding);
    // 600Mi are left, at 200Mi an hour.
    expect((reachesLimitAt - AT) / HOUR).toBeCloseTo(3, 1);
  });

  test('is told with its own pace where the whole window looks slower', () => {
    const finding = trendOf((hours) => 600 + (hours + 24) * 15 + Math.max(0, hours + 5) * 130, 1900);
    const { reachesLimitAt = 0 } = trendFacts(finding);
    expect(finding).toMatchObject({ level: 'red', facts: { pattern: 'soon' } });
    expect((reachesLimitAt - AT) / HOUR).toBeLessThan(3);
  });

  test('counts in a run that is younger than the window', () => {
    expect(trendOf(since(3, 200), 2000, 6 * HOUR)).toMatchObject({ level: 'red', facts: { pattern: 'soon' } });
  });

  test('is not red where the limit is further than a day, or than twice what was seen, ahead', () => {
    expect(trendOf(since(3, 200), 4000)?.level).not.toBe('red');
    expect(trendFacts(trendOf(since(20, 20), 2000)).pattern).not.toBe('soon');
  });

  test('is not told from the first hour of a run', () => {
    expect(trendFacts(trendOf(since(2, 400), 2000, 2 * HOUR)).pattern).not.toBe('soon');
  });

  test('is not told where this run was as high before', () => {
    const wave = (hours: number) => 1000 + 500 * Math.sin(((hours - 3) / 12) * 2 * Math.PI);
    expect(trendFacts(trendOf(wave, 1700)).pattern).not.toBe('soon');
  });

  test('is not told of page cache, which is given back', () => {
    const at = since(3, 200);
    const measured = measureOf(at, {
      now: { workingSet: mi(at(0)), rss: mi(700), activeFile: mi(650), startedAt: AT - 30 * DAY },
      starts: [],
    });
    const finding = checkTrend(observe(measured, { limit: set(2000) }), THRESHOLDS);
    expect(finding).toMatchObject({ level: 'yellow', facts: { pattern: 'page cache' } });
  });

  test('is left to the plain rule where that was asked for', () => {
    const measured = measureOf(since(3, 200), { starts: [] });
    const plain = { ...THRESHOLDS, trendRule: 'quarters' as const };
    expect(trendFacts(checkTrend(observe(measured, { limit: set(2000) }), plain)).pattern).not.toBe('soon');
  });
});

test('memory that does not pass what this run has seen is never about to reach its limit', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 100, max: 900 }), { minLength: 48, maxLength: 48 }), (values) => {
      const at = (hours: number) => (hours <= -20 ? 950 : (values[Math.round(-hours * 2)] ?? 100));
      expect(trendFacts(trendOf(at, 1000)).pattern).not.toBe('soon');
    }),
  );
});
