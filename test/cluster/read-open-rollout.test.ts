import { describe, expect, it } from 'vitest';
import type { ApiWorkload } from '../../src/cluster/api-types.ts';
import { mapWorkload } from '../../src/cluster/map-workload.ts';
import type { ControllerKind } from '../../src/model/kinds.ts';
import { workload } from './objects.ts';

function rolloutOf(kind: ControllerKind, status: ApiWorkload['status'], spec: ApiWorkload['spec'] = {}) {
  const made = workload('a', 'web');
  const item = {
    ...made,
    metadata: { ...made.metadata, generation: 3 },
    spec: { ...made.spec, replicas: 2, ...spec },
    ...(status && { status: { observedGeneration: 3, ...status } }),
  };
  return mapWorkload(kind, item).rollout;
}

const complete = { replicas: 2, updatedReplicas: 2, readyReplicas: 2 };

describe('a rollout that is not complete', () => {
  it.each([
    ['Deployment', complete],
    ['StatefulSet', { ...complete, readyReplicas: 1 }],
    ['DaemonSet', { desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 3 }],
    ['Deployment', undefined],
  ] as const)('is not told of a %s that is done, or says nothing: %j', (kind, status) => {
    expect(rolloutOf(kind, status)).toBeUndefined();
  });

  it('is one whose controller has not seen the template, or has other pods left', () => {
    expect(rolloutOf('Deployment', { ...complete, observedGeneration: 2 })).toEqual({
      observed: false,
      pods: 2,
      updated: 2,
      ready: 2,
    });
    expect(rolloutOf('Deployment', { replicas: 3, updatedReplicas: 2, readyReplicas: 2 })).toMatchObject({ pods: 3 });
    const nodes = { desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 1, numberReady: 2 };
    expect(rolloutOf('DaemonSet', nodes)).toEqual({ observed: true, pods: 3, updated: 1, ready: 2 });
  });

  it('says what holds it up', () => {
    const message = 'pods "web-1" is forbidden: exceeded quota: small';
    const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message };
    expect(rolloutOf('Deployment', { ...complete, conditions: [refused] })?.refused).toBe(message);
    const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' };
    expect(rolloutOf('Deployment', { ...complete, conditions: [late] })?.overdue).toBe('timed out');
    expect(rolloutOf('Deployment', { replicas: 2 }, { paused: true })).toMatchObject({ paused: true, updated: 0 });
    const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };
    expect(rolloutOf('StatefulSet', { replicas: 2, updatedReplicas: 1 }, partition)).toMatchObject({ partition: 1 });
  });
});
