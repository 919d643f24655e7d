import { describe, expect, test } from 'vitest';
import type { ContainerChange } from '../../src/model/gate.ts';
import { weigh } from '../../src/weigh/weigh.ts';
import { mi, set } from '../checks/fixtures.ts';
import { changeOf, evidenceOf, findingOf, type Known, limitTo, REF, valueChange, WEIGH_SETTINGS } from './fixtures.ts';

function weighAll(containers: readonly ContainerChange[], known: Known = {}) {
  return weigh({ containers, unread: [] }, evidenceOf(known), WEIGH_SETTINGS);
}

/** A container of another workload. */
function ofWorkload(name: string, change: ContainerChange): ContainerChange {
  return { ...change, workload: { ...REF, name } };
}

const notLive: Known = { matched: { state: 'new' } };

test('the verdict is the worst of all, and the worst comes first', () => {
  const { verdict, changes } = weighAll([ofWorkload('a', limitTo(4000)), ofWorkload('b', limitTo(500))]);
  expect(verdict).toBe('red');
  expect(changes.map(({ change, level }) => [change.workload.name, level])).toEqual([
    ['b', 'red'],
    ['a', 'green'],
  ]);
  expect(changes[0]?.findings.map(({ level }) => level)).toEqual(['red', 'red', 'green']);
});

test('nothing that changes is green, and nothing had to be known', () => {
  expect(weighAll([])).toEqual({
    verdict: 'green',
    changes: [],
    unread: [],
    cost: {
      limits: { before: 0, after: 0 },
      requests: { before: 0, after: 0 },
      uncounted: 0,
      unlimited: 0,
      added: 0,
      freed: 0,
    },
    notes: [],
  });
});

test('names the namespace of the live workload where the manifest names none', () => {
  const { namespace: _, ...workload } = REF;
  expect(weighAll([{ ...limitTo(4000), workload }]).changes[0]?.namespace).toBe('shop');
  expect(weighAll([limitTo(4000)]).changes[0]).not.toHaveProperty('namespace');
});

describe('a quota', () => {
  const bounds = { quotaLimitsLeft: mi(3000) };

  test('is held against all changes of its namespace together, over their pods', () => {
    const both = [ofWorkload('a', limitTo(3000)), ofWorkload('b', limitTo(3000))];
    const { changes } = weighAll(both, { bounds, pods: 2 });
    for (const { findings } of changes) {
      expect(findingOf(findings, 'quota')).toEqual({
        level: 'red',
        fact: { kind: 'quota', field: 'limit', more: mi(4000), left: mi(3000), pods: 4 },
      });
    }
    expect(weighAll(both.slice(0, 1), { bounds, pods: 2 }).verdict).toBe('green');
  });

  test('has what other changes free', () => {
    const freed = [ofWorkload('a', limitTo(6000)), ofWorkload('b', limitTo(1800, 4000))];
    expect(
      weighAll(freed, { bounds }).changes.flatMap(({ findings }) => findings.map(({ fact }) => fact.kind)),
    ).not.toContain('quota');
    const removed = ofWorkload('b', changeOf({ kind: 'removed' }));
    expect(weighAll([ofWorkload('a', limitTo(6000)), removed], { bounds }).verdict).toBe('green');
    expect(weighAll([ofWorkload('a', limitTo(6000))], { bounds }).verdict).toBe('red');
  });

  test('counts a container once, in how many applications it may stand', () => {
    const application = { way: 'kustomize', name: 'rel', path: 'rel/kustomization.yaml' } as const;
    expect(weighAll([limitTo(4900), { ...limitTo(4900), application }], { bounds }).verdict).toBe('green');
  });

  test('counts what a new workload takes, and what its limit asks for', () => {
    const added = changeOf({ kind: 'added', replicas: 4, limit: valueChange({ state: 'absent' }, set(1000)) });
    expect(weighAll([added], { ...notLive, bounds }).verdict).toBe('red');
    const silent = changeOf({
      request: valueChange({ state: 'absent' }, { state: 'absent' }),
      limit: valueChange(set(2000), set(3000)),
    });
    expect(weighAll([silent], { bounds: { quotaRequestsLeft: mi(900) } }).verdict).toBe('red');
  });
});

describe('the cost', () => {
  test('is that of all pods, before and after', () => {
    const change = changeOf({ limit: valueChange(set(2000), set(3000)), request: valueChange(set(1000), set(1500)) });
    expect(weighAll([change], { pods: 3 }).cost).toEqual({
      limits: { before: mi(6000), after: mi(9000) },
      requests: { before: mi(3000), after: mi(4500) },
      uncounted: 0,
      unlimited: 0,
      added: mi(1500),
      freed: 0,
    });
  });

  test('sums up by itself what is added and what is freed', () => {
    const more = changeOf({ request: valueChange(set(1000), set(1500)) });
    const less = ofWorkload('b', changeOf({ request: valueChange(set(1000), set(800)) }));
    expect(weighAll([more, less], { pods: 2 }).cost).toMatchObject({ added: mi(1000), freed: mi(400) });
  });

  test('takes the declared pods of what does not run, and leaves out what is not known', () => {
    const { cost } = weighAll([{ ...limitTo(3000), replicas: 2 }, ofWorkload('b', limitTo(3000))], notLive);
    expect(cost).toMatchObject({ limits: { before: mi(4000), after: mi(6000) }, uncounted: 1, unlimited: 0 });
  });

  test('counts a pod as a whole without its containers', () => {
    const whole = { ...limitTo(4000), container: '(pod)', sort: 'pod' } as const;
    expect(weighAll([whole, limitTo(3000)], { pods: 1 }).cost.limits).toEqual({ before: mi(2000), after: mi(4000) });
  });
});
