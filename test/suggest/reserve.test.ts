import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Setting, TemplateContainer, Workload } from '../../src/model/workload.ts';
import { sumReserved } from '../../src/suggest/reserve.ts';
import { ABSENT, mi, set, UNKNOWN } from '../checks/fixtures.ts';
import { liveContainer, podOf, templateOf, workloadOf } from '../judge/fixtures.ts';
import { judgeCase } from './fixtures.ts';

interface Sizes {
  readonly limit: Setting;
  readonly request: Setting;
}

/** A workload whose pods run with `live` and whose manifest says `template`. */
function cart(live: Sizes, template: Partial<TemplateContainer> = live, change: Partial<Workload> = {}): Workload {
  return workloadOf([podOf('cart-0', [liveContainer(live)])], { containers: [templateOf(template)], ...change });
}

const value = (to: number) => ({ from: UNKNOWN, to: mi(to), why: '' });
const limit = (to: number) => ({ limit: value(to) });
const request = (to: number) => ({ request: value(to) });
const both = { limit: set(2000), request: set(1000) };

describe('what the scheduler sets aside', () => {
  test('is the request, over all pods that the workload wants', () => {
    expect(sumReserved(cart(both), 'app', request(1500), [])).toBe(mi(500));
    expect(sumReserved(cart(both, both, { replicas: 3 }), 'app', { ...limit(3000), ...request(800) }, [])).toBe(
      -mi(600),
    );
  });

  test('is nothing of a limit alone', () => {
    expect(sumReserved(cart(both), 'app', limit(4000), [])).toBe(0);
    expect(sumReserved(cart({ limit: ABSENT, request: set(500) }), 'app', limit(4000), [])).toBe(0);
  });

  test('is the limit where the request is left out', () => {
    const filledIn = cart({ limit: set(2000), request: set(2000) }, { limit: set(2000), request: ABSENT });
    expect(sumReserved(filledIn, 'app', limit(3000), [])).toBe(mi(1000));
    const without = { limit: ABSENT, request: ABSENT };
    expect(sumReserved(cart(without), 'app', limit(3000), [])).toBe(mi(3000));
    // A LimitRange has filled in both: with a limit of its own, its request is no longer the LimitRange's.
    const byLimitRange = cart({ limit: set(512), request: set(256) }, without);
    expect(sumReserved(byLimitRange, 'app', limit(1024), [])).toBe(mi(768));
  });

  test('is held against what is in force, so writing down what runs costs nothing', () => {
    const resized = liveContainer({ ...both, actual: { limit: set(3000), request: set(2000) } });
    const workload = workloadOf([podOf('cart-0', [resized])], { containers: [templateOf(both)] });
    const drift = [{ how: 'in place', steered: false }] as const;
    expect(sumReserved(workload, 'app', { ...limit(3000), ...request(2000) }, drift)).toBe(0);
  });

  test('is not known of what something else sizes, has no pods, or cannot be read', () => {
    expect(sumReserved(cart(both), 'app', request(1500), [{ how: 'when made', steered: false }])).toBeUndefined();
    expect(sumReserved(cart(both), 'app', request(1500), [{ how: 'in place', steered: true }])).toBeUndefined();
    expect(sumReserved(cart(both, both, { replicas: 0 }), 'app', request(1500), [])).toBeUndefined();
    const gone = workloadOf([]);
    expect(sumReserved({ ...gone, replicas: undefined }, 'app', request(1500), [])).toBeUndefined();
    expect(sumReserved(cart({ limit: set(1), request: UNKNOWN }), 'app', request(1500), [])).toBeUndefined();
  });

  test('counts as many pods as are there where nobody says how many are wanted, and none that is going away', () => {
    const there = ['a', 'b', 'c'].map((name) => podOf(name));
    const pods = [...there, podOf('d', undefined, { deleting: true }), podOf('e', undefined, { phase: 'Failed' })];
    const { replicas: _, ...workload } = workloadOf(pods);
    expect(sumReserved(workload, 'app', request(1100), [])).toBe(mi(300));
  });

  test('is what the manifest says where no pod could be made yet', () => {
    expect(sumReserved({ ...workloadOf([]), replicas: 2 }, 'app', request(1500), [])).toBe(mi(1000));
  });

  test('is that of the pod as a whole where it asks for memory itself', () => {
    const whole = { name: '(pod)', kind: 'pod', limit: set(4000), request: set(3000) } as const;
    const workload = workloadOf([podOf('cart-0', [liveContainer(), liveContainer(whole)])], {
      containers: [templateOf(), templateOf({ ...whole })],
    });
    expect(sumReserved(workload, 'app', request(1500), [])).toBe(0);
    expect(sumReserved(workload, '(pod)', request(3500), [])).toBe(mi(500));
    const asking = workloadOf([podOf('cart-0', undefined, { requestsAsWhole: true })]);
    expect(sumReserved(asking, 'app', request(1500), [])).toBe(0);
  });

  test('follows the limit of the pod as a whole only where none of its containers asks for anything', () => {
    const live = { name: '(pod)', kind: 'pod', limit: set(4000), request: set(4000) } as const;
    const empty = { limit: ABSENT, request: ABSENT };
    const alone = workloadOf([podOf('cart-0', [liveContainer(empty), liveContainer(live)])], {
      containers: [templateOf(empty), templateOf({ ...live, request: ABSENT })],
    });
    expect(sumReserved(alone, '(pod)', limit(5000), [])).toBe(mi(1000));
    const asking = { ...alone, containers: [templateOf(), templateOf({ ...live, request: ABSENT })] };
    expect(sumReserved(asking, '(pod)', limit(5000), [])).toBe(0);
  });
});

test('a suggestion knows it', () => {
  const { suggestion } = judgeCase({ used: 2017, limit: set(2000), request: set(1000), workload: { replicas: 2 } });
  expect(suggestion?.reserves).toBe(mi(1072));
});

const sizes = fc.record({ limit: fc.integer({ min: 1, max: 9000 }), request: fc.integer({ min: 1, max: 9000 }) });

test('going there and back again costs nothing', () => {
  fc.assert(
    fc.property(sizes, sizes, fc.integer({ min: 1, max: 50 }), (from, to, replicas) => {
      const change = (a: typeof from, b: typeof from) => {
        const workload = cart({ limit: set(a.limit), request: set(a.request) }, undefined, { replicas });
        return sumReserved(workload, 'app', { ...limit(b.limit), ...request(b.request) }, []) ?? Number.NaN;
      };
      expect(change(from, to) + change(to, from)).toBe(0);
      expect(Math.sign(change(from, to))).toBe(Math.sign(to.request - from.request));
    }),
  );
});
