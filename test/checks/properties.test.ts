import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHeap } from '../../src/checks/heap.ts';
import { checkSizing } from '../../src/checks/sizing.ts';
import { checkTrend } from '../../src/checks/trend.ts';
import { checkUsage } from '../../src/checks/usage.ts';
import type { ContainerObservation, SizingFacts } from '../../src/model/finding.ts';
import { bySeverity } from '../../src/model/level.ts';
import type { ContainerMeasurement, Sample } from '../../src/model/measurement.ts';
import { ABSENT, AT, DAY, HOUR, measureOf, mi, observe, SLOT, set, THRESHOLDS, UNKNOWN } from './fixtures.ts';

const values = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 48, maxLength: 48 });
const shape = fc.record({
  base: fc.integer({ min: 50, max: 2000 }),
  slope: fc.integer({ min: 0, max: 60 }),
  noise: fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 48, maxLength: 48 }),
  hoursSeen: fc.integer({ min: 6, max: 24 }),
});

function samplesOf(list: readonly number[], factor = 1): Sample[] {
  return list.map((v, index) => ({ t: AT - (list.length - 1 - index) * SLOT, v: mi(v * factor) }));
}

function trendOf(averages: Sample[], change: Partial<ContainerMeasurement> = {}) {
  const measured = measureOf(() => 100, { averages, slowAverages: [], rss: [], activeFile: [], ...change });
  return checkTrend(observe(measured), THRESHOLDS);
}

test('a trend never gets milder when all of its values grow in proportion', () => {
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 20 }), ({ base, slope, noise }, factor) => {
      const list = noise.map((one, index) => Math.max(1, base + (slope * index) / 2 + one));
      const before = trendOf(samplesOf(list))?.level ?? 'unknown';
      const after = trendOf(samplesOf(list, factor))?.level ?? 'unknown';
      expect(bySeverity(before, after)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a red trend has every sign of a leak', () => {
  fc.assert(
    fc.property(shape, ({ base, slope, noise, hoursSeen }) => {
      const list = noise.map((one, index) => Math.max(1, base + (slope * index) / 2 + one)).slice(-hoursSeen * 2);
      const finding = trendOf(samplesOf(list), { now: { startedAt: AT - hoursSeen * HOUR } });
      if (finding?.level !== 'red') return;
      expect(hoursSeen).toBe(24);
      expect(finding.facts.tau).toBeGreaterThan(0.5);
      expect(finding.facts.growth).toBeGreaterThan(20);
      expect(list.at(-1) ?? 0).toBeGreaterThan(list[0] ?? 0);
    }),
  );
});

test('a falling series is green', () => {
  fc.assert(
    fc.property(values, (list) => {
      const falling = [...list].sort((a, b) => b - a);
      expect(trendOf(samplesOf(falling))?.level).toBe('green');
    }),
  );
});

const setting = fc.oneof(
  fc.constant(ABSENT),
  fc.constant(UNKNOWN),
  fc.integer({ min: 1, max: 8000 }).map((mebi) => set(mebi)),
);

test('what is unknown never turns green by knowing less', () => {
  const checks = [checkUsage, checkSizing, checkTrend, checkHeap];
  fc.assert(
    fc.property(setting, setting, values, (limit, request, list) => {
      const full: ContainerObservation = observe(
        measureOf(() => 100, { averages: samplesOf(list) }),
        { limit, request },
      );
      for (const check of checks) {
        const known = check(full, THRESHOLDS);
        const unknown = check({ ...full, measured: undefined, startedAt: undefined }, THRESHOLDS);
        expect(unknown?.level).not.toBe('green');
        if (known?.level === 'unknown') expect(unknown?.level).not.toBe('green');
      }
      const blind = { ...full, limit: UNKNOWN, request: UNKNOWN };
      expect(checkUsage(blind, THRESHOLDS)?.level).toBe('unknown');
      expect(checkSizing(blind, THRESHOLDS)?.level).toBe('unknown');
    }),
  );
});

test('what a limit starts from lies between what was used without cache and the peak', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 3000 }), (list, cache) => {
      const averages = samplesOf(list);
      const peak = Math.max(...averages.map(({ v }) => v));
      const now = { workingSet: averages.at(-1)?.v as never, activeFile: mi(cache), startedAt: AT - DAY };
      const measured = measureOf(() => 100, { averages, peak: peak as never, now, activeFile: [], rss: [] });
      const facts = checkSizing(observe(measured), THRESHOLDS)?.facts;
      const { limitBase = 0, requestBase = 0 } = (facts ?? {}) as Partial<SizingFacts>;
      expect(limitBase).toBeLessThanOrEqual(peak);
      expect(limitBase).toBeGreaterThanOrEqual(Math.max(0, Number(now.workingSet) - mi(cache)));
      expect(requestBase).toBe(peak);
    }),
  );
});
