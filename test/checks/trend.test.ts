import { describe, expect, test } from 'vitest';
import { checkTrend } from '../../src/checks/trend.ts';
import type { ContainerObservation, Finding } from '../../src/model/finding.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import { AT, DAY, HOUR, measureOf, mi, observe, SLOT, series, set, THRESHOLDS, trendFacts } from './fixtures.ts';
import { noiseOf } from './noise.ts';

const noise = noiseOf(1);

function trendOf(
  at: (hours: number) => number,
  measured: Partial<ContainerMeasurement> = {},
  change: Partial<ContainerObservation> = {},
): Finding<'trend'> | undefined {
  return checkTrend(observe(measureOf(at, measured), change), THRESHOLDS);
}

/** Rises by `perHour` Mi over the window only: what lies before is flat and lower. */
function risingToday(from: number, perHour: number): (hours: number) => number {
  return (hours) => from + perHour * Math.max(0, hours + 24);
}

describe('a leak', () => {
  test('that rises steadily is red, with its pace and when the limit is reached', () => {
    const finding = trendOf(risingToday(1000, 16));
    expect(finding?.level).toBe('red');
    const facts = trendFacts(finding);
    expect(facts).toMatchObject({ pattern: 'leak', days: undefined });
    expect(facts.bytesPerHour).toBeCloseTo(mi(16), 0);
    const hoursLeft = ((facts.reachesLimitAt ?? 0) - AT) / HOUR;
    expect(hoursLeft).toBeCloseTo((2048 - 1384) / 16, 0);
  });

  test('is seen through noise', () => {
    expect(trendOf((hours) => risingToday(1000, 25)(hours) + 60 * noise(hours))?.level).toBe('red');
  });

  test('of less than 32Mi is never worse than yellow', () => {
    expect(trendOf(risingToday(60, 1.6))).toMatchObject({
      level: 'yellow',
      facts: { pattern: 'rising', doubt: { kind: 'small', below: mi(32) } },
    });
    expect(trendOf(risingToday(60, 2))).toMatchObject({ level: 'red' });
  });

  test('without a limit has a pace and no end', () => {
    const facts = trendFacts(trendOf(risingToday(1000, 16), {}, { limit: { state: 'absent' } }));
    expect(facts.bytesPerHour).toBeGreaterThan(0);
    expect(facts.reachesLimitAt).toBeUndefined();
  });
});

describe('the lines', () => {
  /** Flat quarters, the last above the first by exactly `percent`. */
  const growing = (percent: number) =>
    trendOf((hours) => 1000 + Math.max(0, Math.floor((hours + 23.75) / 6)) * (percent / 0.3));

  test.each([
    [9.9, 'green', { pattern: 'flat' }],
    [10, 'green', { pattern: 'flat' }],
    [10.1, 'yellow', { pattern: 'rising', doubt: { kind: 'slow' } }],
    [20, 'yellow', { pattern: 'rising', doubt: { kind: 'slow' } }],
    [20.1, 'red', { pattern: 'leak' }],
  ])('%f percent is %s', (percent, level, facts) => {
    const finding = growing(percent);
    expect(trendFacts(finding).growth).toBeCloseTo(percent, 4);
    expect(finding).toMatchObject({ level, facts });
  });
});

describe('what is no leak', () => {
  test('a step', () => {
    const finding = trendOf((hours) => (hours < -9 ? 1000 : 1400) + 3 * noise(hours));
    expect(finding).toMatchObject({ level: 'yellow', facts: { pattern: 'step' } });
  });

  test('a daily wave: it was as high in the days before', () => {
    const wave = (hours: number) => 700 + 150 * Math.sin(((hours - 6) / 24) * 2 * Math.PI);
    const sawtooth = (hours: number) => 560 + (300 * ((((hours + 23.5) % 24) + 24) % 24)) / 24;
    expect(trendOf(wave)?.level).not.toBe('red');
    expect(trendOf(sawtooth)).toMatchObject({
      level: 'yellow',
      facts: { pattern: 'rising', doubt: { kind: 'as high before' } },
    });
  });

  test('noise', () => {
    expect(trendOf((hours) => 600 + 180 * noise(hours))?.level).toBe('green');
  });

  test('a rise within a wider up and down', () => {
    const order = [0, 2, 4, 1, 3];
    const around = (spread: number) =>
      trendOf((hours) => risingToday(1000, 20)(hours) + spread * (order[Math.round(hours * 2 + 960) % 5] ?? 0));
    expect(around(150)).toMatchObject({
      level: 'yellow',
      facts: { pattern: 'rising', doubt: { kind: 'up and down' } },
    });
    expect(around(350)).toMatchObject({ level: 'green', facts: { pattern: 'varies' } });
  });

  test('a warm-up: younger than the window', () => {
    const now = { startedAt: AT - 20 * HOUR };
    const averages = series(40, SLOT, (hours) => 600 + 20 * (hours + 20));
    const finding = trendOf(() => 1000, { now, averages, slowAverages: [], starts: [] });
    expect(finding).toMatchObject({ level: 'yellow', facts: { pattern: 'warming up' } });
  });

  test('page cache, which RSS does not follow', () => {
    const rss = series(4, 6 * HOUR, () => 300);
    const at = risingToday(400, 16);
    const activeFile = series(4, 6 * HOUR, (hours) => at(hours - 3) - 310);
    expect(trendOf(at, { rss, activeFile })).toMatchObject({ level: 'yellow', facts: { pattern: 'page cache' } });
  });

  test('but a tmpfs that fills is, also where active file memory is not measured', () => {
    const rss = series(4, 6 * HOUR, () => 300);
    const mappedFile = series(4, 6 * HOUR, () => 20);
    expect(trendOf(risingToday(400, 16), { rss, mappedFile, activeFile: [] })).toMatchObject({
      level: 'red',
      facts: { pattern: 'leak' },
    });
  });

  test('but shared memory, which is neither RSS nor cache, is', () => {
    const rss = series(4, 6 * HOUR, () => 300);
    expect(trendOf(risingToday(400, 16), { rss, activeFile: series(4, 6 * HOUR, () => 10) })?.level).toBe('red');
  });
});

describe('too little data', () => {
  const young = (count: number) => {
    const averages = series(count, SLOT, () => 200);
    const now = { workingSet: averages[0]?.v as never, startedAt: AT - count * SLOT };
    return trendOf(() => 200, { now, averages, slowAverages: [], starts: [] });
  };

  test('is unknown and says how much there is', () => {
    expect(young(11)).toMatchObject({ level: 'unknown', facts: { pattern: 'too little data', hoursSeen: 5.5 } });
    expect(young(4)?.facts).toMatchObject({
      gap: { kind: 'too short', betweenRestarts: false, hoursNeeded: 6, valuesNeeded: 8 },
      hoursSeen: 2,
    });
    expect(checkTrend(observe(undefined), THRESHOLDS)).toMatchObject({
      level: 'unknown',
      facts: { gap: { kind: 'no data' } },
    });
  });

  test('ends with 6 h and 8 values', () => {
    expect(young(12)?.level).toBe('green');
  });

  test('is no reason for red: fewer than 48 averages stay yellow', () => {
    const averages = series(48, SLOT, risingToday(1000, 16)).filter((_, index) => index !== 20);
    expect(trendOf(risingToday(1000, 16), { averages })).toMatchObject({
      level: 'yellow',
      facts: { pattern: 'rising', doubt: { kind: 'few averages', kept: 47, needed: 48 } },
    });
  });
});

test('the plain rule looks at the quarters alone', () => {
  const step = measureOf((hours) => (hours < -9 ? 1000 : 1400));
  const thresholds = { ...THRESHOLDS, trendRule: 'quarters' as const };
  expect(checkTrend(observe(step), thresholds)?.level).toBe('red');
  expect(checkTrend(observe(measureOf(risingToday(1000, 8))), thresholds)).toMatchObject({
    level: 'yellow',
    facts: { pattern: 'rising', doubt: { kind: 'below the red line' } },
  });
});

describe('a slow leak', () => {
  test('of 6 % a day is red over the week', () => {
    const finding = trendOf((hours) => 1000 * 1.06 ** (hours / 24) + 8 * noise(hours));
    expect(finding).toMatchObject({ level: 'red', facts: { pattern: 'slow leak', days: 7 } });
  });

  test('is seen under a daily wave', () => {
    const at = (hours: number) => 1000 * 1.06 ** (hours / 24) + 80 * Math.sin((hours / 24) * 2 * Math.PI);
    expect(trendOf(at)).toMatchObject({ level: 'red', facts: { pattern: 'slow leak' } });
  });

  test('needs four days of one run', () => {
    const at = (hours: number) => 1000 + 3 * (hours + 96);
    const run = (days: number) => {
      const slowAverages = series(days * 8, 3 * HOUR, at);
      return trendOf(at, { slowAverages, now: { startedAt: AT - days * DAY }, starts: [] });
    };
    expect(trendFacts(run(3)).pattern).toBe('flat');
    expect(trendFacts(run(4))).toMatchObject({ pattern: 'rising', doubt: { kind: 'over days' }, days: 4 });
  });

  test('is not memory that climbs for days after a start and then settles', () => {
    const at = (hours: number) => 2000 * (1 - Math.exp(-(hours + 168) / 40));
    expect(trendOf(at)?.level).toBe('yellow');
  });

  test('is not a week that was higher before', () => {
    const at = (hours: number) => (hours < -140 ? 1500 : 1000 + 2 * (hours + 140));
    expect(trendOf(at)?.level).not.toBe('red');
  });
});

test('a limit that is passed already is reached now', () => {
  expect(trendFacts(trendOf(risingToday(1000, 16), {}, { limit: set(1100) })).reachesLimitAt).toBe(AT);
});

test('a limit that is reached in a year that no calendar has is not told', () => {
  const averages = series(48, SLOT, () => 0).map(({ t }, index) => ({ t, v: 1 + index / 100 }));
  const finding = trendOf(() => 0, { averages, slowAverages: [] }, { limit: set(2 ** 20) });
  expect(finding).toMatchObject({ level: 'yellow', facts: { pattern: 'rising', reachesLimitAt: undefined } });
});

describe('a container that runs but is no longer measured', () => {
  const live = {
    name: 'app',
    kind: 'container',
    injected: false,
    limit: set(2048),
    request: set(1024),
    running: true,
    restarts: 0,
  } as const;

  test('has no trend, however its values rose before', () => {
    const finding = trendOf(risingToday(1000, 16), { now: undefined }, { live, startedAt: AT - 30 * DAY });
    expect(finding).toMatchObject({ level: 'unknown', facts: { gap: { kind: 'silent', seconds: 0 } } });
  });

  test('has none since its last average', () => {
    const averages = series(48, SLOT, () => 100).slice(0, 44);
    const finding = trendOf(() => 100, { averages, now: undefined }, { live });
    expect(finding).toMatchObject({ facts: { gap: { kind: 'silent', seconds: 2 * HOUR } } });
  });

  test('is judged as ever while it is measured', () => {
    expect(trendOf(risingToday(1000, 16), {}, { live })?.level).toBe('red');
  });
});
