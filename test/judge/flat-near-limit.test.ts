import { describe, expect, test } from 'vitest';
import { selectHistoryTargets } from '../../src/judge/select-history-targets.ts';
import type { ContainerHistory } from '../../src/model/measurement.ts';
import { AT, DAY, measureOf, mi, set, THRESHOLDS } from '../checks/fixtures.ts';
import { type Case, judgeCase } from '../suggest/fixtures.ts';
import { killHistoryOf, liveContainer, observationOf, podOf, SETTINGS, workloadOf } from './fixtures.ts';

/** Daily peaks in Mi, the newest last. */
function peaks(...mebi: readonly number[]): ContainerHistory {
  const dailyPeaks = mebi.map((value, index) => ({ t: AT - (mebi.length - 1 - index) * DAY, v: mi(value) }));
  return { namespace: 'shop', pod: 'cart-0', container: 'app', dailyPeaks };
}

const TEN = [1900, 1880, 1890, 1910, 1905, 1900, 1900, 1890, 1885, 1900];
const database: Case = { used: 1900, limit: set(2000), request: set(1500) };
const judged = (history: ContainerHistory, change: Partial<Case> = {}) =>
  judgeCase({ ...database, ...change, observation: { histories: [history] } });

describe('over the red line, but flat for days', () => {
  test('is yellow, and a raise is only said', () => {
    const { level, worst, suggestion } = judged(peaks(...TEN));
    expect(level).toBe('yellow');
    expect(worst.usage?.finding).toMatchObject({
      level: 'yellow',
      facts: { reason: 'tight but flat', flatDays: 10 },
    });
    expect(worst.sizing?.finding).toMatchObject({ level: 'yellow', facts: { flatDays: 10 } });
    expect(suggestion).toMatchObject({
      level: 'yellow',
      limit: { to: mi(2560) },
      delivery: { kind: 'report', why: 'Its usage is flat, so a larger limit is for you to decide' },
    });
  });

  test('counts the days up to now that are within 5 % of each other', () => {
    const flatDays = (...mebi: number[]) => judged(peaks(...mebi)).worst.usage?.finding.facts.flatDays;
    expect(flatDays(1500, 1700, ...TEN)).toBe(10);
    expect(flatDays(...TEN.slice(-7))).toBe(7);
    expect(flatDays(...TEN.slice(-6))).toBeUndefined();
    expect(flatDays(...TEN, 1500, 1900)).toBeUndefined();
  });

  test.each([
    ['was OOM-killed within the sizing window', { ...peaks(...TEN), ...killHistoryOf(9, 2000) }],
    ['was OOM-killed at a limit that is not known', { ...peaks(...TEN), ...killHistoryOf(9, undefined) }],
    ['peaked above 98 % of the limit', peaks(...TEN.slice(1), 1961)],
    ['was not seen today', { ...peaks(...TEN), dailyPeaks: peaks(...TEN).dailyPeaks.slice(0, -2) }],
  ])('is red where it %s', (_, history) => {
    expect(judged(history)).toMatchObject({ level: 'red', suggestion: { delivery: { kind: 'change' } } });
  });

  test('does not count a day that was not measured', () => {
    const dailyPeaks = peaks(...TEN).dailyPeaks.filter((_, index) => index !== 5);
    expect(judged({ ...peaks(...TEN), dailyPeaks })).toMatchObject({ level: 'yellow' });
  });

  test('is red when the option says so, and before the days were asked for', () => {
    const thresholds = { ...THRESHOLDS, flatNearLimit: 'red' as const };
    expect(judged(peaks(...TEN), { settings: { thresholds } }).level).toBe('red');
    const pod = podOf('cart-0', [liveContainer({ request: set(1500) })]);
    const seen = observationOf([workloadOf([pod])], [measureOf(() => 1900)]);
    expect(selectHistoryTargets(seen, SETTINGS)).toEqual([{ namespace: 'shop', container: 'app', runs: false }]);
  });

  test('hides no leak, whose raise is proposed as before', () => {
    const leak = (hours: number) => 1900 + 20 * Math.min(0, hours);
    const { level, worst, suggestion } = judged(peaks(...TEN), { used: leak });
    expect(level).toBe('red');
    expect(worst).toMatchObject({ usage: { finding: { level: 'yellow' } }, trend: { finding: { level: 'red' } } });
    expect(suggestion?.delivery.kind).toBe('change');
  });

  test('keeps a request that is too low a change of its own', () => {
    const { suggestion, withheld } = judged(peaks(...TEN), { request: set(512) });
    expect(suggestion).toMatchObject({ request: { to: mi(1536) }, delivery: { kind: 'change' } });
    expect(suggestion?.limit).toBeUndefined();
    expect(withheld?.why).toContain('A limit would be 2560Mi (peak 1910Mi in 10 days × 1.3, rounded to 256Mi)');
    expect(withheld?.why).toContain('Its usage is flat');
  });
});
