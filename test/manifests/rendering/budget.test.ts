import { expect, test } from 'vitest';
import { createBudget } from '../../../src/manifests/rendering/budget.ts';

const over = (what: string) => ({ reason: 'over budget', why: expect.stringContaining(what) });

test('a run renders a number of times, and not once more', () => {
  const budget = createBudget(() => 0, { renders: 2, seconds: 300 });
  expect([budget.take(), budget.take()]).toEqual([undefined, undefined]);
  expect(budget.take()).toEqual(over('at most 2 times'));
  expect(budget.renders).toBe(2);
});

test('its time counts from the first rendering', () => {
  let now = 5000;
  const budget = createBudget(() => now, { renders: 10, seconds: 300 });
  expect(budget.take()).toBeUndefined();
  now += 300;
  expect(budget.take()).toBeUndefined();
  now += 1;
  expect(budget.take()).toEqual(over('more than 300 s in all'));
});
