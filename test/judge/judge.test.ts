import { expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import { selectSizingTargets } from '../../src/judge/select-sizing-targets.ts';
import { measureOf, mi } from '../checks/fixtures.ts';
import { observationOf, peaksOf, podOf, SETTINGS, workloadOf } from './fixtures.ts';

test('a container over its limit is red and gets the limit and request of the case', () => {
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 2017)], {
    peakHistories: [peaksOf(2017, 14)],
  });
  const { verdict, totals, workloads } = judge(observation, SETTINGS);
  expect(verdict).toBe('red');
  expect(totals).toEqual({ total: 1, healthy: 0, attention: 0, atRisk: 1, unknown: 0 });
  expect(workloads[0]?.containers[0]?.suggestion).toMatchObject({
    limit: { to: mi(2560) },
    request: { to: mi(1536) },
    direction: 'raise',
    level: 'red',
    delivery: { kind: 'change' },
    confidence: { level: 'high', why: '14 days, 1 pod, no restart' },
  });
  expect(selectSizingTargets(observation, SETTINGS)).toEqual([{ namespace: 'shop', container: 'app' }]);
});
