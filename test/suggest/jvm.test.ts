import { describe, expect, test } from 'vitest';
import { AT, HOUR, mi, set } from '../checks/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';

const jvm: Case = {
  used: 1800,
  limit: set(2000),
  request: set(1500),
  template: { jvm: { maxRamPercentage: 75 } },
};

function withHeap(live: number, nonHeap: number) {
  return { measured: { heap: { liveSet: mi(live), maximum: mi(1500), nonHeap: mi(nonHeap) } } };
}

describe('a JVM sized by MaxRAMPercentage', () => {
  test('with room in its heap is advised on the percentage instead of a raise', () => {
    const { suggestion, withheld } = judgeCase({ ...jvm, ...withHeap(500, 300) });
    expect(suggestion).toBeUndefined();
    expect(withheld?.why).toContain('lower the percentage rather than raise the limit');
  });

  test('gets the raise when the live heap is red, told what the heap will be', () => {
    const { suggestion } = judgeCase({ ...jvm, ...withHeap(1400, 300) });
    expect(suggestion?.limit?.to).toBe(mi(2304));
    expect(suggestion?.notes.join(' ')).toContain('The heap grows with the limit, to 1728Mi');
  });

  test('gets the raise when the rest no longer fits, by its metrics, a kill, or usage over the limit', () => {
    expect(judgeCase({ ...jvm, ...withHeap(500, 600) }).suggestion?.limit?.to).toBe(mi(2304));
    const lastTermination = { reason: 'OOMKilled', finishedAt: AT - HOUR };
    expect(judgeCase({ ...jvm, live: { lastTermination } }).suggestion?.limit).toBeDefined();
    expect(judgeCase({ ...jvm, used: 2017 }).suggestion?.limit).toBeDefined();
  });

  test('keeps its live heap when the limit is lowered', () => {
    const roomy: Case = { ...jvm, used: 600, limit: set(8192), request: set(512) };
    expect(judgeCase(roomy).suggestion?.limit?.to).toBe(mi(896));
    const lowered = judgeCase({ ...roomy, ...withHeap(1000, 100) }).suggestion?.limit?.to ?? 0;
    expect(lowered * 0.75 * 0.85).toBeGreaterThanOrEqual(mi(1000));
  });
});

describe('a JVM with a fixed -Xmx', () => {
  const fixed: Case = { ...jvm, template: { jvm: { maxHeap: mi(1536) } } };

  test('is told what a raise will not do', () => {
    expect(judgeCase(fixed).suggestion?.notes.join(' ')).toContain('-Xmx 1536Mi');
  });

  test('never gets a limit in which the heap does not fit', () => {
    const roomy: Case = { ...fixed, used: 600, limit: set(8192), request: set(512) };
    expect(judgeCase(roomy).suggestion?.limit?.to).toBeGreaterThanOrEqual(mi(1536));
  });
});

describe('a JVM whose flags stand elsewhere', () => {
  const roomy: Case = { ...jvm, used: 600, limit: set(8192), request: set(512), template: {} };
  const measuredAt = (maximum: number) => ({
    measured: { heap: { liveSet: mi(300), maximum: mi(maximum), nonHeap: mi(200) } },
  });

  // 2048Mi are a quarter of the limit, as without a flag, and may be an -Xmx2g all the same.
  test.each([1536, 2048, 4096])('never gets a limit in which its heap of %dMi does not fit', (maximum) => {
    const { suggestion } = judgeCase({ ...roomy, ...measuredAt(maximum) });
    expect(suggestion?.limit?.to ?? mi(8192)).toBeGreaterThanOrEqual(mi(maximum + 200));
  });
});
