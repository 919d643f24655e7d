import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBytes } from '../../src/bytes.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Setting } from '../../src/model/workload.ts';
import { ABSENT, AT, HOUR, mi, set, THRESHOLDS } from '../checks/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';

const setting = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Setting>(ABSENT) },
  { weight: 6, arbitrary: fc.integer({ min: 16, max: 12_000 }).map((mebi): Setting => set(mebi)) },
);

const resources = fc.tuple(setting, setting, fc.boolean()).map(([limit, request, same]) => {
  if (limit.state === 'set' && request.state === 'set' && (same || request.bytes > limit.bytes)) {
    return { limit, request: limit };
  }
  return { limit, request };
});

const cases = fc
  .record({
    resources,
    flat: fc.integer({ min: 1, max: 8000 }),
    spike: fc.integer({ min: 0, max: 1000 }),
    cache: fc.integer({ min: 0, max: 4000 }),
    longPeak: fc.integer({ min: 0, max: 9000 }),
    days: fc.integer({ min: 0, max: 14 }),
    killed: fc.boolean(),
    waits: fc.boolean(),
    flatDays: fc.boolean(),
    killedBefore: fc.option(
      fc.record({
        daysAgo: fc.integer({ min: 2, max: 13 }),
        limit: fc.option(fc.integer({ min: 16, max: 12_000 }), { nil: undefined }),
      }),
      { nil: undefined },
    ),
    usageRed: fc.integer({ min: 50, max: 95 }),
    limitFactor: fc.double({ min: 1, max: 3, noNaN: true }),
    requestFactor: fc.double({ min: 0.1, max: 1, noNaN: true }),
    tighten: fc.constantFrom('report' as const, 'pull-request' as const),
    jvm: fc.option(fc.constantFrom({ maxHeap: mi(512) }, { maxRamPercentage: 75 }), { nil: undefined }),
  })
  .map((one): Case => {
    const now = { workingSet: mi(one.flat), activeFile: mi(Math.min(one.flat, one.cache)), startedAt: AT - 720 * HOUR };
    const measured: Partial<ContainerMeasurement> = {
      now,
      peak: mi(one.flat + one.spike),
      ...(one.waits && { pressure: { waiting: [{ t: AT, v: 0.3 }], stalled: [] } }),
    };
    const { usageRed, limitFactor, requestFactor, tighten } = one;
    const lastTermination = one.killed ? { reason: 'OOMKilled', finishedAt: AT - 3 * HOUR } : undefined;
    return {
      ...one.resources,
      used: one.flat,
      longPeak: one.longPeak,
      days: one.days,
      flat: one.flatDays,
      killed: one.killedBefore,
      measured,
      live: { lastTermination },
      template: { jvm: one.jvm },
      settings: { tighten, thresholds: { ...THRESHOLDS, usageYellow: 40, usageRed, limitFactor, requestFactor } },
    };
  });

const runs = { numRuns: 1500 };

/** A limit that is added to hold a large request is just so much more than was used that it would be lowered again. */
const roomyOnlyAfterRounding: Case = {
  limit: ABSENT,
  request: set(11_009),
  used: 1,
  longPeak: 5633,
  days: 7,
  measured: { now: { workingSet: mi(1), activeFile: mi(0), startedAt: AT - 720 * HOUR }, peak: mi(1) },
  settings: { tighten: 'report', thresholds: { ...THRESHOLDS, usageRed: 73, limitFactor: 1, requestFactor: 0.1 } },
};

/** The same container after its suggestion was applied. Pods are new. */
function apply(one: Case): Case | undefined {
  const { suggestion } = judgeCase(one);
  if (suggestion === undefined) return undefined;
  const limit: Setting = suggestion.limit ? { state: 'set', bytes: suggestion.limit.to } : one.limit;
  // The API server gives a container without a request its limit.
  const request: Setting = suggestion.request ? { state: 'set', bytes: suggestion.request.to } : one.request;
  const live = { ...one.live, lastTermination: undefined };
  // What a kill tells of the past stays in the long peaks, which are those of pods that are gone as well.
  const killedAt = one.live?.lastTermination && one.limit.state === 'set' ? one.limit.bytes / 1024 ** 2 : 0;
  const longPeak = Math.max(one.days === 0 ? 0 : (one.longPeak ?? 0), killedAt);
  const killed = one.killed ?? (killedAt > 0 ? { daysAgo: 2, limit: killedAt } : undefined);
  return { ...one, limit, request, live, longPeak, killed, days: Math.max(one.days ?? 0, killedAt > 0 ? 1 : 0) };
}

test('a suggestion is stable: applied, with usage unchanged, nothing is red and nothing more is suggested', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const applied = apply(one);
      if (applied === undefined) return;
      const first = judgeCase(one);
      const after = judgeCase(applied);
      // A leak is not raised while its kills are known, of which a case keeps one.
      if (first.withheld?.why.includes('that is a leak')) return;
      if (first.suggestion?.limit) expect(after.worst.usage?.finding.level).not.toBe('red');
      if (after.suggestion === undefined) return;
      // Only a limit that was said before, beside a request that was changed, may still stand there.
      expect(after.suggestion.delivery.kind).toBe('report');
      expect(after.suggestion.request).toBeUndefined();
      expect(first.withheld?.why).toContain(`A limit would be ${formatBytes(after.suggestion.limit?.to ?? 0)}`);
    }),
    { ...runs, examples: [[roomyOnlyAfterRounding]] },
  );
});

test('a suggestion is safe: never below what was used, and a request never above its limit', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { suggestion } = judgeCase(one);
      if (suggestion === undefined) return;
      const peak = Math.max(Number(one.measured?.peak), one.days === 0 ? 0 : mi(one.longPeak ?? 0));
      const limit = suggestion.limit?.to;
      const request = suggestion.request?.to;
      if (limit !== undefined) {
        expect(limit).toBeGreaterThanOrEqual(peak * 1.1);
        expect(limit).toBeGreaterThanOrEqual(mi(16));
      }
      if (request !== undefined) expect(request).toBeGreaterThanOrEqual(mi(16));
      const inForce = limit ?? (one.limit.state === 'set' ? one.limit.bytes : Number.POSITIVE_INFINITY);
      const asked = request ?? (one.request.state === 'set' ? one.request.bytes : 0);
      expect(asked).toBeLessThanOrEqual(inForce);
    }),
    runs,
  );
});

test('nothing is lowered to or below a limit that killed, nor where that limit is not known', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { suggestion } = judgeCase(one);
      if (one.days === 0 || one.killed === undefined || suggestion?.limit === undefined) return;
      if (one.killed.limit !== undefined) expect(suggestion.limit.to).toBeGreaterThan(mi(one.killed.limit));
      else if (one.limit.state === 'set') expect(suggestion.direction).toBe('raise');
    }),
    runs,
  );
});

test('a raise raises and a lowering lowers, by 10 % and a quarter at least', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { suggestion } = judgeCase(one);
      if (suggestion?.limit === undefined || one.limit.state !== 'set') return;
      const share = suggestion.limit.to / one.limit.bytes;
      if (suggestion.direction === 'lower') expect(share).toBeLessThanOrEqual(0.75);
      else if (suggestion.level !== 'red') expect(share).toBeGreaterThanOrEqual(1.1);
      else expect(share).toBeGreaterThan(1);
    }),
    runs,
  );
});

test('Guaranteed stays Guaranteed', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { suggestion } = judgeCase(one);
      const same = one.limit.state === 'set' && one.request.state === 'set' && one.limit.bytes === one.request.bytes;
      if (same && suggestion !== undefined) expect(suggestion.request?.to).toBe(suggestion.limit?.to);
    }),
    runs,
  );
});

test('a raised limit never falls when more was used', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 2000 }), (one, more) => {
      const less = judgeCase(one).suggestion;
      const now = {
        ...one.measured?.now,
        workingSet: mi(Number(one.used) + more),
        activeFile: one.measured?.now?.activeFile,
      };
      const peak = mi(Number(one.measured?.peak) / 1024 ** 2 + more);
      const measured = { ...one.measured, now, peak };
      const higher = judgeCase({ ...one, used: Number(one.used) + more, measured }).suggestion;
      if (less?.direction !== 'raise' || less.limit === undefined || higher?.limit === undefined) return;
      expect(higher.limit.to).toBeGreaterThanOrEqual(less.limit.to);
    }),
    runs,
  );
});
