import { describe, expect, it } from 'vitest';
import { readCluster } from '../../src/cluster/read-cluster.ts';
import type { ClusterScope } from '../../src/cluster/scope.ts';
import { UserError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { workloadKey } from '../../src/model/workload.ts';
import { failingKubectl, kubectlFor } from './kubectl-stand-in.ts';
import type { ListApiOptions } from './list-api.ts';
import { deploymentPod, namespaces, ownedBy, pod, replicaSet, workload } from './objects.ts';

const silent: Log = { step: () => {}, debug: () => {}, warn: () => {}, group: (_, work) => work() };
const noPause = async () => {};

const LISTS = {
  namespaces: namespaces('a', 'b', 'empty', 'kube-system'),
  deployments: [
    workload('a', 'web', { labels: { team: 'shop' } }),
    workload('b', 'api'),
    workload('kube-system', 'dns'),
  ],
  pods: [
    deploymentPod('a', 'web', '1'),
    pod('a', 'tool', { labels: { team: 'shop' } }),
    deploymentPod('b', 'api', '1'),
    deploymentPod('kube-system', 'dns', '1'),
  ],
};

async function read(scope: Partial<ClusterScope> = {}, options: Partial<ListApiOptions> = {}) {
  const { kubectl, api } = kubectlFor({ ...options, lists: { ...LISTS, ...options.lists } });
  const whole = { namespaces: [], excludeNamespaces: [], ...scope };
  const state = await readCluster(kubectl, whole, silent, noPause);
  return {
    state,
    keys: state.workloads.map(({ ref }) => workloadKey(ref)),
    paths: api.requests.map((path) => path.split('?')[0] ?? ''),
  };
}

const onlyIn =
  (...allowed: readonly string[]) =>
  (_verb: string, _resource: string, namespace: string | undefined) =>
    namespace !== undefined && allowed.includes(namespace);

describe('the scope', () => {
  it('is the whole cluster without namespaces, less what is excluded, by lists of all namespaces', async () => {
    const { state, keys, paths } = await read({ excludeNamespaces: ['kube-*'] });
    expect(keys).toEqual(['a/Deployment/web', 'a/Pod/tool', 'b/Deployment/api']);
    expect(state.namespaces).toEqual(['a', 'b']);
    expect(paths.filter((path) => path.includes('/namespaces'))).toEqual([]);
  });

  it('says what was looked at, also where nothing was found', async () => {
    expect((await read({ excludeNamespaces: ['kube-*'] })).state.inspected).toEqual({
      namespaces: ['*'],
      except: ['kube-*'],
    });
    const selected = await read({ namespaces: ['a', 'empty', 'nope'], selector: 'team=shop' });
    expect(selected.state.inspected).toEqual({
      namespaces: ['a', 'empty', 'nope'],
      except: ['nope'],
      selector: 'team=shop',
    });
    const unread = await read({ namespaces: ['a', 'b'] }, { allows: onlyIn('a') });
    expect(unread.state.inspected).toEqual({ namespaces: ['a', 'b'], except: ['b'] });
  });

  it('asks only for the namespaces that are named', async () => {
    const { keys, paths } = await read({ namespaces: ['a'] });
    expect(keys).toEqual(['a/Deployment/web', 'a/Pod/tool']);
    expect(paths.filter((path) => !path.includes('/namespaces/a/'))).toEqual(['/version', '/apis', '/api/v1/nodes']);
  });

  it('lists namespaces for a pattern', async () => {
    const { state, keys } = await read({ namespaces: ['?', 'empty'], excludeNamespaces: ['b'] });
    expect(keys).toEqual(['a/Deployment/web', 'a/Pod/tool']);
    expect(state.namespaces).toEqual(['a', 'empty']);
  });

  it('reads the cluster once instead of many namespaces that a pattern matches, or each when that is refused', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `team-${index}`);
    const lists = {
      namespaces: namespaces(...names),
      deployments: [...names, 'other'].map((name) => workload(name, 'web')),
      pods: [],
    };
    const free = await read({ namespaces: ['team-*'] }, { lists });
    expect(free.keys).toHaveLength(20);
    expect(free.paths.filter((path) => path.endsWith('/pods'))).toEqual(['/api/v1/pods']);
    const allows = (_: string, resource: string, namespace: string | undefined) =>
      resource === 'namespaces' || namespace !== undefined;
    const bound = await read({ namespaces: ['team-*'] }, { lists, allows });
    expect(bound.keys).toEqual(free.keys);
    expect(bound.state.notes.filter(({ kind }) => kind === 'incomplete')).toEqual([]);
  });

  it.each([
    [{ namespaces: ['a', 'A'] }, '"A" is not the name of a namespace'],
    [{ namespaces: ['zz-*'] }, 'namespaces (zz-*) leaves no namespace to inspect'],
    [{ namespaces: ['a'], excludeNamespaces: ['*'] }, 'leaves no namespace to inspect'],
    [{ namespaces: ['nope'] }, 'The namespace nope does not exist: check the options namespaces and context'],
    [{ namespaces: ['empty'] }, 'There are no workloads or pods in the namespaces empty'],
    [{ selector: 'team=none' }, 'that match the selector team=none in the cluster'],
    [{ selector: 'a b' }, 'Option selector is not a label selector'],
    [{ selector: 'a==b==c' }, 'Option selector is not a label selector'],
  ])('that cannot be is refused: %j', async (scope, message) => {
    const run = read(scope);
    await expect(run).rejects.toThrow(UserError);
    await expect(run).rejects.toThrow(message);
  });
});

describe('a selector', () => {
  it('chooses workloads by their own labels, with all of their pods, and bare pods by theirs', async () => {
    const { state, keys } = await read({ selector: 'team=shop' });
    expect(keys).toEqual(['a/Deployment/web', 'a/Pod/tool']);
    expect(state.workloads[0]?.pods).toHaveLength(1);
  });
});

describe('ReplicaSets', () => {
  const lists = {
    pods: [pod('a', 'shop-1', { owner: ownedBy('ReplicaSet', 'shop-1') })],
    replicasets: [replicaSet('a', 'shop-1', ownedBy('Rollout', 'shop', 'argoproj.io/v1alpha1'))],
  };

  it('are read only where names do not tell, and only there', async () => {
    expect((await read()).paths.filter((path) => path.endsWith('replicasets'))).toEqual([]);
    const { keys, paths } = await read({}, { lists });
    expect(keys).toContain('a/Rollout/shop');
    expect(paths.filter((path) => path.endsWith('replicasets'))).toEqual(['/apis/apps/v1/namespaces/a/replicasets']);
  });

  it('that may not be read leave their pods in the report, with a note', async () => {
    const allows = (_: string, resource: string) => resource !== 'replicasets';
    const { state, keys } = await read({}, { lists, allows });
    expect(keys).toContain('a/ReplicaSet/shop-1');
    expect(state.notes).toMatchObject([
      { kind: 'info', namespaces: ['a'], text: expect.stringContaining('"replicasets"') },
    ]);
  });
});

describe('missing rights', () => {
  it('to the whole cluster ask for namespaces, or name the ClusterRole', async () => {
    const run = read({}, { allows: onlyIn('a') });
    await expect(run).rejects.toThrow('name the namespaces there, or grant the right to read all');
    await expect(run).rejects.toThrow('resources: ["deployments", "statefulsets", "daemonsets"], verbs: ["list"]');
  });

  it('to one namespace of several leave it out, and say so', async () => {
    const { state, keys } = await read({ namespaces: ['a', 'b'] }, { allows: onlyIn('a') });
    expect(keys).toEqual(['a/Deployment/web', 'a/Pod/tool']);
    expect(state.namespaces).toEqual(['a']);
    expect(state.notes.filter(({ kind }) => kind === 'incomplete')).toEqual([
      {
        kind: 'incomplete',
        namespaces: ['b'],
        text: expect.stringContaining('Namespace b could not be read. "system:'),
      },
    ]);
  });

  it('to one resource leave out the whole namespace rather than show half of it', async () => {
    const allows = (_: string, resource: string, namespace?: string) =>
      !(resource === 'deployments' && namespace === 'b');
    const { state, keys } = await read({ namespaces: ['a', 'b'] }, { allows });
    expect(keys.filter((key) => key.startsWith('b/'))).toEqual([]);
    expect(state.notes).toMatchObject([{ kind: 'incomplete', namespaces: ['b'] }]);
  });

  it('to all namespaces fail', async () => {
    const run = read({ namespaces: ['a', 'b'] }, { allows: onlyIn() });
    await expect(run).rejects.toThrow(
      'None of the namespaces a, b can be read. "system:serviceaccount:ci:inspector" may not list',
    );
  });

  it('to list namespaces matter only for a pattern', async () => {
    const allows = (_: string, resource: string) => resource !== 'namespaces';
    expect((await read({ namespaces: ['a'] }, { allows })).keys).toHaveLength(2);
    await expect(read({ namespaces: ['a*'] }, { allows })).rejects.toThrow('Or name each namespace');
  });

  it('to see whether an empty namespace exists make the run incomplete', async () => {
    const allows = (verb: string) => verb !== 'get';
    const { state } = await read({ namespaces: ['a', 'empty'] }, { allows });
    expect(state.notes).toMatchObject([
      { kind: 'incomplete', namespaces: ['empty'], text: expect.stringContaining('"get"') },
    ]);
  });

  it('to what is optional are an info', async () => {
    const core = ['pods', 'deployments', 'statefulsets', 'daemonsets'];
    const { state } = await read(
      { namespaces: ['a'] },
      { allows: (_: string, resource: string) => core.includes(resource) },
    );
    expect(state.workloads[0]).toMatchObject({ vpa: 'unknown', memoryHpa: 'unknown' });
    expect(state.notes.map(({ kind, text }) => [kind, text])).toEqual([
      ['info', expect.stringContaining('VerticalPodAutoscalers and HorizontalPodAutoscalers could not be read')],
      ['info', 'LimitRanges, ResourceQuotas and nodes could not be read, so no size is held against them'],
    ]);
  });
});

it('a namespace that does not exist among others makes the run incomplete', async () => {
  const { state } = await read({ namespaces: ['a', 'nope'] });
  expect(state.namespaces).toEqual(['a']);
  expect(state.notes).toEqual([
    { kind: 'incomplete', text: 'Namespace nope does not exist: check the option namespaces', namespaces: ['nope'] },
  ]);
});

describe('autoscalers and bounds', () => {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const metadata = { name: 'x', namespace: 'a' };
  const lists = {
    verticalpodautoscalers: [{ metadata, spec: { targetRef: target } }],
    horizontalpodautoscalers: [
      { metadata, spec: { scaleTargetRef: target, metrics: [{ type: 'Resource', resource: { name: 'memory' } }] } },
    ],
    limitranges: [{ metadata, spec: { limits: [{ type: 'Container', max: { memory: '4Gi' } }] } }],
    nodes: [
      { metadata: { name: 'small' }, status: { allocatable: { memory: '8Gi' } } },
      { metadata: { name: 'large' }, status: { allocatable: { memory: '64Gi' } } },
    ],
  };

  it('are those of the workload, the namespace and the largest node', async () => {
    const { state } = await read({}, { lists });
    const steering = state.workloads.map(({ ref, vpa, memoryHpa }) => [workloadKey(ref), vpa, memoryHpa]);
    expect(steering).toContainEqual(['a/Deployment/web', 'steered', 'steered']);
    expect(steering).toContainEqual(['b/Deployment/api', 'none', 'none']);
    const most = 4 * 1024 ** 3;
    // As the API server does: without a default of its own, the most is given to what leaves its size out.
    expect(state.bounds).toEqual([{ namespace: 'a', containerMax: most, defaultLimit: most, defaultRequest: most }]);
    expect(state.largestNodeAllocatable).toBe(64 * 1024 ** 3);
    expect(state.notes).toEqual([]);
  });
});

describe('no access at all is one sentence', () => {
  it.each([
    ['error: You must be logged in to the server (Unauthorized)', 'have expired'],
    ['error: context "x" does not exist', 'set the option context'],
    [
      'The connection to the server 10.0.0.1:443 was refused - did you specify the right host or port?',
      'cannot be reached',
    ],
    ['Error from server (ServiceUnavailable): apiserver not ready', 'try again later'],
  ])('%s', async (stderr, says) => {
    const run = readCluster(failingKubectl(stderr), { namespaces: ['a', 'b'], excludeNamespaces: [] }, silent, noPause);
    await expect(run).rejects.toThrow(UserError);
    await expect(run).rejects.toThrow(says);
  });
});
