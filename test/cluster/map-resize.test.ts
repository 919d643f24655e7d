import { describe, expect, it } from 'vitest';
import type { ApiPod, Condition, Resources } from '../../src/cluster/api-types.ts';
import { assembleWorkloads } from '../../src/cluster/assemble-workloads.ts';
import { mapPod } from '../../src/cluster/map-pod.ts';
import { mapWorkload } from '../../src/cluster/map-workload.ts';
import type { Steering } from '../../src/model/workload.ts';
import { container, deploymentPod, ownedBy, pod, SINCE, SINCE_SECONDS, workload } from './objects.ts';

const GI = 1024 ** 3;
const gi = (size: number) => ({ state: 'set', bytes: size * GI });
const absent = { state: 'absent' };

function resized(told: Resources | undefined, conditions: readonly Condition[] = [], more: Partial<ApiPod> = {}) {
  const spec = { containers: [container('app', '3Gi', '2Gi')] };
  const status = { phase: 'Running', conditions, containerStatuses: [{ name: 'app', resources: told }] };
  return mapPod({ ...pod('a', 'web-1', { spec, status }), ...more })?.pod;
}

const pending = (reason: string, message?: string): Condition => ({
  type: 'PodResizePending',
  status: 'True',
  reason,
  ...(message === undefined ? {} : { message }),
});

describe('the sizes in force', () => {
  const actual = (...args: Parameters<typeof resized>) => resized(...args)?.containers[0]?.actual;

  it('are those of the status, not those of the spec', () => {
    const told = { limits: { memory: '2Gi' }, requests: { memory: '1Gi' } };
    expect(actual(told)).toEqual({ limit: gi(2), request: gi(1) });
  });

  it('are not told by an older kubelet, or one that tells of the processor only', () => {
    expect(actual(undefined)).toBeUndefined();
    expect(actual({})).toBeUndefined();
    expect(actual({ limits: { cpu: '1' } })).toBeUndefined();
  });

  it('are as asked for where the status leaves one out, unless a change is under way', () => {
    const told = { requests: { memory: '1Gi' } };
    expect(actual(told)).toEqual({ limit: gi(3), request: gi(1) });
    expect(actual(told, [pending('Deferred')])).toEqual({ limit: absent, request: gi(1) });
  });

  it('are those of a native sidecar as well', () => {
    const spec = { containers: [], initContainers: [{ ...container('mesh', '1Gi'), restartPolicy: 'Always' }] };
    const told = [{ name: 'mesh', resources: { limits: { memory: '2Gi' } } }];
    const mapped = mapPod(pod('a', 'web-1', { spec, status: { phase: 'Running', initContainerStatuses: told } }));
    expect(mapped?.pod.containers[0]?.actual?.limit).toEqual(gi(2));
  });
});

describe('a resize that is not made', () => {
  it.each([
    [pending('Deferred', 'Node is full'), { state: 'deferred', message: 'Node is full' }],
    [pending('Infeasible', ' too\nlarge '), { state: 'infeasible', message: 'too large' }],
    [pending('SomethingNew'), { state: 'pending' }],
    [{ type: 'PodResizeInProgress', status: 'True' }, { state: 'in progress' }],
    [
      { type: 'PodResizeInProgress', status: 'True', reason: 'Error', message: 'no' },
      { state: 'failed', message: 'no' },
    ],
    [{ type: 'PodResizePending', status: 'False', reason: 'Deferred' }, undefined],
  ])('is read from %j', (condition, expected) => {
    expect(resized(undefined, [condition])?.resize).toEqual(expected);
  });

  it('keeps only the beginning of a long message', () => {
    const message = resized(undefined, [pending('Deferred', 'x'.repeat(9000))])?.resize?.message;
    expect(message).toHaveLength(300);
  });
});

describe('who resized', () => {
  const fields = (list: string, name: string, resource = 'f:memory') => ({
    'f:spec': { [list]: { [`k:{"name":"${name}"}`]: { 'f:resources': { 'f:limits': { [resource]: {} } } } } },
  });
  const marks = (...managedFields: object[]) => resized(undefined, [], { metadata: { managedFields } })?.resizedBy;

  it('is the manager of the resize subresource that set memory, the last one last', () => {
    const later = '2026-11-02T00:00:00Z';
    expect(
      marks(
        { manager: 'kubectl-patch', subresource: 'resize', time: later, fieldsV1: fields('f:containers', 'app') },
        { manager: 'sizer', subresource: 'resize', time: SINCE, fieldsV1: fields('f:initContainers', 'mesh') },
      ),
    ).toEqual([
      { by: 'sizer', at: SINCE_SECONDS, containers: ['mesh'] },
      { by: 'kubectl-patch', byHand: true, at: SINCE_SECONDS + 86_400, containers: ['app'] },
    ]);
  });

  it('is who sized the pod as a whole', () => {
    const fieldsV1 = { 'f:spec': { 'f:resources': { 'f:requests': { 'f:memory': {} } } } };
    expect(marks({ manager: 'm', subresource: 'resize', fieldsV1 })).toEqual([{ by: 'm', containers: ['(pod)'] }]);
  });

  it.each([
    ['another subresource', { manager: 'm', subresource: 'status', fieldsV1: fields('f:containers', 'app') }],
    ['another resource', { manager: 'm', subresource: 'resize', fieldsV1: fields('f:containers', 'app', 'f:cpu') }],
    ['something odd', { manager: 'm', subresource: 'resize', fieldsV1: { 'f:spec': [] } }],
  ])('is nobody by %s', (_, entry) => {
    expect(marks(entry)).toBeUndefined();
  });
});

describe('a pod of the present template', () => {
  const none = { sizes: () => ({ state: 'none' as const, unread: [] }), memoryHpa: (): Steering => 'none' };
  const current = (status: object, item: ApiPod, kind: 'Deployment' | 'StatefulSet' = 'Deployment') => {
    const made = workload('a', 'web');
    const seen = mapWorkload(kind, { ...made, metadata: { ...made.metadata, generation: 1 }, status });
    const mapped = mapPod(item);
    const pods = mapped === undefined ? [] : [mapped];
    return assembleWorkloads({ workloads: [seen], pods, replicaSets: new Map() }, none)[0]?.pods[0]?.current;
  };
  const done = { observedGeneration: 1, replicas: 1, updatedReplicas: 1 };

  it('is every one when no rollout is under way, except one that ends', () => {
    const one = deploymentPod('a', 'web', '1');
    expect(current(done, one)).toBe(true);
    expect(current(done, { ...one, metadata: { ...one.metadata, deletionTimestamp: SINCE } })).toBeUndefined();
    expect(current({ ...done, replicas: 2 }, one)).toBeUndefined();
  });

  it('is known by its revision for a StatefulSet', () => {
    const of = (hash: string) =>
      pod('a', 'web-0', { owner: ownedBy('StatefulSet', 'web'), labels: { 'controller-revision-hash': hash } });
    const status = { observedGeneration: 1, updateRevision: 'web-2' };
    expect(current(status, of('web-2'), 'StatefulSet')).toBe(true);
    expect(current(status, of('web-1'), 'StatefulSet')).toBe(false);
  });
});
