import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { Pod, PodContainer, TemplateContainer, Workload } from '../../src/model/workload.ts';
import { ABSENT, AT, HOUR, measureOf, mi, set } from '../checks/fixtures.ts';
import {
  killHistoryOf,
  liveContainer,
  observationOf,
  peaksOf,
  podOf,
  SETTINGS,
  templateOf,
  workloadOf,
} from '../judge/fixtures.ts';

const RESIZED_AT = AT - 2 * HOUR;

interface Scene {
  readonly used?: number;
  readonly pods?: readonly Partial<PodContainer>[];
  readonly by?: string;
  readonly template?: Partial<TemplateContainer>;
  readonly workload?: Partial<Workload>;
  readonly pod?: Partial<Pod>;
  readonly killedAt?: number;
  /** The limit in Mi at which it was OOM-killed ten days ago. */
  readonly earlierKill?: number;
}

/** Pods of a template of 2000Mi and 1000Mi that were resized in place to 3000Mi and 1500Mi. */
function adviseOn(scene: Scene) {
  const { used = 1200, pods = [{}, {}], by = 'kubectl-patch', killedAt } = scene;
  const killed = killedAt === undefined ? {} : { lastTermination: { reason: 'OOMKilled', finishedAt: killedAt } };
  const made = pods.map((change, index) =>
    podOf(`cart-${index}`, [liveContainer({ limit: set(3000), request: set(1500), ...killed, ...change })], {
      current: true,
      resizedBy: [{ by, byHand: by.startsWith('kubectl'), at: RESIZED_AT, containers: ['app'] }],
      ...scene.pod,
    }),
  );
  const workload = workloadOf(made, { containers: [templateOf(scene.template)], ...scene.workload });
  const measured = made.map(({ name }) => measureOf(() => used, { pod: name, limit: undefined, request: undefined }));
  const earlier = scene.earlierKill === undefined ? {} : killHistoryOf(10, scene.earlierKill, 3000);
  const histories = made.map(({ name }) => ({ ...peaksOf(used, 14, name), ...earlier }));
  const [judged] = judge(observationOf([workload], measured, { histories }), SETTINGS).workloads;
  const container = judged?.containers[0];
  return { suggestion: container?.suggestion, withheld: container?.withheld };
}

describe('the manifest catches up with the pods', () => {
  test('with exactly what they run with, from what it says, both where both moved', () => {
    expect(adviseOn({}).suggestion).toMatchObject({
      limit: { from: set(2000), to: mi(3000), why: 'its pods run with it already, resized in place by kubectl-patch' },
      request: { from: set(1000), to: mi(1500) },
      direction: 'raise',
      level: 'yellow',
      delivery: { kind: 'change' },
    });
  });

  test('also where usage is yellow, because the manifest is worse', () => {
    expect(adviseOn({ used: 2250 }).suggestion?.limit?.to).toBe(mi(3000));
  });

  test('after an OOM kill at the former limit, to no less than they have now', () => {
    expect(adviseOn({ killedAt: RESIZED_AT - 600 }).suggestion).toMatchObject({
      limit: { to: mi(3000) },
      level: 'red',
    });
  });

  test('but not with a limit that killed within the sizing window', () => {
    expect(adviseOn({ earlierKill: 2000 }).suggestion?.limit?.to).toBe(mi(3000));
    expect(adviseOn({ earlierKill: 3000 }).suggestion?.limit).toBeUndefined();
  });

  test('with more than they have where that is too little as well', () => {
    expect(adviseOn({ used: 2700 }).suggestion?.limit?.to).toBeGreaterThan(mi(3000));
  });

  test('not with far more than they need, which would be lowered again', () => {
    const large = { pods: [{ limit: set(8000) }], used: 600 };
    const { suggestion } = adviseOn(large);
    expect(suggestion).toMatchObject({ limit: { from: set(2000), to: mi(896) }, direction: 'lower' });
    const low = adviseOn({ ...large, template: { limit: set(700), request: set(500) } });
    expect(low.suggestion).toBeUndefined();
    expect(low.withheld?.why).toBe(
      '896Mi would be enough, going by the peaks of 14 days: its pods have more, the manifest says 700Mi',
    );
  });

  test('of a Guaranteed container, whose request is left out, by its limit alone', () => {
    const both = { limit: set(3000), request: set(3000) };
    const { suggestion } = adviseOn({ pods: [both], template: { request: ABSENT } });
    expect(suggestion?.limit?.to).toBe(mi(3000));
    expect(suggestion?.request).toBeUndefined();
    const written = adviseOn({ pods: [both], template: { request: set(2000) } }).suggestion;
    expect([written?.limit?.to, written?.request?.to]).toEqual([mi(3000), mi(3000)]);
  });

  test('only in the report where another program resized them', () => {
    expect(adviseOn({ by: 'sizer' }).suggestion).toMatchObject({
      limit: { to: mi(3000) },
      delivery: { kind: 'report', why: 'sizer resized the pods and may do so again' },
    });
  });

  test('without the request where an HPA scales on it', () => {
    const { suggestion } = adviseOn({ workload: { memoryHpa: 'steered' } });
    expect(suggestion?.limit?.to).toBe(mi(3000));
    expect(suggestion?.request).toBeUndefined();
  });

  test.each<[string, Scene]>([
    ['they are not alike', { pods: [{}, { limit: set(2500) }] }],
    ['not all were resized', { pods: [{}, { limit: set(2000), request: set(1000) }] }],
    ['they got less', { pods: [{ limit: set(1900), request: set(900) }] }],
    [
      'another resize waits',
      { pods: [{ actual: { limit: set(2500), request: set(1500) } }], pod: { resize: { state: 'deferred' } } },
    ],
    ['a VPA steers them', { workload: { vpa: 'steered', steeredBy: { name: 'VPA' } } }],
  ])('not where %s', (_, scene) => {
    expect(adviseOn(scene).suggestion).toBeUndefined();
  });

  test('not with what killed them', () => {
    expect(adviseOn({ killedAt: AT - 600 }).suggestion?.limit?.to).not.toBe(mi(3000));
  });
});
