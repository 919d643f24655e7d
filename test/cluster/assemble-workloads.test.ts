import { describe, expect, it } from 'vitest';
import type { ApiPod } from '../../src/cluster/api-types.ts';
import { assembleWorkloads, type Seen } from '../../src/cluster/assemble-workloads.ts';
import { mapPod } from '../../src/cluster/map-pod.ts';
import { mapWorkload } from '../../src/cluster/map-workload.ts';
import { workloadKey } from '../../src/model/workload.ts';
import { container, deploymentPod, ownedBy, pod, workload } from './objects.ts';

const nothingSteers = { sizes: () => ({ state: 'none' as const, unread: [] }), memoryHpa: () => 'none' as const };
const web = mapWorkload('Deployment', workload('a', 'web'));

function join(pods: readonly ApiPod[], more: Partial<Seen> = {}) {
  const seen = pods.map(mapPod).filter((item) => item !== undefined);
  return assembleWorkloads({ workloads: [], pods: seen, replicaSets: new Map(), ...more }, nothingSteers);
}

function outline(joined: ReturnType<typeof join>) {
  return joined.map(({ ref, pods, edit }) => [workloadKey(ref), pods.map(({ name }) => name), edit.allowed]);
}

describe('a pod goes under', () => {
  it('its Deployment, without a look at ReplicaSets', () => {
    const joined = join([deploymentPod('a', 'web', '2'), deploymentPod('a', 'web', '1')], { workloads: [web] });
    expect(outline(joined)).toEqual([['a/Deployment/web', ['web-abc-1', 'web-abc-2'], true]]);
  });

  it('its StatefulSet or DaemonSet', () => {
    const workloads = [
      mapWorkload('StatefulSet', workload('a', 'db')),
      mapWorkload('DaemonSet', workload('a', 'agent')),
    ];
    const pods = [
      pod('a', 'db-0', { owner: ownedBy('StatefulSet', 'db') }),
      pod('a', 'agent-x', { owner: ownedBy('DaemonSet', 'agent') }),
      pod('b', 'db-0', { owner: ownedBy('StatefulSet', 'db') }),
    ];
    expect(outline(join(pods, { workloads }))).toEqual([
      ['a/DaemonSet/agent', ['agent-x'], true],
      ['a/StatefulSet/db', ['db-0'], true],
      ['b/StatefulSet/db', ['db-0'], false],
    ]);
  });

  it('itself when nobody owns it', () => {
    const [bare] = join([pod('a', 'tool', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } })]);
    expect(bare).toMatchObject({
      ref: { namespace: 'a', group: '', kind: 'Pod', name: 'tool' },
      edit: { allowed: true },
      hints: { managedBy: 'Helm' },
      containers: [{ name: 'app', image: 'registry.example/app:1' }],
    });
  });

  it('the owner of its ReplicaSet, which names what to change', () => {
    const rollout = ownedBy('Rollout', 'shop', 'argoproj.io/v1alpha1');
    const [joined] = join([pod('a', 'shop-1', { owner: ownedBy('ReplicaSet', 'shop-1') })], {
      replicaSets: new Map([['uid-ReplicaSet-shop-1', rollout]]),
    });
    expect(joined?.ref).toEqual({ namespace: 'a', group: 'argoproj.io', kind: 'Rollout', name: 'shop' });
    expect(joined?.edit).toEqual({
      allowed: false,
      why: 'Its pods belong to Rollout "shop" (argoproj.io/v1alpha1): set the memory there, or in its source',
    });
  });

  it('its Deployment when only the ReplicaSet tells', () => {
    const [joined] = join([pod('a', 'odd-1', { owner: ownedBy('ReplicaSet', 'odd') })], {
      workloads: [web],
      replicaSets: new Map([['uid-ReplicaSet-odd', ownedBy('Deployment', 'web')]]),
    });
    expect(joined?.pods).toHaveLength(1);
  });

  it('its ReplicaSet when that has no owner, or may not be read', () => {
    const pods = [pod('a', 'x', { owner: ownedBy('ReplicaSet', 'rs') })];
    const [alone] = join(pods, { replicaSets: new Map([['uid-ReplicaSet-rs', undefined]]) });
    const [unread] = join(pods);
    expect(alone?.edit).toMatchObject({ why: expect.stringContaining('Its pods belong to ReplicaSet "rs"') });
    expect(unread?.edit).toMatchObject({ why: expect.stringContaining('grant the right to list replicasets') });
  });

  it('its node when it is static', () => {
    const owner = ownedBy('Node', 'node-1', 'v1');
    const joined = join([
      pod('kube-system', 'etcd-node-1', { owner, spec: { containers: [container('etcd')] } }),
      pod('kube-system', 'api-node-1', { owner, spec: { containers: [container('api')] } }),
    ]);
    expect(outline(joined)).toEqual([['kube-system/Node/node-1', ['api-node-1', 'etcd-node-1'], false]]);
    expect(joined[0]?.containers.map(({ name }) => name)).toEqual(['etcd', 'api']);
    expect(joined[0]?.edit).toMatchObject({ why: expect.stringContaining('manifests on the node') });
  });
});

describe('a workload', () => {
  it('without pods is still there', () => {
    expect(outline(join([], { workloads: [web] }))).toEqual([['a/Deployment/web', [], true]]);
  });

  it('that an operator makes is not edited', () => {
    const owner = ownedBy('Prometheus', 'k8s', 'monitoring.coreos.com/v1');
    const [joined] = join([], { workloads: [mapWorkload('StatefulSet', workload('a', 'prometheus', { owner }))] });
    expect(joined?.edit).toEqual({
      allowed: false,
      why: 'It is managed by Prometheus "k8s" (monitoring.coreos.com/v1), which would undo a change: set the memory there',
    });
  });

  it('knows the containers of its pods that are not its own', () => {
    const spec = { containers: [container('app'), container('istio-proxy')] };
    const [joined] = join([deploymentPod('a', 'web', '1', spec)], { workloads: [web] });
    expect(joined?.pods[0]?.containers.map(({ name, injected }) => [name, injected])).toEqual([
      ['app', false],
      ['istio-proxy', true],
    ]);
    expect(joined?.containers.map(({ name }) => name)).toEqual(['app']);
  });
});

describe('with a selector', () => {
  it('pods of workloads follow those, others their own labels', () => {
    const pods = [
      deploymentPod('a', 'web', '1'),
      deploymentPod('a', 'other', '1'),
      pod('a', 'db-0', { owner: ownedBy('StatefulSet', 'db') }),
      pod('a', 'tool'),
      pod('a', 'toy'),
      pod('a', 'set-1', { owner: ownedBy('StrimziPodSet', 'set', 'core.strimzi.io/v1') }),
    ];
    const selectedPods = new Set(['uid-tool', 'uid-set-1', 'uid-db-0']);
    expect(outline(join(pods, { workloads: [web], selectedPods }))).toEqual([
      ['a/Deployment/web', ['web-abc-1'], true],
      ['a/Pod/tool', ['tool'], true],
      ['a/StrimziPodSet/set', ['set-1'], false],
    ]);
  });
});
