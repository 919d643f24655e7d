import { describe, expect, test } from 'vitest';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import { ABSENT, AT, DAY, HOUR, mi, series, set } from '../checks/fixtures.ts';
import { type Case, judgeCase } from '../suggest/fixtures.ts';

const QUARTER = 6 * HOUR;

/** Shares of time that tasks waited for memory, by quarter of the window. */
function waiting(...shares: readonly number[]): Partial<ContainerMeasurement> {
  const samples = shares.map((v, index) => ({ t: AT - (shares.length - 1 - index) * QUARTER, v }));
  return { pressure: { waiting: samples, stalled: [] } };
}

const usageOf = (one: Case) => judgeCase(one).worst.usage?.finding;

describe('memory pressure', () => {
  const now = { workingSet: mi(1900), activeFile: mi(600), startedAt: AT - 30 * DAY };
  const cached: Case = { used: 1900, limit: set(2000), request: set(1500) };
  const withCache = (measured: Partial<ContainerMeasurement>): Case => ({
    ...cached,
    measured: { now, activeFile: series(4, QUARTER, () => 600), ...measured },
  });

  test('makes red what is over the line by page cache, and raises nothing', () => {
    expect(usageOf(withCache({}))).toMatchObject({ level: 'yellow' });
    const { worst, suggestion } = judgeCase(withCache(waiting(0, 0, 0.05, 0.12)));
    expect(worst.usage?.finding).toMatchObject({ level: 'red', facts: { reason: 'page cache', waiting: 0.12 } });
    expect(suggestion).toBeUndefined();
  });

  test('keeps red what is flat near its limit', () => {
    const flat: Case = { ...cached, flat: true };
    expect(usageOf({ ...flat, measured: waiting(0, 0, 0, 0.001) })).toMatchObject({
      level: 'yellow',
      facts: { reason: 'tight but flat' },
    });
    const { worst, suggestion } = judgeCase({ ...flat, measured: waiting(0.01, 0.02, 0.03, 0.04) });
    expect(worst.usage?.finding).toMatchObject({
      level: 'red',
      facts: { reason: 'close to the limit', waiting: 0.04 },
    });
    expect(suggestion?.delivery.kind).toBe('change');
  });

  test.each([
    ['little', waiting(0, 0, 0, 0.01)],
    ['not rising', waiting(0.05, 0.05, 0.05, 0.06)],
    ['of earlier quarters', { pressure: { waiting: [{ t: AT - QUARTER, v: 0.5 }], stalled: [] } }],
  ])('that is %s confirms nothing', (_, measured) => {
    expect(usageOf(withCache(measured))).toMatchObject({ level: 'yellow', facts: { waiting: undefined } });
  });

  test('never clears, and alone makes nothing red', () => {
    expect(usageOf({ ...cached, measured: waiting(0, 0, 0, 0) })?.level).toBe('red');
    expect(usageOf({ ...cached, used: 1000, measured: waiting(0, 0, 0, 0.5) })?.level).toBe('green');
  });
});

describe('swap in use', () => {
  const swap = (mebi: number) => ({ now: { workingSet: mi(600), swap: mi(mebi), startedAt: AT - 30 * DAY } });
  const roomy: Case = { used: 600, limit: set(4096), request: set(512) };

  test('is said, and nothing is lowered', () => {
    expect(judgeCase({ ...roomy, measured: swap(0) }).suggestion?.direction).toBe('lower');
    const { level, worst, suggestion } = judgeCase({ ...roomy, measured: swap(120) });
    expect({ level, suggestion }).toEqual({ level: 'green', suggestion: undefined });
    expect(worst.usage?.finding.facts.swap).toBe(mi(120));
  });

  test('stands beside a limit that is added', () => {
    const { suggestion } = judgeCase({ ...roomy, limit: ABSENT, measured: swap(120) });
    expect(suggestion?.notes.join(' ')).toContain('120Mi of it are in swap');
  });
});
