import { describe, expect, test } from 'vitest';
import { checkSizing } from '../../src/checks/sizing.ts';
import type { ContainerObservation, SizingFacts } from '../../src/model/finding.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import { ABSENT, AT, DAY, HOUR, measureOf, mi, observe, series, set, THRESHOLDS, UNKNOWN } from './fixtures.ts';

function sizingOf(
  at: (hours: number) => number,
  change: Partial<ContainerObservation> = {},
  measured: Partial<ContainerMeasurement> = {},
) {
  return checkSizing(observe(measureOf(at, { activeFile: [], rss: [], ...measured }), change), THRESHOLDS);
}

function factsOf(finding: ReturnType<typeof checkSizing>): SizingFacts {
  if (finding === undefined) throw new Error('no finding');
  return finding.facts;
}

function peaks(mebi: number, days: number) {
  return { dailyPeaks: series(days, DAY, () => mebi), kills: [] };
}

function kinds(finding: ReturnType<typeof checkSizing>) {
  return factsOf(finding).problems.map(({ kind }) => kind);
}

test('what fits is green', () => {
  expect(sizingOf(() => 1200)).toMatchObject({ level: 'green', facts: { problems: [] } });
});

describe('near the limit', () => {
  test('is red when usage is over the line now', () => {
    expect(sizingOf(() => 2017, { limit: set(2000) })).toMatchObject({
      level: 'red',
      facts: { problems: [{ kind: 'near limit', used: mi(2017) }], limit: mi(2000), redLine: 85 },
    });
  });

  test('is yellow when only the peak was, whatever the moment of the run', () => {
    const finding = sizingOf((hours) => (hours < -10 && hours > -12 ? 1900 : 900));
    expect(finding).toMatchObject({ level: 'yellow', facts: { problems: [{ kind: 'near limit' }] } });
    expect(factsOf(finding).limitBase).toBe(mi(1900));
  });

  test('does not begin on the line itself', () => {
    expect(kinds(sizingOf(() => 850, { limit: set(1000), request: set(900) }))).toEqual([]);
    expect(kinds(sizingOf(() => 851, { limit: set(1000), request: set(900) }))).toEqual(['near limit']);
  });

  test('is not seen by page cache alone', () => {
    const now = { workingSet: mi(1000), activeFile: mi(640) };
    const activeFile = series(4, 6 * HOUR, () => 640);
    expect(kinds(sizingOf(() => 1000, { limit: set(1024) }, { now, activeFile }))).toEqual([]);
  });

  test('leaves out the cache of the time of the peak, not that of now', () => {
    const at = (hours: number) => (hours <= -18 ? 1000 : 500);
    const now = { workingSet: mi(500), activeFile: mi(300) };
    const activeFile = series(4, 6 * HOUR, (hours) => (hours <= -18 ? 100 : 300));
    expect(factsOf(sizingOf(at, {}, { now, activeFile })).limitBase).toBe(mi(900));
  });
});

describe('request', () => {
  test('below half of the highest half-hour average is too low', () => {
    expect(kinds(sizingOf(() => 1200, { request: set(600) }))).toEqual([]);
    expect(sizingOf(() => 1201, { request: set(600) })).toMatchObject({
      level: 'yellow',
      facts: { problems: [{ kind: 'low request' }] },
    });
  });

  test('missing is yellow, and not known is not missing', () => {
    expect(sizingOf(() => 1200, { request: ABSENT })).toMatchObject({
      level: 'yellow',
      facts: { problems: [{ kind: 'no request' }] },
    });
    expect(sizingOf(() => 1200, { request: UNKNOWN })).toMatchObject({
      level: 'unknown',
      facts: { missing: 'request' },
    });
  });
});

describe('limit', () => {
  test('missing is yellow, and not known is not missing', () => {
    expect(sizingOf(() => 1200, { limit: ABSENT })).toMatchObject({
      level: 'yellow',
      facts: { problems: [{ kind: 'no limit' }] },
    });
    expect(sizingOf(() => 1200, { limit: UNKNOWN })).toMatchObject({ level: 'unknown', facts: { missing: 'limit' } });
  });

  test('far above what is used is over-provisioned if the sizing window confirms it', () => {
    const large = { limit: set(4096), request: set(400) };
    expect(sizingOf(() => 600, { ...large, history: peaks(600, 14) })).toMatchObject({
      level: 'yellow',
      facts: { problems: [{ kind: 'over-provisioned' }] },
    });
    expect(sizingOf(() => 600, large)).toMatchObject({ level: 'green', facts: { candidate: 'over-provisioned' } });
    for (const history of [peaks(600, 6), peaks(2100, 14)]) {
      const finding = sizingOf(() => 600, { ...large, history });
      expect(finding).toMatchObject({ level: 'green', facts: { problems: [] } });
      expect(factsOf(finding).candidate).toBeUndefined();
    }
  });

  test('of 2Gi is never over-provisioned, nor one whose peak needs it', () => {
    expect(kinds(sizingOf(() => 100, { limit: set(2048), history: peaks(100, 14) }))).toEqual([]);
    expect(kinds(sizingOf(() => 600, { limit: set(4096), history: peaks(600, 14) }, { peak: mi(2100) }))).toEqual([]);
  });

  test('that another pod of the workload needs is not over-provisioned', () => {
    const highest = { limitBase: mi(3000), peak: mi(3000) };
    expect(kinds(sizingOf(() => 600, { limit: set(4096), highest, history: peaks(600, 14) }))).toEqual([]);
  });

  test('is compared with what the highest pod uses', () => {
    const highest = { limitBase: mi(700), peak: mi(700) };
    const { problems } = factsOf(
      sizingOf(() => 400, { limit: set(4096), request: set(400), highest, history: peaks(700, 14) }),
    );
    expect(problems).toMatchObject([{ kind: 'over-provisioned', used: mi(700) }]);
  });
});

test('an OOMKill is red and hides no other problem', () => {
  const oomKills = [{ at: AT - HOUR, source: 'pod status' as const, limit: mi(2048) }];
  expect(sizingOf(() => 1000, { oomKills, request: set(400) })).toMatchObject({
    level: 'red',
    facts: { problems: [{ kind: 'OOMKilled' }, { kind: 'low request' }] },
  });
});

test('without a measurement nothing is green', () => {
  expect(checkSizing(observe(undefined), THRESHOLDS)).toMatchObject({ level: 'unknown', facts: { missing: 'usage' } });
  expect(checkSizing(observe(undefined, { limit: ABSENT }), THRESHOLDS)?.level).toBe('yellow');
});

test('the half-hour average, not the peak, is what a request starts from', () => {
  const facts = factsOf(sizingOf(() => 500, {}, { peak: mi(1500) }));
  expect(facts).toMatchObject({ requestBase: mi(500), limitBase: mi(1500) });
});
