import { describe, expect, test } from 'vitest';
import { countRestarts, gatherOomKills } from '../../src/judge/oom-kills.ts';
import { AT, DAY, HOUR, measureOf, mi, SLOT, series, WINDOWS } from '../checks/fixtures.ts';
import { liveContainer } from './fixtures.ts';

const slots = series(48, SLOT, () => 0).map(({ t }) => t);
const restart = AT - 10 * HOUR - 60;

/** A container that was restarted at `times`, with the exporter's reason set at the slots for which `reason` holds. */
function restartedAt(times: readonly number[], reason: (t: number) => boolean) {
  return measureOf(() => 500, {
    starts: slots.map((t) => ({ t, v: times.filter((time) => time <= t).at(-1) ?? AT - 30 * DAY })),
    restarts: slots.map((t) => ({ t, v: times.filter((time) => time <= t).length })),
    oomReason: slots.filter(reason).map((t) => ({ t, v: 1 })),
  });
}

function kills(measured: ReturnType<typeof measureOf>, live = liveContainer(), limit = mi(512)) {
  return gatherOomKills({ at: AT, windows: WINDOWS, measured, live, limitAt: () => limit });
}

describe('the exporter', () => {
  test('tells of a kill by its reason together with a restart', () => {
    const measured = restartedAt([restart], (t) => t > restart);
    expect(kills(measured)).toEqual([{ at: restart, source: 'exporter', limit: mi(512) }]);
  });

  test('whose reason has stood for weeks tells of nothing', () => {
    expect(kills(restartedAt([], () => true))).toEqual([]);
  });

  test('whose old reason ends with a restart for another cause tells of nothing', () => {
    expect(kills(restartedAt([restart], (t) => t < restart))).toEqual([]);
    const lagging = restartedAt([AT - 10 * HOUR - 20], (t) => t <= AT - 10 * HOUR);
    expect(kills(lagging)).toEqual([]);
  });

  test('tells every kill apart', () => {
    const times = [AT - 20 * HOUR, AT - 15 * HOUR, AT - 10 * HOUR];
    const measured = restartedAt(times, (t) => t > AT - 20 * HOUR && !(t > AT - 15 * HOUR && t < AT - 10 * HOUR));
    expect(kills(measured).map(({ at }) => at)).toEqual([AT - 20 * HOUR, AT - 10 * HOUR]);
  });
});

describe('the pod status', () => {
  const killed = (finishedAt: number, reason = 'OOMKilled') =>
    liveContainer({ lastTermination: { reason, finishedAt } });

  test('tells of a kill in the window', () => {
    expect(
      kills(
        measureOf(() => 500),
        killed(AT - HOUR),
      ),
    ).toEqual([{ at: AT - HOUR, source: 'pod status', limit: mi(512) }]);
  });

  test.each([
    ['before the window', killed(AT - 21 * DAY)],
    ['after the evaluation time', killed(AT + HOUR)],
    ['for another reason', killed(AT - HOUR, 'Error')],
  ])('%s tells of nothing', (_, live) => {
    expect(
      kills(
        measureOf(() => 500),
        live,
      ),
    ).toEqual([]);
  });

  test('and the exporter tell of the same kill once', () => {
    const measured = restartedAt([restart], (t) => t > restart);
    expect(kills(measured, killed(restart - 5))).toHaveLength(1);
  });
});

describe('cAdvisor', () => {
  test('tells of kills without a time', () => {
    expect(kills(measureOf(() => 500, { oomEvents: 2 }))).toEqual([
      { source: 'cAdvisor', limit: mi(512) },
      { source: 'cAdvisor', limit: mi(512) },
    ]);
  });

  test('adds none to those that others tell of', () => {
    const measured = { ...restartedAt([restart], (t) => t > restart), oomEvents: 1 };
    expect(kills(measured)).toHaveLength(1);
  });
});

describe('restarts', () => {
  const count = (measured: ReturnType<typeof measureOf> | undefined, live = liveContainer()) =>
    countRestarts(AT, DAY, measured, live);

  test('are the increase of the counter, from which a reset is no fall', () => {
    expect(count(measureOf(() => 500, { restarts: [3, 3, 5, 0, 1].map((v, i) => ({ t: slots[i] ?? 0, v })) }))).toBe(3);
    expect(count(restartedAt([restart], () => false))).toBe(1);
  });

  test('are at least the one that the pod tells of', () => {
    const live = liveContainer({ restarts: 9, lastTermination: { reason: 'Error', finishedAt: AT - HOUR } });
    expect(count(undefined, live)).toBe(1);
    expect(count(undefined, liveContainer({ restarts: 9 }))).toBe(0);
  });
});
