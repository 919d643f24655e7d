import { expect, test } from 'vitest';
import { checkHeap } from '../../src/checks/heap.ts';
import type { HeapMeasurement } from '../../src/model/measurement.ts';
import { measureOf, mi, observe, set, THRESHOLDS } from './fixtures.ts';

function heapOf(heap: HeapMeasurement | undefined, limit = 2048) {
  return checkHeap(
    observe(
      measureOf(() => 1000, { heap }),
      { limit: set(limit) },
    ),
    THRESHOLDS,
  );
}

test('without JVM metrics the check does not apply', () => {
  expect(heapOf(undefined)).toBeUndefined();
  expect(heapOf({})).toBeUndefined();
  expect(heapOf({ used: mi(100) })).toBeUndefined();
  expect(checkHeap(observe(undefined), THRESHOLDS)).toBeUndefined();
});

test.each([
  [700, 'green', 'room'],
  [701, 'yellow', 'over the yellow line'],
  [850, 'yellow', 'over the yellow line'],
  [851, 'red', 'full'],
])('a live set of %i of 1000 is %s: %s', (live, level, reason) => {
  expect(heapOf({ liveSet: mi(live), maximum: mi(1000) })).toMatchObject({ level, facts: { reason } });
});

test('a heap of which the live set is not known can only fit or not', () => {
  const heap = { maximum: mi(1024), nonHeap: mi(200) };
  expect(heapOf(heap)).toMatchObject({ level: 'green', facts: { reason: 'fits', percent: undefined } });
  expect(heapOf(heap, 1223)).toMatchObject({ level: 'yellow', facts: { reason: 'does not fit' } });
});

test('the lowest use of the last hour stands in for a live set that is missing', () => {
  expect(heapOf({ lowestUsed: mi(900), maximum: mi(1000) })?.level).toBe('red');
  expect(heapOf({ liveSet: mi(300), lowestUsed: mi(900), maximum: mi(1000) })?.level).toBe('green');
});

test('a heap that fits only without the rest is yellow', () => {
  const heap = { liveSet: mi(300), maximum: mi(1536), nonHeap: mi(600) };
  expect(heapOf(heap)).toMatchObject({ level: 'yellow', facts: { reason: 'does not fit', fits: false } });
  expect(heapOf({ ...heap, nonHeap: mi(512) })).toMatchObject({ level: 'green', facts: { fits: true } });
});

test('whether it fits is not known without the rest, unless the heap alone is too large', () => {
  expect(heapOf({ liveSet: mi(300), maximum: mi(1536) })?.facts).toMatchObject({ fits: undefined });
  expect(heapOf({ maximum: mi(3000) })).toMatchObject({ level: 'yellow', facts: { fits: false } });
});
