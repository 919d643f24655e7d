import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRollout, type RolloutInput } from '../../src/follow-up/judge-rollout.ts';
import type { DeliveryStatus } from '../../src/model/delivery-status.ts';
import type { FollowedValue } from '../../src/model/follow-up.ts';
import { type OpenRollout, type Pod, type PodContainer, WHOLE_POD, type Workload } from '../../src/model/workload.ts';
import { ABSENT, AT, mi, set, UNKNOWN } from '../checks/fixtures.ts';
import { liveContainer, podOf, templateOf, workloadOf } from '../judge/fixtures.ts';

/** The limit goes from 2000Mi to 3000Mi; the containers of the fixtures have 2000Mi. */
const RAISE: readonly FollowedValue[] = [{ field: 'limit', from: mi(2000), to: mi(3000) }];
const NEW = { limit: set(3000), startedAt: AT - 500 } as const;
const MADE = AT - 550;

const oldPod = (name: string, change: Partial<Pod> = {}) =>
  podOf(name, [liveContainer({ startedAt: AT - 90_000 })], { createdAt: AT - 90_100, current: false, ...change });
const newPod = (name: string, change: Partial<Pod> = {}, container: Partial<PodContainer> = {}) =>
  podOf(name, [liveContainer({ ...NEW, ...container })], { createdAt: MADE, current: true, ...change });
const open = (change: Partial<OpenRollout> = {}): OpenRollout => ({
  observed: true,
  pods: 2,
  updated: 1,
  ready: 1,
  ...change,
});

/** A workload whose template has the new limit. */
function merged(pods: readonly Pod[], change: Partial<Workload> = {}): Workload {
  return workloadOf(pods, {
    ref: { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'cart' },
    strategy: 'RollingUpdate',
    containers: [templateOf({ limit: set(3000) })],
    ...change,
  });
}

function judged(workload: Workload | undefined, change: Partial<RolloutInput> = {}) {
  return judgeRollout({ workload, container: 'app', values: RAISE, inspected: true, ...change });
}

const waiting = (obstacle: object) => ({ state: 'waiting', obstacle });
const unstarted = { running: false, startedAt: undefined } as unknown as Partial<PodContainer>;

describe('a merged change', () => {
  it('is rolled out once every pod has it, since the youngest started', () => {
    const pods = [newPod('a'), newPod('b', {}, { startedAt: AT - 400 })];
    expect(judged(merged(pods))).toEqual({ state: 'rolled out', at: AT - 400 });
  });

  it('is so as well where a container was restarted since: since its pod was made', () => {
    const restarted = { restarts: 2, startedAt: AT - 10 };
    expect(judged(merged([newPod('a', {}, restarted)]))).toEqual({ state: 'rolled out', at: MADE });
    const killed = { running: false, restarts: 1, lastTermination: { reason: 'OOMKilled' } };
    expect(judged(merged([newPod('a', { ready: false, trouble: { reason: 'OOMKilled' } }, killed)]))).toEqual({
      state: 'rolled out',
      at: MADE,
    });
  });

  it('does not care for pods that are being deleted', () => {
    const pods = [newPod('a'), oldPod('b', { deleting: true })];
    expect(judged(merged(pods, { replicas: 1 }))).toMatchObject({ state: 'rolled out' });
  });

  it('counts by what is in force', () => {
    const before = { limit: set(2000), request: set(1000) };
    const resize = { state: 'deferred', message: 'no room' } as const;
    const held = newPod('a', { resize }, { actual: before });
    expect(judged(merged([held, newPod('b')]))).toEqual(
      waiting({ kind: 'resize', pods: 1, state: 'deferred', message: 'no room' }),
    );
    const infeasible = newPod('c', { resize: { state: 'infeasible' } }, { actual: before });
    expect(judged(merged([held, infeasible]))).toEqual(waiting({ kind: 'resize', pods: 2, state: 'infeasible' }));
  });

  it('is rolled out since the resize where a pod without an owner was sized in place', () => {
    const resizedBy = [{ by: 'kubectl-patch', byHand: true, at: AT - 50, containers: ['app'] }];
    const pod = newPod('a', { resizedBy });
    const ref = { namespace: 'shop', group: '', kind: 'Pod', name: 'a' };
    expect(judged(merged([pod], { ref }))).toEqual({ state: 'rolled out', at: AT - 50 });
  });

  it('stays rolled out while another change is, and not where its pods were resized and are replaced', () => {
    const earlier = newPod('a', { current: false });
    expect(judged(merged([earlier, newPod('b')], { rollout: open() }))).toMatchObject({ state: 'rolled out' });
    const resizedBy = [{ by: 'kubectl-patch', byHand: true, at: AT - 50, containers: ['app'] }];
    const resized = newPod('a', { current: false, resizedBy });
    expect(judged(merged([resized, newPod('b')], { rollout: open() }))).toEqual(
      waiting({ kind: 'under way', done: 1, pods: 2 }),
    );
    const onDelete = { strategy: 'OnDelete', rollout: open() };
    expect(judged(merged([resized, newPod('b')], onDelete))).toEqual({ state: 'rolled out', at: AT - 50 });
  });

  it('of a pod as a whole is followed like any other', () => {
    const whole = (limit: number) => ({ name: WHOLE_POD, kind: 'pod' as const, limit: set(limit) });
    const pods = (limit: number) => [podOf('a', [liveContainer(), liveContainer(whole(limit))], { createdAt: MADE })];
    const containers = [templateOf(), templateOf(whole(3000))];
    const input = { container: WHOLE_POD };
    expect(judged(merged(pods(3000), { containers }), input)).toEqual({ state: 'rolled out', at: MADE });
    expect(judged(merged(pods(2000), { containers }), input)).toMatchObject({ state: 'waiting' });
    expect(judged(workloadOf([]), { ...input, values: [{ field: 'limit', to: mi(3000) }] })).toEqual(
      waiting({ kind: 'not applied' }),
    );
  });

  it('is not seen, gone, replaced or idle', () => {
    expect(judged(undefined, { inspected: false })).toEqual({ state: 'not seen' });
    expect(judged(merged([newPod('a')]), { inspected: false })).toEqual({ state: 'not seen' });
    expect(judged(undefined)).toEqual({ state: 'gone' });
    expect(judged(merged([newPod('a')]), { container: 'other' })).toEqual({ state: 'gone' });
    expect(judged(merged([newPod('a')], { containers: [templateOf({ limit: set(4000) })] }))).toEqual({
      state: 'replaced',
    });
    expect(judged(merged([newPod('a')], { containers: [templateOf({ limit: ABSENT })] }))).toEqual({
      state: 'replaced',
    });
    expect(judged(merged([newPod('a')], { containers: [templateOf({ limit: UNKNOWN })] }))).toEqual({
      state: 'not seen',
    });
    expect(judged(merged([], { replicas: 0 }))).toEqual({ state: 'idle' });
  });
});

describe('a merged change that is not in the template', () => {
  const before = workloadOf([oldPod('a')]);
  const delivery: DeliveryStatus = {
    workload: before.ref,
    by: 'Argo CD',
    object: 'Application argocd/shop',
    status: 'OutOfSync, auto-sync off',
    settled: false,
  };

  it('waits for whoever applies it', () => {
    expect(judged(before)).toEqual(waiting({ kind: 'not applied' }));
    const { by, object, status } = delivery;
    expect(judged(before, { delivery })).toEqual(waiting({ kind: 'not synced', by, object, status }));
  });

  it('in part is not in it', () => {
    const values: readonly FollowedValue[] = [...RAISE, { field: 'request', to: mi(1000) }];
    expect(judged(before, { values })).toEqual(waiting({ kind: 'not applied' }));
  });

  it('of a pod without an owner waits for its deletion, unless the tool says what else is wrong', () => {
    const pod = workloadOf([oldPod('a')], { ref: { namespace: 'shop', group: '', kind: 'Pod', name: 'a' } });
    expect(judged(pod)).toEqual(waiting({ kind: 'on delete', pods: 1 }));
    expect(judged(pod, { delivery: { ...delivery, settled: true } })).toEqual(waiting({ kind: 'on delete', pods: 1 }));
    expect(judged(pod, { delivery })).toMatchObject({ obstacle: { kind: 'not synced' } });
  });
});

describe('a merged change that is applied, and not in all pods, waits because', () => {
  const statefulSet = { namespace: 'shop', group: 'apps', kind: 'StatefulSet', name: 'cart' };

  it('new pods are being made', () => {
    expect(judged(merged([newPod('a'), oldPod('b')], { rollout: open() }))).toEqual(
      waiting({ kind: 'under way', done: 1, pods: 2 }),
    );
    expect(judged(merged([], { replicas: 2 }))).toEqual(waiting({ kind: 'under way', done: 0, pods: 2 }));
    const surge = merged([newPod('a'), oldPod('b')], { replicas: 1, rollout: open() });
    expect(judged(surge)).toEqual(waiting({ kind: 'under way', done: 0, pods: 1 }));
  });

  it('no pod is made', () => {
    const refused = 'pods "cart-1" is forbidden: exceeded quota: small';
    const rollout = open({ refused, pods: 1, updated: 0 });
    expect(judged(merged([oldPod('a')], { rollout }))).toEqual(waiting({ kind: 'refused', message: refused }));
    expect(judged(merged([newPod('a')], { replicas: 3, rollout }))).toEqual(
      waiting({ kind: 'refused', message: refused }),
    );
    expect(judged(merged([oldPod('a')], { rollout: { ...rollout, observed: false } }))).toMatchObject({
      obstacle: { kind: 'under way' },
    });
  });

  it('no node takes a new pod, rather than that another fails', () => {
    const unplaced = newPod('a', { trouble: { reason: 'Unschedulable', message: '0/3 nodes' } }, unstarted);
    const failing = newPod('b', { trouble: { reason: 'ImagePullBackOff' } }, unstarted);
    expect(judged(merged([failing, unplaced, oldPod('c')], { rollout: open() }))).toEqual(
      waiting({ kind: 'unschedulable', pod: 'a', message: '0/3 nodes' }),
    );
  });

  it('a new pod fails; what an old one suffers is why the change was made', () => {
    const failing = newPod(
      'a',
      { ready: false, trouble: { reason: 'ImagePullBackOff', message: 'no such' } },
      unstarted,
    );
    const killed = oldPod('b', { trouble: { reason: 'OOMKilled' } });
    expect(judged(merged([killed, failing], { rollout: open() }))).toEqual(
      waiting({ kind: 'stuck', pod: 'a', reason: 'ImagePullBackOff', message: 'no such' }),
    );
    expect(judged(merged([killed, newPod('c')], { rollout: open() }))).toMatchObject({
      obstacle: { kind: 'under way' },
    });
  });

  it('a StatefulSet waits for an old pod that does not run', () => {
    const killed = oldPod('b', { trouble: { reason: 'OOMKilled' } });
    const change = { ref: statefulSet, rollout: open() };
    expect(judged(merged([killed, newPod('c')], change))).toEqual(
      waiting({ kind: 'stuck', pod: 'b', reason: 'OOMKilled' }),
    );
  });

  it('its pods are replaced only when somebody deletes them', () => {
    const change = { ref: statefulSet, strategy: 'OnDelete', rollout: open() };
    expect(judged(merged([oldPod('a'), newPod('b'), oldPod('c')], change))).toEqual(
      waiting({ kind: 'on delete', pods: 2 }),
    );
  });

  it('somebody holds it', () => {
    expect(judged(merged([oldPod('a')], { rollout: open({ paused: true }) }))).toEqual(
      waiting({ kind: 'stuck', reason: 'paused' }),
    );
    const change = (partition: number) => ({ ref: statefulSet, rollout: open({ partition }) });
    expect(judged(merged([oldPod('a'), newPod('b')], change(1)))).toEqual(
      waiting({ kind: 'stuck', reason: 'partition 1' }),
    );
    expect(judged(merged([oldPod('a'), oldPod('b')], change(1)))).toMatchObject({ obstacle: { kind: 'under way' } });
  });

  it('something else sizes its pods', () => {
    const other = { limit: set(2500), startedAt: MADE };
    const by = (workload: Partial<Workload>, pod: Partial<Pod> = {}) =>
      judged(merged([newPod('a', pod, other), newPod('b')], workload));
    const steered = (name: string) => waiting({ kind: 'steered', by: name });
    expect(by({ vpa: 'steered', steeredBy: { name: 'VPA', mode: 'Recreate' } })).toEqual(steered('VPA (Recreate)'));
    expect(by({}, { sizedBy: 'CAST AI' })).toEqual(steered('CAST AI'));
    expect(by({}, { resizedBy: [{ by: 'kubectl-patch', byHand: true, containers: ['app'] }] })).toEqual(
      steered('kubectl-patch'),
    );
    expect(by({})).toEqual(steered('an admission webhook'));
  });

  it('its controller gave up, or a new pod does not become ready', () => {
    const unready = newPod('a', { ready: false, createdAt: AT - 700 });
    const late = open({ overdue: 'timed out progressing' });
    const pods = [unready, oldPod('b')];
    expect(judged(merged(pods, { rollout: late }))).toEqual(
      waiting({
        kind: 'stuck',
        pod: 'a',
        reason: 'ProgressDeadlineExceeded',
        message: 'timed out progressing',
      }),
    );
    const change = { ref: statefulSet, rollout: open() };
    expect(judged(merged(pods, change), { at: AT })).toEqual(waiting({ kind: 'stuck', pod: 'a', reason: 'not ready' }));
    expect(judged(merged(pods, change), { at: AT - 200 })).toMatchObject({ obstacle: { kind: 'under way' } });
  });
});

describe('whatever a cluster holds', () => {
  const setting = fc.constantFrom(set(2000), set(3000), set(4000), ABSENT, UNKNOWN);
  const pod = fc.record({
    name: fc.constantFrom('a', 'b'),
    deleting: fc.boolean(),
    ready: fc.boolean(),
    limit: setting,
    actual: fc.option(setting, { nil: undefined }),
    running: fc.boolean(),
    current: fc.constantFrom(true, false, undefined),
    trouble: fc.constantFrom(undefined, { reason: 'Unschedulable' }, { reason: 'CrashLoopBackOff' }),
    resize: fc.constantFrom(undefined, { state: 'deferred' } as const),
  });

  it('a change is rolled out only with the template and every pod that stays having its value', () => {
    fc.assert(
      fc.property(
        fc.array(pod, { maxLength: 4 }),
        setting,
        fc.integer({ min: 0, max: 4 }),
        fc.option(fc.constantFrom(open(), open({ paused: true }), open({ refused: 'no' })), { nil: undefined }),
        fc.constantFrom('RollingUpdate', 'OnDelete', 'Recreate'),
        (drafts, limit, replicas, rollout, strategy) => {
          const pods = drafts.map(({ limit: asked, actual, running, name, ...rest }) => {
            const sizes = { limit: asked, running, startedAt: AT };
            const told = actual && { actual: { limit: actual, request: set(1000) } };
            return podOf(name, [liveContainer({ ...sizes, ...told })], rest as Partial<Pod>);
          });
          const workload = merged(pods, { replicas, strategy, containers: [templateOf({ limit })] });
          const result = judged(rollout === undefined ? workload : { ...workload, rollout }, { at: AT });
          if (result.state !== 'rolled out') return;
          expect(limit).toEqual(set(3000));
          const staying = drafts.filter(({ deleting }) => !deleting);
          expect(staying.length).toBeGreaterThanOrEqual(Math.max(replicas, 1));
          for (const { limit: asked, actual } of staying) expect([set(3000), UNKNOWN]).toContainEqual(actual ?? asked);
        },
      ),
    );
  });
});
