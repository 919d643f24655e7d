import { describe, expect, test } from 'vitest';
import { cutIntoStretches, restartTimes } from '../../src/checks/stretches.ts';
import { checkTrend } from '../../src/checks/trend.ts';
import type { OomKill } from '../../src/model/finding.ts';
import { AT, DAY, HOUR, measureOf, observe, SLOT, series, THRESHOLDS } from './fixtures.ts';

/** A container that is started anew every `hours`, the last time `ago` hours before now, and grows in each run. */
function sawtooth(hours: number, ago: number, perHour: number) {
  const since = (at: number) => (((at + ago) % hours) + hours) % hours;
  const startOf = (at: number) => at - since(at);
  const measured = measureOf((at) => 300 + perHour * since(at), {
    averages: series(48, SLOT, (at) => 300 + perHour * since(at)),
    starts: series(48, SLOT, () => 0).map(({ t }) => ({
      t,
      v: t + (startOf((t - AT) / HOUR) - (t - AT) / HOUR) * HOUR,
    })),
  });
  return { ...measured, now: { ...measured.now, startedAt: AT - ago * HOUR } };
}

function killsAt(measured: ReturnType<typeof sawtooth>): OomKill[] {
  return restartTimes(measured, AT - DAY).map((at) => ({ at, source: 'exporter' }));
}

test('a restart cuts, and the slot in which it lies belongs to neither run', () => {
  const restart = AT - 9.9 * HOUR;
  const measured = measureOf(() => 500);
  const starts = measured.averages.map(({ t }) => ({ t, v: t < restart ? AT - 30 * DAY : restart }));
  const stretches = cutIntoStretches(observe({ ...measured, starts }));
  expect(stretches.map(({ samples }) => samples.length)).toEqual([28, 19]);
  expect(stretches.map(({ endedAt }) => endedAt)).toEqual([restart, undefined]);
});

test('the restart counter cuts where start times are missing', () => {
  const measured = measureOf(() => 500);
  const restarts = measured.averages.map(({ t }) => ({ t, v: t < AT - 10 * HOUR ? 3 : 4 }));
  expect(restartTimes({ ...measured, starts: [], restarts }, AT - DAY)).toEqual([AT - 10 * HOUR]);
});

test('the start of a run that began before the window is no restart', () => {
  expect(
    restartTimes(
      measureOf(() => 500),
      AT - DAY,
    ),
  ).toEqual([]);
});

describe('a leak that is killed every few hours', () => {
  test('is red, whatever the length of its runs', () => {
    const measured = sawtooth(5, 2, 42);
    const finding = checkTrend(observe(measured, { oomKills: killsAt(measured) }), THRESHOLDS);
    expect(finding).toMatchObject({ level: 'red', facts: { pattern: 'leak cut by OOMKills', kills: 5 } });
  });

  test('is told by as many kills without a time as there were restarts', () => {
    const measured = sawtooth(5, 2, 42);
    const oomKills = killsAt(measured).map((): OomKill => ({ source: 'cAdvisor' }));
    expect(checkTrend(observe(measured, { oomKills }), THRESHOLDS)?.level).toBe('red');
    expect(checkTrend(observe(measured, { oomKills: oomKills.slice(1) }), THRESHOLDS)?.level).not.toBe('red');
  });

  test('is not red by two kills, nor by restarts that nobody was killed for', () => {
    const measured = sawtooth(5, 2, 42);
    const [first, second] = killsAt(measured).slice(-2);
    const two = [first, second].flatMap((kill) => kill ?? []);
    expect(checkTrend(observe(measured, { oomKills: two }), THRESHOLDS)?.level).not.toBe('red');
    expect(checkTrend(observe(measured), THRESHOLDS)?.level).not.toBe('red');
  });

  test('is not red when the runs do not grow', () => {
    const measured = sawtooth(5, 2, 2);
    expect(checkTrend(observe(measured, { oomKills: killsAt(measured) }), THRESHOLDS)?.level).not.toBe('red');
  });
});

test('a nightly restart leaves two runs to judge by themselves', () => {
  const measured = sawtooth(24, 10, 12);
  expect(checkTrend(observe(measured), THRESHOLDS)).toMatchObject({
    level: 'yellow',
    facts: { pattern: 'warming up' },
  });
  expect(checkTrend(observe(sawtooth(24, 10, 0)), THRESHOLDS)?.level).toBe('green');
});

test('a restart a minute ago leaves the run before it to judge', () => {
  const measured = sawtooth(10_000, 1 / 60, 0);
  expect(checkTrend(observe(measured), THRESHOLDS)?.level).toBe('green');
});

test('a crash loop has too little data between its restarts', () => {
  const measured = sawtooth(1, 0.4, 100);
  expect(checkTrend(observe(measured), THRESHOLDS)).toMatchObject({
    level: 'unknown',
    facts: { gap: { kind: 'too short', betweenRestarts: true } },
  });
});
