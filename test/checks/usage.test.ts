import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkUsage } from '../../src/checks/usage.ts';
import { bySeverity } from '../../src/model/level.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import { ABSENT, AT, measureOf, mi, observe, set, THRESHOLDS, UNKNOWN } from './fixtures.ts';

function usageAt(used: number, now: Partial<ContainerMeasurement['now']> = {}, peak = used) {
  const measured = measureOf(() => used, { now: { workingSet: mi(used), ...now }, peak: mi(peak) });
  return checkUsage(observe(measured, { limit: set(1000) }), THRESHOLDS);
}

describe('lines', () => {
  test.each([
    [699, 'green', 'room'],
    [700, 'green', 'room'],
    [701, 'yellow', 'over the yellow line'],
    [850, 'yellow', 'over the yellow line'],
    [851, 'red', 'close to the limit'],
    [1000, 'red', 'close to the limit'],
    [1001, 'red', 'over the limit'],
  ])('%i of 1000 is %s: %s', (used, level, reason) => {
    expect(usageAt(used)).toMatchObject({ level, facts: { reason } });
  });

  test('a peak over the red line makes it yellow, one on the line does not', () => {
    expect(usageAt(500, {}, 851)).toMatchObject({ level: 'yellow', facts: { reason: 'peak near the limit' } });
    expect(usageAt(500, {}, 850)).toMatchObject({ level: 'green', facts: { reason: 'room' } });
    expect(usageAt(750, {}, 900)).toMatchObject({ level: 'yellow', facts: { reason: 'peak near the limit' } });
  });

  test('tells the share of the limit, the peak and the yellow line', () => {
    expect(usageAt(1008, {}, 1100)?.facts).toMatchObject({ percent: 100.8, peak: mi(1100), yellowLine: 70 });
  });
});

describe('page cache', () => {
  test('over the red line only by active file memory is yellow, with both numbers', () => {
    const finding = usageAt(950, { activeFile: mi(600), rss: mi(300) });
    expect(finding).toMatchObject({ level: 'yellow', facts: { reason: 'page cache', cache: mi(600) } });
    expect(finding?.facts.percentWithoutCache).toBeCloseTo(35);
  });

  test('is not known without active file memory: what lies beyond RSS and mapped files may be tmpfs', () => {
    expect(usageAt(950, { rss: mi(300), mappedFile: mi(50) })).toMatchObject({
      level: 'red',
      facts: { reason: 'close to the limit', cache: undefined },
    });
  });

  test('shared memory, which is in neither RSS nor active files, is not cache', () => {
    expect(usageAt(950, { activeFile: mi(10), rss: mi(100) })?.level).toBe('red');
  });

  test('is not assumed where nothing tells', () => {
    expect(usageAt(950, { activeFile: undefined, rss: undefined })?.level).toBe('red');
  });
});

describe('OOMKills', () => {
  test('one in the window is red at any usage', () => {
    const kill = { at: AT - 3600, source: 'exporter' as const, limit: mi(512) };
    const finding = checkUsage(
      observe(
        measureOf(() => 10),
        { oomKills: [kill] },
      ),
      THRESHOLDS,
    );
    expect(finding).toMatchObject({ level: 'red', facts: { reason: 'OOM-killed', oomKill: kill } });
  });

  test('the last one is told', () => {
    const kills = [3, 1].map((hours) => ({ at: AT - hours * 3600, source: 'exporter' as const }));
    const container = observe(
      measureOf(() => 10),
      { oomKills: kills },
    );
    expect(checkUsage(container, THRESHOLDS)?.facts.oomKill).toBe(kills[1]);
  });

  test('one is red even where nothing else is known', () => {
    const container = observe(undefined, { limit: UNKNOWN, oomKills: [{ source: 'pod status' }] });
    expect(checkUsage(container, THRESHOLDS)?.level).toBe('red');
  });
});

describe('what is not known', () => {
  const idle = measureOf(() => 10);
  const live = (running: boolean) => ({
    live: {
      name: 'app',
      kind: 'container' as const,
      injected: false,
      limit: UNKNOWN,
      request: UNKNOWN,
      running,
      restarts: 0,
    },
  });

  test.each([
    ['no limit', observe(idle, { limit: ABSENT })],
    ['limit not known', observe(idle, { limit: UNKNOWN })],
    ['not measured', observe(undefined)],
    ['not measured', observe({ ...idle, now: undefined })],
    ['not measured', observe(undefined, live(true))],
    ['not running', observe(undefined, live(false))],
  ])('is unknown, never green: %s', (reason, container) => {
    expect(checkUsage(container, THRESHOLDS)).toMatchObject({ level: 'unknown', facts: { reason } });
  });

  test('a peak over the red line counts without a usage now', () => {
    const finding = checkUsage(observe(measureOf(() => 2000, { now: undefined })), THRESHOLDS);
    expect(finding).toMatchObject({ level: 'yellow', facts: { reason: 'peak near the limit' } });
  });
});

test('the verdict never gets milder when usage grows', () => {
  const mebi = fc.integer({ min: 0, max: 1500 });
  fc.assert(
    fc.property(mebi, mebi, fc.integer({ min: 0, max: 300 }), (one, two, cache) => {
      const [less, more] = [Math.min(one, two), Math.max(one, two)];
      const lower = usageAt(less, { activeFile: mi(cache) })?.level ?? 'unknown';
      const higher = usageAt(more, { activeFile: mi(cache) })?.level ?? 'unknown';
      expect(bySeverity(lower, higher)).toBeGreaterThanOrEqual(0);
    }),
  );
});
