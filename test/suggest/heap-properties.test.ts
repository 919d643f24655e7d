import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HeapSplit } from '../../src/model/suggestion.ts';
import { AT, HOUR, mi, THRESHOLDS } from '../checks/fixtures.ts';
import { judgeCase } from './fixtures.ts';
import { caseOf, type Jvm } from './heap-cases.ts';

const MEBI = fc.integer({ min: 0, max: 3000 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const SIZED = [
  ...[16, 100, 512, 900, 1024, 2000, 3072, 6000].map((mebi) => ({ flag: `-Xmx${mebi}m`, jvm: { maxHeap: mi(mebi) } })),
  ...[5, 12, 25, 50, 75, 80, 95].map((share) => ({
    flag: `-XX:MaxRAMPercentage=${share}`,
    jvm: { maxRamPercentage: share },
  })),
  { flag: undefined, jvm: undefined },
] as const;

const jvms = fc
  .record({
    used: fc.integer({ min: 60, max: 4000 }),
    /** The limit in percent of what is used. */
    room: fc.integer({ min: 80, max: 200 }),
    sized: fc.constantFrom(...SIZED),
    /** In percent of the heap. */
    live: fc.integer({ min: 0, max: 100 }),
    garbage: optional(MEBI),
    empty: optional(MEBI),
    nonHeap: optional(fc.integer({ min: 0, max: 800 })),
    directBuffers: optional(fc.integer({ min: 0, max: 300 })),
    threads: optional(fc.integer({ min: 0, max: 1000 })),
    nonHeapGrows: fc.constantFrom(-5, 0, 0, 30),
    killed: fc.boolean(),
    usageYellow: fc.integer({ min: 1, max: 70 }),
    usageRed: fc.integer({ min: 70, max: 95 }),
  })
  .map(({ sized: { flag, jvm }, garbage, empty, killed, usageYellow, usageRed, ...one }): Jvm => {
    const limit = Math.max(16, Math.round((one.used * one.room) / 100));
    const share = jvm !== undefined && 'maxRamPercentage' in jvm ? jvm.maxRamPercentage : 25;
    const maximum = jvm !== undefined && 'maxHeap' in jvm ? jvm.maxHeap / 1024 ** 2 : (limit * share) / 100;
    const live = (maximum * one.live) / 100;
    const used = garbage === undefined ? undefined : live + garbage;
    const committed = used === undefined || empty === undefined ? undefined : used + empty;
    const { nonHeap, directBuffers } = one;
    const heap = { used, liveSet: live, maximum, nonHeap, committed, directBuffers };
    const thresholds = { ...THRESHOLDS, usageYellow, usageRed };
    return {
      ...{ used: one.used, limit, flag, jvm, threads: one.threads },
      heap: Object.fromEntries(Object.entries(heap).filter(([, value]) => value !== undefined)),
      course: { used: () => live, liveSet: () => live, nonHeap: (hours) => 200 + (24 + hours) * one.nonHeapGrows },
      more: {
        settings: { thresholds },
        ...(killed && { live: { lastTermination: { reason: 'OOMKilled', finishedAt: AT - 3 * HOUR } } }),
      },
    };
  });

const runs = { numRuns: 2000 };

function judged(one: Jvm) {
  const { suggestion, withheld } = judgeCase(caseOf(one));
  return { suggestion, withheld, heap: suggestion?.heap ?? withheld?.heap };
}

const sum = (sizes: readonly (number | undefined)[]) => sizes.reduce<number>((all, size = 0) => all + size, 0);

/** What a full heap shares the limit with. */
function besideOf({ nonHeap, directBuffers, threads, rest }: HeapSplit): number {
  return sum([nonHeap, directBuffers, threads?.most, rest]);
}

/** The size in bytes that a flag asks for, of a limit in Mi. */
function sizeOf(flag: string, limit: number): number {
  const [, mebi] = /^-Xmx(\d+)m$/.exec(flag) ?? [];
  return mebi === undefined ? (mi(limit) * Number(flag.split('=')[1])) / 100 : Number(mebi) * 1024 ** 2;
}

test('the parts are together what is used, where that is said, and none is negative', () => {
  fc.assert(
    fc.property(jvms, (one) => {
      const { heap } = judged(one);
      if (heap === undefined) return;
      const { liveHeap, otherHeap, nonHeap, directBuffers, pageCache, threads, emptyHeap, rest } = heap;
      const parts = [liveHeap, otherHeap, nonHeap, directBuffers, pageCache, threads?.most, emptyHeap, rest];
      for (const part of parts) expect(part ?? 0).toBeGreaterThanOrEqual(0);
      if (heap.used === undefined) expect([pageCache, threads, emptyHeap, rest]).toEqual(Array(4).fill(undefined));
      else expect(Math.abs(sum(parts) - heap.used)).toBeLessThan(8);
    }),
    runs,
  );
});

test('a smaller heap holds what lives in it and fits into the limit that stays; a larger one only where the old is full', () => {
  fc.assert(
    fc.property(jvms, (one) => {
      const { heap, suggestion } = judged(one);
      const { betterFlag } = heap ?? {};
      if (heap === undefined || betterFlag === undefined) return;
      const { usageYellow = 0, usageRed = 0 } = one.more?.settings?.thresholds ?? {};
      const limit = one.limit ?? 0;
      const [from, to] = [sizeOf(betterFlag.from, limit), sizeOf(betterFlag.to, limit)];
      const bound = betterFlag.limit === 'stays' ? mi(limit) : (suggestion?.limit?.to ?? 0);
      expect(to + besideOf(heap)).toBeLessThanOrEqual((bound * usageRed) / 100 + 1);
      expect((heap.liveHeap ?? 0) * 100).toBeLessThanOrEqual(to * usageYellow * 1.0001);
      const isFull = (heap.liveHeap ?? 0) * 100 > (heap.heapMaximum ?? 0) * usageRed;
      expect(betterFlag.direction).toBe(isFull ? 'raise' : 'lower');
      expect(Math.sign(to - from)).toBe(isFull ? 1 : -1);
    }),
    runs,
  );
});

test('with the other flag, and usage unchanged, no further one is better', () => {
  fc.assert(
    fc.property(jvms, (one) => {
      const { betterFlag } = judged(one).heap ?? {};
      if (betterFlag === undefined || betterFlag.limit !== 'stays') return;
      const maximum = sizeOf(betterFlag.to, one.limit ?? 0) / 1024 ** 2;
      const jvm = one.jvm?.maxHeap
        ? { maxHeap: mi(maximum) }
        : { maxRamPercentage: Number(betterFlag.to.split('=')[1]) };
      expect(
        judged({ ...one, flag: betterFlag.to, jvm, heap: { ...one.heap, maximum } }).heap?.betterFlag,
      ).toBeUndefined();
    }),
    runs,
  );
});

test('what is said of a raise fits the notes and what is held back', () => {
  fc.assert(
    fc.property(jvms, (one) => {
      const { suggestion, withheld, heap } = judged(one);
      const notes = suggestion?.notes.join(' ') ?? '';
      if (suggestion?.limit !== undefined && suggestion.direction === 'raise') {
        expect(notes.includes('The heap stays at')).toBe(heap?.raiseGoesTo === 'beside');
        expect(notes.includes('The heap grows with')).toBe(heap?.raiseGoesTo === 'heap');
      }
      if (withheld?.why.includes('lower the percentage')) {
        expect(heap?.raiseGoesTo).toBe('heap');
        expect(heap?.betterFlag?.direction ?? 'lower').toBe('lower');
      }
    }),
    runs,
  );
});
