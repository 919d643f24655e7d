import { describe, expect, test } from 'vitest';
import { checkTrend } from '../../src/checks/trend.ts';
import type { Run } from '../../src/model/finding.ts';
import { AT, DAY, HOUR, measureOf, mi, observe, set, THRESHOLDS } from './fixtures.ts';
import { noiseOf } from './noise.ts';

const SLOT = 3 * HOUR;
const noise = noiseOf(7);

/** Runs of a day each, of pods of their own; `at` gives Mi from the hours since the start and the run's number. */
function dailyRuns(count: number, at: (hours: number, run: number) => number): Run[] {
  return Array.from({ length: count }, (_, run): Run => {
    const begin = AT - (count - run) * DAY;
    const samples = Array.from({ length: 7 }, (_, slot) => ({
      t: begin + (slot + 2) * SLOT,
      v: mi(at(slot * 3 + 3, run)),
    }));
    const last = run === count - 1;
    return {
      pod: last ? 'cart-0' : `cart-old-${run}`,
      samples,
      slot: SLOT,
      ...(last ? { end: 'goes on' } : { end: 'pod gone', endedAt: begin + DAY }),
    };
  });
}

const trendOf = (runs: readonly Run[], limit = 2000) => {
  const startedAt = AT - 20 * HOUR;
  const flat = measureOf(() => 700, { now: { workingSet: mi(700), startedAt }, starts: [] });
  const measured = { ...flat, averages: flat.averages.filter(({ t }) => t > startedAt + HOUR), slowAverages: [] };
  return checkTrend(observe(measured, { limit: set(limit), runs }), THRESHOLDS);
};

describe('what is redeployed every night', () => {
  test('is yellow where it grows in every run, with how long a run would have to last', () => {
    const finding = trendOf(dailyRuns(6, (hours) => 500 + hours * 10));
    expect(finding).toMatchObject({
      level: 'yellow',
      facts: { pattern: 'grows in every run', grew: 6, runs: 6, hoursOfRun: 21 },
    });
    expect(finding?.facts).toHaveProperty('hoursToLimit', expect.closeTo(145.5, 0));
  });

  test('is red where half a run more reaches the limit', () => {
    expect(
      trendOf(
        dailyRuns(6, (hours) => 500 + hours * 10),
        700,
      ),
    ).toMatchObject({ level: 'red' });
  });

  test('may be unlike itself once', () => {
    expect(trendOf(dailyRuns(6, (hours, run) => (run === 2 ? 500 : 500 + hours * 10)))).toMatchObject({
      facts: { pattern: 'grows in every run', grew: 5, runs: 6 },
    });
    expect(trendOf(dailyRuns(6, (hours, run) => (run < 2 ? 500 : 500 + hours * 10)))?.level).toBe('green');
  });

  test.each([
    ['noise', (hours: number, run: number) => 500 + 100 * noise(hours + run * 7)],
    ['what fills up and stays', (hours: number) => 500 + 200 * Math.min(1, hours / 6)],
    ['a daily wave', (hours: number) => 500 + 200 * Math.sin((hours / 24) * 2 * Math.PI)],
    ['little', (hours: number) => 500 + hours],
  ])('is not said to leak by %s', (_, at) => {
    expect(trendOf(dailyRuns(6, at))?.level).toBe('green');
  });

  test('needs three runs one after the other, which replicas of one rollout are not', () => {
    const settling = (hours: number) => 300 + Math.min(hours, 100) * 4 + Math.max(0, hours - 100) * 0.7;
    const sideBySide = ['cart-0', 'cart-1', 'cart-2'].map((pod): Run => {
      const samples = Array.from({ length: 47 }, (_, slot) => ({
        t: AT - (46 - slot) * SLOT,
        v: mi(settling(slot * 3)),
      }));
      return { pod, samples, slot: SLOT, end: 'goes on' };
    });
    expect(trendOf(sideBySide, 940)?.level).toBe('green');
    const replicas = dailyRuns(4, (hours) => 500 + hours * 10).flatMap((run) => [run, { ...run, pod: `${run.pod}-b` }]);
    expect(trendOf(replicas)).toMatchObject({ facts: { pattern: 'grows in every run', runs: 8 } });
  });

  test('needs three runs', () => {
    expect(trendOf(dailyRuns(2, (hours) => 500 + hours * 10))?.level).toBe('green');
  });
});

test('a pod that keeps its name is held against its own runs', () => {
  const own = dailyRuns(4, (hours) => 500 + hours * 10).map((run) => ({ ...run, pod: 'cart-0' }));
  const others = dailyRuns(6, () => 500).map((run) => ({ ...run, pod: 'cart-1' }));
  expect(trendOf([...others, ...own])).toMatchObject({ facts: { pattern: 'grows in every run', runs: 4 } });
});
