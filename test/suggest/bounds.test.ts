import { describe, expect, test } from 'vitest';
import type { NamespaceBounds } from '../../src/model/workload.ts';
import { ABSENT, mi, set } from '../checks/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';

function bounded(bounds: Partial<NamespaceBounds>, change: Partial<Case> = {}) {
  const cluster = { bounds: [{ namespace: 'shop', ...bounds }], ...change.cluster };
  return judgeCase({ used: 2017, limit: set(2000), request: set(1536), ...change, cluster });
}

describe('LimitRange', () => {
  test('holds a suggestion, and says so', () => {
    const { suggestion } = bounded({ containerMax: mi(2400) });
    expect(suggestion?.limit?.to).toBe(mi(2400));
    expect(suggestion?.notes.join(' ')).toContain('LimitRange');
  });

  test('of a pod holds each of its containers', () => {
    const { suggestion } = bounded({ podSumMax: mi(2400) });
    expect(suggestion?.limit?.to).toBe(mi(2400));
    expect(suggestion?.notes.join(' ')).toContain('the LimitRange of the namespace allows a pod at most 2400Mi');
  });

  test('that leaves no safe value holds it back', () => {
    const { suggestion, withheld } = bounded({ containerMax: mi(2048) });
    expect(suggestion).toBeUndefined();
    expect(withheld?.why).toBe('Would be 2560Mi, but the LimitRange of the namespace allows at most 2048Mi');
  });

  test('lifts what would be below its minimum', () => {
    const { suggestion } = bounded({ containerMin: mi(1024) }, { used: 600, limit: set(4096), request: set(1024) });
    expect(suggestion?.limit?.to).toBe(mi(1024));
  });
});

test('a ResourceQuota counts for every replica', () => {
  expect(bounded({ quotaLimitsLeft: mi(600) }).suggestion?.limit?.to).toBe(mi(2560));
  expect(bounded({ quotaLimitsLeft: mi(600) }, { workload: { replicas: 4 } }).withheld?.why).toContain('for 4 pods');
});

test('the largest node bounds a suggestion', () => {
  expect(bounded({}, { cluster: { largestNodeAllocatable: mi(2100) } }).withheld?.why).toContain('largest node');
});

test('a request is held to its own quota', () => {
  const { suggestion, withheld } = bounded({ quotaRequestsLeft: mi(10) }, { request: set(500) });
  expect(suggestion?.limit?.to).toBe(mi(2560));
  expect(suggestion?.request).toBeUndefined();
  expect(withheld?.why).toContain('of requests');
});

test('a request that the API server fills in is held to its quota as well', () => {
  const implied = { template: { request: ABSENT }, limit: set(2000), request: set(2000) };
  expect(bounded({ quotaRequestsLeft: mi(600) }, implied).suggestion?.limit?.to).toBe(mi(2560));
  const { suggestion, withheld } = bounded({ quotaRequestsLeft: mi(100) }, implied);
  expect(suggestion).toBeUndefined();
  expect(withheld?.why).toContain('leaves 100Mi of requests');
});

test('a limit does not bring a request along that may not be', () => {
  const settings = { tighten: 'pull-request' as const };
  const silent = { used: 600, limit: ABSENT, request: ABSENT, settings };
  expect(bounded({}, silent).suggestion?.limit?.to).toBe(mi(896));
  expect(bounded({ quotaRequestsLeft: mi(10) }, silent).suggestion).toBeUndefined();
});
