import { expect, test } from 'vitest';
import { checkTrend } from '../../src/checks/trend.ts';
import type { Run } from '../../src/model/finding.ts';
import { AT, DAY, HOUR, measureOf, mi, observe, set, THRESHOLDS } from './fixtures.ts';

/** Runs of so many hours, one after the other up to `endsAgo` hours before `AT`, by the hour; then the present one. */
function runsOf(hours: number, count: number, endsAgo: number, change: Partial<Run> = {}): Run[] {
  const run = (begin: number, length: number, at: (hours: number) => number) =>
    Array.from({ length: Math.floor(length) }, (_, hour) => ({ t: begin + (hour + 1) * HOUR, v: mi(at(hour)) }));
  const killed = Array.from({ length: count }, (_, index): Run => {
    const endedAt = AT - endsAgo * HOUR - (count - 1 - index) * hours * HOUR;
    const samples = run(endedAt - hours * HOUR, hours, (hour) => 400 + (500 * hour) / hours);
    return { pod: 'cart-0', samples, slot: HOUR, end: 'killed', endedAt, ...change };
  });
  const begin = AT - endsAgo * HOUR;
  return [...killed, { pod: 'cart-0', samples: run(begin, endsAgo, () => 400), slot: HOUR, end: 'goes on' }];
}

const trendOf = (runs: readonly Run[]) =>
  checkTrend(
    observe(
      measureOf(() => 400),
      { limit: set(1000), runs },
    ),
    THRESHOLDS,
  );

test('three kills within seven days, each after a rise, are a leak, told with its days', () => {
  expect(trendOf(runsOf(40, 3, 20))).toMatchObject({
    level: 'red',
    facts: { pattern: 'leak cut by OOMKills', kills: 3, days: 7 },
  });
});

test('two are none, and neither are restarts for which nobody was killed', () => {
  expect(trendOf(runsOf(40, 2, 20))?.level).toBe('green');
  expect(trendOf(runsOf(24, 5, 20, { end: 'restarted' }))?.facts).not.toMatchObject({
    pattern: 'leak cut by OOMKills',
  });
});

test('kills of other pods do not count', () => {
  const runs = runsOf(40, 3, 20).map((run, index) =>
    run.end === 'killed' ? { ...run, pod: `cart-${index + 1}` } : run,
  );
  expect(trendOf(runs)?.facts).not.toMatchObject({ pattern: 'leak cut by OOMKills' });
});

test('runs that warm up, stay there, and are killed by what comes every night are none', () => {
  const runs = runsOf(24, 4, 20).map((run): Run => {
    const samples = run.samples.map(({ t }, hour) => ({ t, v: mi(Math.min(400, 100 + hour * 100)) }));
    return run.end === 'killed' ? { ...run, samples } : run;
  });
  expect(trendOf(runs)?.level).toBe('green');
});

test('what has run for longer since, and is level, was cured', () => {
  expect(trendOf(runsOf(20, 3, (4 * DAY) / HOUR))?.level).toBe('green');
});
