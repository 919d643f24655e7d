import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import { selectHistoryTargets } from '../../src/judge/select-history-targets.ts';
import { ABSENT, AT, DAY, HOUR, measureOf, mi, SLOT, series, set } from '../checks/fixtures.ts';
import {
  killHistoryOf,
  liveContainer,
  observationOf,
  peaksOf,
  podOf,
  SETTINGS,
  workloadOf,
} from '../judge/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';

const roomy: Case = { used: 3072, limit: set(16_384), request: set(2048) };

describe('a limit that killed within the sizing window', () => {
  const killedAt = (limit: number | undefined) => ({
    histories: [{ ...peaksOf(3072, 14), ...killHistoryOf(2, limit) }],
  });

  test('is never gone below, whatever the peaks say: scrapes do not see the last seconds', () => {
    const { level, suggestion, withheld } = judgeCase({ ...roomy, observation: killedAt(12_288) });
    expect({ level, suggestion, withheld }).toEqual({ level: 'green', suggestion: undefined, withheld: undefined });
  });

  test('bounds what is lowered', () => {
    const { suggestion } = judgeCase({ ...roomy, observation: killedAt(8192) });
    expect(suggestion).toMatchObject({ direction: 'lower', limit: { to: mi(8448) } });
    expect(suggestion?.notes.join(' ')).toContain('OOM-killed at 8192Mi');
  });

  test('that is not known forbids lowering', () => {
    const { level, suggestion } = judgeCase({ ...roomy, observation: killedAt(undefined) });
    expect({ level, suggestion }).toEqual({ level: 'green', suggestion: undefined });
  });

  test('is told by the status of the pod where no series does, and then not known', () => {
    const lastTermination = { reason: 'OOMKilled', finishedAt: AT - 3 * DAY };
    expect(judgeCase({ ...roomy, live: { lastTermination } }).suggestion).toBeUndefined();
    const longAgo = { reason: 'OOMKilled', finishedAt: AT - 20 * DAY };
    expect(judgeCase({ ...roomy, live: { lastTermination: longAgo } }).suggestion).toMatchObject({
      direction: 'lower',
    });
  });

  test('bounds what is raised and what is added', () => {
    const near: Case = { used: 900, limit: set(1000), request: set(700), observation: killedAt(2048) };
    expect(judgeCase({ ...near, days: 0 }).suggestion?.limit?.to).toBeGreaterThan(mi(2048));
    const added = judgeCase({ used: 400, limit: ABSENT, request: set(300), observation: killedAt(8192) });
    expect(added.suggestion?.limit?.to).toBeGreaterThan(mi(8192));
  });

  test('holds for all pods of the workload', () => {
    const pods = ['cart-0', 'cart-1'].map((name) =>
      podOf(name, [liveContainer({ limit: set(16_384), request: set(2048) })]),
    );
    const measurements = ['cart-0', 'cart-1'].map((pod) => measureOf(() => 3072, { pod }));
    const histories = [peaksOf(3072, 14), { ...peaksOf(3072, 14, 'cart-1'), ...killHistoryOf(9, 12_288) }];
    const [judged] = judge(observationOf([workloadOf(pods)], measurements, { histories }), SETTINGS).workloads;
    expect(judged?.level).toBe('green');
    expect(judged?.containers[0]?.suggestion).toBeUndefined();
  });
});

describe('over-provisioned', () => {
  const small: Case = { used: 600, limit: set(4096), request: set(512) };

  test('is only what the sizing window calls so, from seven days of it', () => {
    expect(judgeCase({ ...small, days: 14 })).toMatchObject({ level: 'yellow', suggestion: { direction: 'lower' } });
    expect(judgeCase({ ...small, days: 14, longPeak: 2100 })).toMatchObject({ level: 'green' });
    expect(judgeCase({ ...small, days: 3 }).level).toBe('green');
    expect(judgeCase({ ...small, days: 3 }).withheld).toBeUndefined();
    expect(judgeCase({ ...small, days: 0 }).level).toBe('green');
  });

  test('may be what the window alone shows: then the sizing window is asked for', () => {
    const pod = podOf('cart-0', [liveContainer({ limit: set(4096), request: set(512) })]);
    const seen = observationOf([workloadOf([pod])], [measureOf(() => 600)]);
    expect(selectHistoryTargets(seen, SETTINGS)).toEqual([{ namespace: 'shop', container: 'app', runs: false }]);
    const busy = observationOf([workloadOf([pod])], [measureOf(() => 1000, { peak: mi(2100) })]);
    expect(selectHistoryTargets(busy, SETTINGS)).toEqual([]);
  });
});

describe('a raise', () => {
  const near: Case = { used: 900, limit: set(1000), request: set(700) };

  test('starts from the long peak where that is above what is used', () => {
    expect(judgeCase({ ...near, longPeak: 1900 }).suggestion?.limit).toMatchObject({
      to: mi(2560),
      why: 'peak 1900Mi in 14 days × 1.3, rounded to 256Mi',
    });
  });

  test('leaves page cache out of the long peak by the share that it has in the window', () => {
    const now = { workingSet: mi(1000), activeFile: mi(100), startedAt: AT - 30 * DAY };
    const activeFile = series(4, 6 * HOUR, () => 100);
    const cached = { ...near, used: 1000, longPeak: 2000, measured: { now, activeFile } };
    expect(judgeCase(cached).suggestion?.limit).toMatchObject({
      to: mi(2304),
      why: 'peak 1800Mi in 14 days without page cache × 1.3, rounded to 256Mi',
    });
  });
});

test('hours are those of one container, not those of several together', () => {
  const pods = ['cart-0', 'cart-1'].map((name) => podOf(name));
  const gappy = (odd: number) => series(16, SLOT, () => 1900).filter((_, index) => index % 2 === odd);
  const measurements = pods.map(({ name }, odd) => measureOf(() => 1900, { pod: name, averages: gappy(odd) }));
  const [judged] = judge(observationOf([workloadOf(pods)], measurements), SETTINGS).workloads;
  expect(judged?.containers[0]?.suggestion).toBeUndefined();
  expect(judged?.containers[0]?.withheld?.why).toContain('Only 4 h of data');
});
