import { describe, expect, it } from 'vitest';
import type { ApiPod } from '../../src/cluster/api-types.ts';
import { mapPod } from '../../src/cluster/map-pod.ts';
import { container, deploymentPod, ownedBy, pod, SINCE, SINCE_SECONDS } from './objects.ts';

describe('which pods are inspected', () => {
  it.each([
    ['of a Job', pod('a', 'job-1', { owner: ownedBy('Job', 'job', 'batch/v1') })],
    ['of a Deployment, evicted', pod('a', 'x', { owner: ownedBy('ReplicaSet', 'x'), status: { phase: 'Failed' } })],
    ['bare and done', pod('a', 'x', { status: { phase: 'Succeeded' } })],
    ['bare and failed', pod('a', 'x', { status: { phase: 'Failed', containerStatuses: [ended('Error')] } })],
  ])('not one %s', (_, item) => {
    expect(mapPod(item)).toBeUndefined();
  });

  it.each([
    [
      'bare and OOM-killed for good',
      pod('a', 'x', { status: { phase: 'Failed', containerStatuses: [ended('OOMKilled')] } }),
    ],
    ['pending', pod('a', 'x', { status: { phase: 'Pending' } })],
    ['of something that is also called Job', pod('a', 'x', { owner: ownedBy('Job', 'x', 'example.com/v1') })],
  ])('one %s', (_, item) => {
    expect(mapPod(item)?.pod.name).toBe('x');
  });
});

function ended(reason: string) {
  return { name: 'app', restartCount: 0, state: { terminated: { reason, exitCode: 137, finishedAt: SINCE } } };
}

describe('what is known of a pod', () => {
  const full: ApiPod = {
    ...pod('shop', 'web-1', {
      owner: ownedBy('StatefulSet', 'web'),
      status: {
        phase: 'Running',
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'Ready', status: 'True' },
        ],
        containerStatuses: [
          {
            name: 'app',
            restartCount: 4,
            state: { running: { startedAt: SINCE } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: SINCE } },
          },
        ],
        initContainerStatuses: [{ name: 'mesh', restartCount: 1, state: { running: { startedAt: SINCE } } }],
      },
      spec: {
        nodeName: 'node-1',
        containers: [container('app', '2000Mi', '1000Mi')],
        initContainers: [container('setup', '1Gi'), { ...container('mesh', '128Mi'), restartPolicy: 'Always' }],
      },
    }),
  };

  it('holds what is needed and nothing else', () => {
    expect(mapPod(full)).toEqual({
      namespace: 'shop',
      owner: ownedBy('StatefulSet', 'web'),
      pod: {
        name: 'web-1',
        uid: 'uid-web-1',
        node: 'node-1',
        phase: 'Running',
        ready: true,
        deleting: false,
        createdAt: SINCE_SECONDS,
        containers: [
          {
            name: 'app',
            kind: 'container',
            injected: false,
            limit: { state: 'set', bytes: 2000 * 1024 ** 2 },
            request: { state: 'set', bytes: 1000 * 1024 ** 2 },
            running: true,
            startedAt: SINCE_SECONDS,
            restarts: 4,
            lastTermination: { reason: 'OOMKilled', exitCode: 137, finishedAt: SINCE_SECONDS },
          },
          {
            name: 'mesh',
            kind: 'sidecar',
            injected: false,
            limit: { state: 'set', bytes: 128 * 1024 ** 2 },
            request: { state: 'absent' },
            running: true,
            startedAt: SINCE_SECONDS,
            restarts: 1,
          },
        ],
      },
    });
  });

  it('says that it is being deleted', () => {
    expect(mapPod({ ...full, metadata: { ...full.metadata, deletionTimestamp: SINCE } })?.pod.deleting).toBe(true);
  });

  it('takes the termination that has not been followed by a start before the one that has', () => {
    const statuses = [{ ...ended('OOMKilled'), lastState: { terminated: { reason: 'Error', exitCode: 1 } } }];
    const [only] =
      mapPod(pod('a', 'x', { status: { phase: 'Running', containerStatuses: statuses } }))?.pod.containers ?? [];
    expect(only).toMatchObject({ running: false, lastTermination: { reason: 'OOMKilled' } });
  });

  it('bears an object of which everything is missing', () => {
    expect(mapPod({})?.pod).toEqual({
      name: '',
      uid: '',
      phase: 'Unknown',
      ready: false,
      deleting: false,
      containers: [],
    });
  });

  it('knows the Deployment by the name of the ReplicaSet and the hash', () => {
    expect(mapPod(deploymentPod('a', 'web', 'x'))).toMatchObject({ deployment: 'web' });
    expect(mapPod(pod('a', 'x', { owner: ownedBy('ReplicaSet', 'web-abc') }))).not.toHaveProperty('deployment');
    const other = pod('a', 'x', { owner: ownedBy('ReplicaSet', 'web'), labels: { 'pod-template-hash': 'abc' } });
    expect(mapPod(other)).not.toHaveProperty('deployment');
  });

  it('keeps no value of the environment', () => {
    const spec = {
      containers: [
        {
          ...container('app'),
          env: [
            { name: 'PASSWORD', value: 'secret-1' },
            { name: 'JAVA_OPTS', value: '-Xmx1g -Dpw=secret-2' },
          ],
        },
      ],
    };
    expect(JSON.stringify(mapPod(pod('a', 'x', { spec })))).not.toContain('secret');
  });
});
