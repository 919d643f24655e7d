import { describe, expect, test } from 'vitest';
import { AT, HOUR, mi, set } from '../checks/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';
import { caseOf, heapOf, type Jvm, LARGE } from './heap-cases.ts';

describe('the memory of a JVM', () => {
  test('is split into what is known, what is estimated, and the rest', () => {
    expect(heapOf(LARGE)).toMatchObject({
      used: mi(1900),
      heapMaximum: mi(3072),
      liveHeap: mi(700),
      otherHeap: mi(500),
      nonHeap: mi(200),
      directBuffers: mi(50),
      pageCache: mi(60),
      threads: { count: 100, size: mi(1), most: mi(100) },
      emptyHeap: mi(100),
      rest: mi(190),
    });
  });

  test('has stacks of the size that -Xss says, and never more of them than there is left', () => {
    expect(heapOf({ ...LARGE, stack: 2 })?.threads).toEqual({ count: 100, size: mi(2), most: mi(200) });
    expect(heapOf({ ...LARGE, threads: 5000 })).toMatchObject({ threads: { most: mi(390) }, emptyHeap: 0, rest: 0 });
  });

  test('is not summed where its parts do not fit into what is used', () => {
    const split = heapOf({ ...LARGE, heap: { ...LARGE.heap, nonHeap: 5000 } });
    expect(split).toMatchObject({ liveHeap: mi(700), nonHeap: mi(5000) });
    expect(split).not.toHaveProperty('used');
    expect(split).not.toHaveProperty('rest');
  });

  test('is that of the lowest use where no collection has told what lives, and of an earlier recording as far as it goes', () => {
    expect(heapOf({ heap: { used: 900, lowestUsed: 400, maximum: 1000 } })).toEqual({
      used: mi(1900),
      heapMaximum: mi(1000),
      liveHeap: mi(400),
      otherHeap: mi(500),
      pageCache: mi(60),
      rest: mi(940),
    });
  });

  test('is told where nothing is proposed for a limit that is too low, and never beside a request alone', () => {
    const killed = { reason: 'OOMKilled', finishedAt: AT - HOUR };
    const vpa: Partial<Case> = { workload: { vpa: 'steered' }, live: { lastTermination: killed } };
    expect(judgeCase(caseOf({ ...LARGE, more: vpa })).withheld?.heap).toBeUndefined();
    const requestOnly = judgeCase({ ...caseOf({ ...LARGE, used: 900, limit: 2000 }), request: set(100) });
    expect(requestOnly.suggestion?.limit).toBeUndefined();
    expect(requestOnly.suggestion?.heap).toBeUndefined();
  });
});

describe('what grows', () => {
  const rise = (from: number, perHour: number) => (hours: number) => from + (24 + hours) * perHour;
  const flat = (value: number) => () => value;
  const still = { used: flat(900), liveSet: flat(500), nonHeap: flat(200), committed: flat(1000), threads: flat(50) };

  test.each([
    ['live heap', { used: rise(900, 10), liveSet: rise(500, 10) }],
    ['other heap', { used: rise(900, 10) }],
    ['heap', { used: rise(900, 10), liveSet: undefined }],
    ['non-heap', { nonHeap: rise(200, 20), used: rise(900, 10) }],
    ['direct buffers', { directBuffers: rise(50, 10) }],
    ['threads', { threads: rise(50, 10) }],
    [undefined, {}],
    [undefined, { nonHeap: rise(200, 1) }],
    [undefined, { liveSet: rise(900, -10) }],
  ] as const)('is the %s', (part, change) => {
    const course = Object.fromEntries(Object.entries({ ...still, ...change }).filter(([, at]) => at !== undefined));
    expect(heapOf({ ...LARGE, course })?.grows).toBe(part);
  });

  test('is the rest, where more is resident than the JVM can have of its own', () => {
    expect(heapOf({ ...LARGE, course: still, rss: rise(1300, 10) })?.grows).toBe('rest');
    expect(heapOf({ ...LARGE, course: still, rss: rise(900, 10) })?.grows).toBeUndefined();
  });

  test('is not told of a run that fills less than three quarters of the window', () => {
    const started = (hours: number): Partial<Case> => ({
      measured: { now: { workingSet: mi(1900), startedAt: AT - hours * HOUR } },
      live: { startedAt: AT - hours * HOUR },
    });
    const course = { ...still, nonHeap: rise(200, 20) };
    expect(heapOf({ ...LARGE, course, more: started(20) })?.grows).toBe('non-heap');
    expect(heapOf({ ...LARGE, course, more: started(17) })?.grows).toBeUndefined();
  });
});

describe('where a raise of the limit goes', () => {
  test.each([
    ['beside', { maxHeap: mi(512) }, 512],
    ['beside', { maxHeap: mi(512), maxRamPercentage: 50 }, 512],
    ['heap', { maxRamPercentage: 75 }, 1500],
    ['heap', undefined, 500],
    [undefined, undefined, 512],
    [undefined, undefined, 1000],
  ] as const)('is %s, of a heap by %j that can be %iMi', (goes, jvm, maximum) => {
    const nonHeap = 600;
    expect(heapOf({ jvm, heap: { used: 450, liveSet: 440, maximum, nonHeap } })?.raiseGoesTo).toBe(goes);
  });

  test('is said of the default quarter, whose live heap a lower limit has to hold', () => {
    const { suggestion } = judgeCase(caseOf({ heap: { liveSet: 300, maximum: 500, nonHeap: 600 } }));
    expect(suggestion?.notes.join(' ')).toContain('to 576Mi (a quarter of it, as without a heap flag)');
    const roomy = caseOf({ used: 600, limit: 8192, heap: { liveSet: 500, maximum: 2048, nonHeap: 100 } });
    const lowered = judgeCase({ ...roomy, request: set(512) }).suggestion?.limit?.to ?? 0;
    expect(lowered * 0.25 * 0.85).toBeGreaterThanOrEqual(mi(500));
  });

  test('a percentage beside an -Xmx counts for nothing', () => {
    const both = caseOf({ jvm: { maxHeap: mi(512), maxRamPercentage: 75 } });
    expect(judgeCase(both).suggestion?.limit).toBeDefined();
  });
});

describe('another heap flag', () => {
  const smaller = { direction: 'lower', limit: 'stays', where: 'args' };

  test.each([
    ['-Xmx3g', '-Xmx1g', 3072],
    ['-Xmx3072m', '-Xmx1024m', 3072],
    ['-Xmx3G', '-Xmx1G', 3072],
    ['-XX:MaxHeapSize=3221225472', '-XX:MaxHeapSize=1024m', 3072],
    ['-Xmx2g', '-Xmx1g', 2048],
  ])('is a smaller heap for %s, which does not fit into the limit: %s', (from, to, maximum) => {
    const one = { ...LARGE, flag: from, jvm: { maxHeap: mi(maximum) }, heap: { ...LARGE.heap, maximum } };
    expect(heapOf(one)?.betterFlag).toEqual({ from, to, ...smaller });
  });

  test('is not a smaller one where what lives needs it, something else grows, or the flag is not the one that counts', () => {
    expect(heapOf({ ...LARGE, heap: { ...LARGE.heap, liveSet: 900 } })?.betterFlag).toBeUndefined();
    const nonHeap = (hours: number) => 200 + (24 + hours) * 20;
    expect(heapOf({ ...LARGE, course: { used: () => 1200, nonHeap } })?.betterFlag).toBeUndefined();
    expect(heapOf({ ...LARGE, heap: { ...LARGE.heap, maximum: 500 } })?.betterFlag).toBeUndefined();
    expect(heapOf({ ...LARGE, flag: undefined })?.betterFlag).toBeUndefined();
  });

  test('is a smaller percentage beside the advice to lower it', () => {
    const heap = { used: 1300, liveSet: 500, maximum: 1500, nonHeap: 250, committed: 1500 };
    const one = caseOf({ flag: '-XX:MaxRAMPercentage=75.0', jvm: { maxRamPercentage: 75 }, heap });
    const { suggestion, withheld } = judgeCase(one);
    expect(suggestion).toBeUndefined();
    expect(withheld?.why).toContain('lower the percentage rather than raise the limit');
    expect(withheld?.heap?.betterFlag).toEqual({
      from: '-XX:MaxRAMPercentage=75.0',
      to: '-XX:MaxRAMPercentage=65.0',
      ...smaller,
    });
  });

  test('is a larger heap where what lives fills it, which the suggested limit has room for', () => {
    const full: Jvm = {
      flag: '-Xmx1g',
      jvm: { maxHeap: mi(1024) },
      heap: { used: 1000, liveSet: 950, maximum: 1024, nonHeap: 400, committed: 1024 },
    };
    expect(heapOf(full)?.betterFlag).toBeUndefined();
    const large: Jvm = { ...full, used: 6000, limit: 6500 };
    const larger = { from: '-Xmx1g', to: '-Xmx1536m', where: 'args', direction: 'raise' };
    expect(heapOf(large)?.betterFlag).toEqual({ ...larger, limit: 'as suggested' });
    const leaking = {
      ...large,
      course: { used: (hours: number) => 900 + hours * 10, liveSet: (hours: number) => 900 + hours * 10 },
    };
    expect(heapOf(leaking)?.betterFlag).toBeUndefined();
  });
});
