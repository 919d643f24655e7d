import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { facts } from './facts.ts';
import {
  AFTER,
  admin,
  apply,
  BEFORE,
  clear,
  FULL,
  NAMESPACE,
  prepare,
  refOf,
  seeOnce,
  workload,
} from './rollout-scenes.ts';
import { until } from './testbed/processes.mjs';

const tracking = (app: string, name: string) => ({
  annotations: { 'argocd.argoproj.io/tracking-id': `${app}:apps/Deployment:${NAMESPACE}/${name}` },
});
const flux = {
  labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
};
const released = {
  labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'helm.toolkit.fluxcd.io/namespace': NAMESPACE },
};
const sts = { kind: 'StatefulSet' } as const;
const onDelete = { ...sts, replicas: 2, spec: { updateStrategy: { type: 'OnDelete' } } };
const partition = {
  ...sts,
  replicas: 2,
  spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
};
const careful = { spec: { minReadySeconds: 500, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } } };

/** Each scene before its change, and after; nothing stands for a change that nobody applied. */
const SCENES: readonly (readonly [before: object, after?: object])[] = [
  [workload('web', BEFORE, { replicas: 2 }), workload('web', AFTER, { replicas: 2 })],
  [workload('ledger', BEFORE, onDelete), workload('ledger', AFTER, onDelete)],
  [workload('cautious', BEFORE, partition), workload('cautious', AFTER, partition)],
  [workload('paused', BEFORE), workload('paused', AFTER, { spec: { paused: true } })],
  [workload('careful', BEFORE, careful), workload('careful', AFTER, careful)],
  [workload('picky', BEFORE), workload('picky', AFTER, { podSpec: { nodeSelector: { disk: 'none' } } })],
  [workload('full', BEFORE, { namespace: FULL }), workload('full', AFTER, { namespace: FULL })],
  [workload('full-db', BEFORE, { ...sts, namespace: FULL }), workload('full-db', AFTER, { ...sts, namespace: FULL })],
  [workload('off', BEFORE), workload('off', AFTER, { replicas: 0 })],
  [workload('forgotten', BEFORE)],
  [workload('argo', BEFORE, { metadata: tracking('argo', 'argo') })],
  [workload('argo-elsewhere', BEFORE, { metadata: tracking('elsewhere', 'argo-elsewhere') })],
  [workload('flux', BEFORE, { metadata: flux })],
  [workload('helm', BEFORE, { metadata: released })],
];

const quota = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'small', namespace: FULL },
  spec: { hard: { 'limits.memory': '1200Mi' } },
};
const outOfSync = (namespace: string, name: string, operationState: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace },
  spec: { syncPolicy: { automated: {} } },
  status: { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' }, operationState },
});
const notReady = {
  conditions: [{ type: 'Ready', status: 'False', reason: 'BuildFailed', message: 'kustomization.yaml: no such file' }],
};
const DELIVERIES = [
  outOfSync('argocd', 'argo', { phase: 'Failed', message: 'one or more objects failed to apply' }),
  outOfSync('team-gitops', 'elsewhere', { phase: 'Succeeded', message: 'successfully synced' }),
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'shop', namespace: 'flux-system' },
  },
  {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'shop', namespace: NAMESPACE },
    spec: { suspend: true },
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'UpgradeSucceeded' }] },
  },
];

let began: number;

beforeAll(async () => {
  await prepare();
  await apply(quota);
  await until('the quota', async () =>
    (await admin(['get', 'quota', 'small', '-n', FULL, '-o', 'json'])).includes('"used"'),
  );
  await apply(...SCENES.map(([before]) => before), ...DELIVERIES);
  const status = JSON.stringify({ status: notReady });
  await admin([
    'patch',
    'kustomization',
    'shop',
    '-n',
    'flux-system',
    '--subresource=status',
    '--type=merge',
    '-p',
    status,
  ]);
  for (const namespace of [NAMESPACE, FULL]) await until(`the pods of ${namespace}`, () => allRun(namespace));
  began = Math.floor(Date.now() / 1000);
  await apply(...SCENES.flatMap(([, after]) => after ?? []));
});

afterAll(clear);

async function allRun(namespace: string): Promise<boolean> {
  const list = JSON.parse(await admin(['get', 'deployments,statefulsets', '-n', namespace, '-o', 'json']));
  return list.items.every(
    (item: { spec: { replicas: number }; status?: { readyReplicas?: number; observedGeneration?: number } }) =>
      item.status?.readyReplicas === item.spec.replicas,
  );
}

describe('a merged change, in a real cluster and with the documented rights', () => {
  it('is rolled out once all pods are new', async () => {
    const rollout = await seeOnce('rolled out', refOf('web'));
    expect(rollout).toEqual({ state: 'rolled out', at: expect.any(Number) });
    expect(rollout.state === 'rolled out' && rollout.at).toBeGreaterThanOrEqual(began);
  });

  it('waits for somebody to delete the pods, and not any more once one did', async () => {
    const ref = refOf('ledger', 'StatefulSet');
    expect(await seeOnce('on delete', ref)).toEqual({ state: 'waiting', obstacle: { kind: 'on delete', pods: 2 } });
    await admin(['delete', 'pod', '-n', NAMESPACE, 'ledger-0', 'ledger-1']);
    expect(await seeOnce('rolled out', ref)).toMatchObject({ state: 'rolled out' });
  });

  it('waits for whoever holds it', async () => {
    expect(await seeOnce('stuck', refOf('paused'))).toMatchObject({ obstacle: { kind: 'stuck', reason: 'paused' } });
    expect(await seeOnce('stuck', refOf('cautious', 'StatefulSet'))).toMatchObject({
      obstacle: { kind: 'stuck', reason: 'partition 1' },
    });
  });

  it('is under way until its new pod fails', async () => {
    const ref = refOf('careful');
    expect(await seeOnce('under way', ref)).toEqual({
      state: 'waiting',
      obstacle: { kind: 'under way', done: 0, pods: 1 },
    });
    const pod = await newestPod('careful');
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "registry.example/app:1"' };
    const containerStatuses = [
      { name: 'app', ready: false, restartCount: 0, image: '', imageID: '', state: { waiting } },
    ];
    const patch = JSON.stringify({ status: { containerStatuses } });
    await admin(['patch', 'pod', pod, '-n', NAMESPACE, '--subresource=status', '--type=merge', '-p', patch]);
    expect(await seeOnce('stuck', ref)).toEqual({ state: 'waiting', obstacle: { kind: 'stuck', pod, ...waiting } });
  });

  it('waits for a node that takes its new pod', async () => {
    expect(await seeOnce('unschedulable', refOf('picky'))).toEqual({
      state: 'waiting',
      obstacle: {
        kind: 'unschedulable',
        pod: await newestPod('picky'),
        message: expect.stringContaining("didn't match Pod's node affinity/selector"),
      },
    });
  });

  it.each([
    ['Deployment', 'full'],
    ['StatefulSet', 'full-db'],
  ])('of a %s is refused by a quota', async (kind, name) => {
    expect(await seeOnce('refused', refOf(name, kind, FULL))).toEqual({
      state: 'waiting',
      obstacle: { kind: 'refused', message: expect.stringContaining('exceeded quota: small') },
    });
  });

  it('has nothing to wait for where there are no pods, and is gone where there is no workload', async () => {
    expect(await seeOnce('idle', refOf('off'))).toEqual({ state: 'idle' });
    expect(await seeOnce('gone', refOf('removed'))).toEqual({ state: 'gone' });
  });
});

describe('a merged change that is not in the cluster', () => {
  const notSynced = (obstacle: object) => ({ state: 'waiting', obstacle: { kind: 'not synced', ...obstacle } });

  it('waits for somebody to apply it', async () => {
    expect(await seeOnce('not applied', refOf('forgotten'))).toEqual({
      state: 'waiting',
      obstacle: { kind: 'not applied' },
    });
  });

  it('waits for Argo CD, as far as the rights tell', async () => {
    expect(await seeOnce('not synced', refOf('argo'))).toEqual(
      notSynced({
        by: 'Argo CD',
        object: 'Application argocd/argo',
        status: 'OutOfSync, Failed',
        message: 'one or more objects failed to apply',
      }),
    );
    const elsewhere = refOf('argo-elsewhere');
    expect(await seeOnce('not applied', elsewhere)).toMatchObject({ obstacle: { kind: 'not applied' } });
    expect(await seeOnce('not synced', elsewhere, facts.clusterKubeconfig)).toEqual(
      notSynced({ by: 'Argo CD', object: 'Application team-gitops/elsewhere', status: 'OutOfSync' }),
    );
  });

  it('waits for Flux', async () => {
    expect(await seeOnce('not synced', refOf('flux'))).toEqual(
      notSynced({
        by: 'Flux',
        object: 'Kustomization flux-system/shop',
        status: 'BuildFailed',
        message: 'kustomization.yaml: no such file',
      }),
    );
    expect(await seeOnce('not synced', refOf('helm'))).toEqual(
      notSynced({ by: 'Flux', object: `HelmRelease ${NAMESPACE}/shop`, status: 'suspended' }),
    );
  });
});

async function newestPod(app: string): Promise<string> {
  const args = ['get', 'pods', '-n', NAMESPACE, '-l', `app=${app}`, '-o', 'json'];
  const { items } = JSON.parse(await admin(args)) as {
    items: { metadata: { name: string }; spec: { containers: { resources: { limits: { memory: string } } }[] } }[];
  };
  return items.find(({ spec }) => spec.containers[0]?.resources.limits.memory === '1Gi')?.metadata.name ?? 'none';
}
