import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { Pod, PodContainer, Workload } from '../../src/model/workload.ts';
import { ABSENT, AT, DAY, measureOf, mi, set } from '../checks/fixtures.ts';
import { liveContainer, observationOf, podOf, SETTINGS, templateOf, workloadOf } from './fixtures.ts';

const MARK = { by: 'kubectl-patch', byHand: true, at: AT - DAY, containers: ['app'] };
const RAISED = { limit: set(3000), request: set(1500) };

interface Scene {
  readonly live?: Partial<PodContainer>;
  readonly pod?: Partial<Pod>;
  readonly workload?: Partial<Workload>;
  readonly used?: number;
}

function judgeOne({ live = {}, pod = {}, workload = {}, used = 1200 }: Scene) {
  const one = podOf('cart-0', [liveContainer({ ...RAISED, ...live })], { current: true, resizedBy: [MARK], ...pod });
  const measured = measureOf(() => used, { limit: undefined, request: undefined });
  const container = judge(observationOf([workloadOf([one], workload)], [measured]), SETTINGS).workloads[0]
    ?.containers[0];
  const finding = container?.worst.sizing?.finding;
  return {
    drifts: container?.drifts,
    resizes: container?.resizes,
    level: finding?.level,
    problems: finding?.facts.problems.map(({ kind }) => kind),
  };
}

describe('sized in place', () => {
  test('tells from what to what, by whom and in which pods, and is a problem', () => {
    expect(judgeOne({})).toEqual({
      drifts: [
        {
          how: 'in place',
          by: 'kubectl-patch',
          byHand: true,
          at: MARK.at,
          steered: false,
          limit: { from: set(2000), to: set(3000) },
          request: { from: set(1000), to: set(1500) },
          pods: ['cart-0'],
        },
      ],
      resizes: undefined,
      level: 'yellow',
      problems: ['sized in place'],
    });
  });

  test('is about what is in force, not about what is asked for', () => {
    const actual = { limit: set(2000), request: set(1000) };
    expect(judgeOne({ live: { actual } }).drifts).toBeUndefined();
    expect(judgeOne({ live: { limit: set(2000), request: set(1000), actual: RAISED } }).drifts).toHaveLength(1);
  });

  test.each([
    ['of an earlier template', { pod: { current: false } }],
    ['while a rollout is under way', { pod: { current: undefined } }],
    ['of a container that is injected', { workload: { containers: [] } }],
    [
      'by a LimitRange, where the template says nothing',
      { pod: { resizedBy: [] }, workload: { containers: [templateOf({ limit: ABSENT, request: ABSENT })] } },
    ],
    [
      'by the API server, which fills in the request',
      {
        live: { limit: set(2000), request: set(2000) },
        workload: { containers: [templateOf({ limit: set(2000), request: ABSENT })] },
      },
    ],
  ])('is not said %s', (_, scene) => {
    expect(judgeOne(scene).drifts).toBeUndefined();
  });

  test('is no problem where something steers the sizes, which is named', () => {
    const steeredBy = { name: 'VPA', mode: 'InPlaceOrRecreate' };
    const { drifts, problems } = judgeOne({
      workload: { vpa: 'steered', steeredBy },
      pod: { resizedBy: [{ by: 'updater', steerer: 'VPA', containers: ['app'] }] },
    });
    expect(drifts).toMatchObject([{ by: 'VPA (InPlaceOrRecreate)', steered: true }]);
    expect(problems).toEqual([]);
  });

  test('is no problem where the pod was made so, or got less', () => {
    expect(judgeOne({ pod: { resizedBy: [] } })).toMatchObject({ drifts: [{ how: 'when made' }], problems: [] });
    const lowered = judgeOne({ live: { limit: set(1900), request: set(900) } });
    expect(lowered).toMatchObject({ drifts: [{ how: 'in place' }], problems: [] });
  });

  test('is told once for pods that are alike', () => {
    const pods = [3000, 3000, 2500].map((limit, index) =>
      podOf(`cart-${index}`, [liveContainer({ limit: set(limit) })], {
        current: true,
        resizedBy: [{ ...MARK, at: AT - index }],
      }),
    );
    const [judged] = judge(observationOf([workloadOf(pods)], []), SETTINGS).workloads;
    expect(judged?.containers[0]?.drifts?.map(({ pods: names }) => names)).toEqual([['cart-0', 'cart-1'], ['cart-2']]);
  });
});

describe('a resize that is not made', () => {
  const waiting = { limit: set(3000), request: set(1000), actual: { limit: set(2000), request: set(1000) } };
  const judgeWaiting = (state: 'deferred' | 'infeasible' | 'in progress' | 'failed', used = 1200) =>
    judgeOne({ live: waiting, pod: { resize: { state, message: 'Node is full' } }, used });

  test.each(['deferred', 'infeasible', 'failed'] as const)('is a problem when it is %s', (state) => {
    expect(judgeWaiting(state)).toMatchObject({
      resizes: [{ state, message: 'Node is full', limit: { from: set(2000), to: set(3000) }, pods: ['cart-0'] }],
      level: 'yellow',
      problems: ['resize not made'],
    });
  });

  test('is none while it is in progress, and leaves red what is red', () => {
    expect(judgeWaiting('in progress')).toMatchObject({ resizes: [{ state: 'in progress' }], problems: [] });
    expect(judgeWaiting('infeasible', 1990).level).toBe('red');
  });

  test('is not said of memory where it is about the processor', () => {
    const actual = { limit: set(2000), request: set(1000) };
    const scene = { live: { ...actual, actual }, pod: { resize: { state: 'deferred' as const }, resizedBy: [] } };
    expect(judgeOne(scene)).toMatchObject({ resizes: undefined, problems: [] });
  });

  test('is judged by the limit in force', () => {
    const pod = podOf('cart-0', [liveContainer(waiting)], { current: true, resize: { state: 'deferred' } });
    const measured = measureOf(() => 1900, { limit: mi(3000) });
    const [judged] = judge(observationOf([workloadOf([pod])], [measured]), SETTINGS).workloads;
    expect(judged?.containers[0]?.worst.usage?.finding).toMatchObject({ level: 'red', facts: { limit: mi(2000) } });
  });
});
