import { describe, expect, it } from 'vitest';
import type { ApiPod } from '../../src/cluster/api-types.ts';
import { readCluster } from '../../src/cluster/read-cluster.ts';
import { targetOfHpa } from '../../src/cluster/read-steering.ts';
import { targetOfVpa } from '../../src/cluster/steerers.ts';
import { kubectlFor } from './kubectl-stand-in.ts';
import type { ListApiOptions } from './list-api.ts';
import { deploymentPod, workload } from './objects.ts';

const metadata = { namespace: 'shop' };
const target = { kind: 'Deployment', name: 'web' };

describe('a VPA', () => {
  const of = (spec: object) => targetOfVpa({ metadata, spec: { targetRef: target, ...spec } });

  it.each([
    ['by default', {}],
    ['on creation', { updatePolicy: { updateMode: 'Initial' } }],
    [
      'with a policy for memory',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', controlledResources: ['cpu', 'memory'] }] } },
    ],
    ['but for one container', { resourcePolicy: { containerPolicies: [{ containerName: 'proxy', mode: 'Off' }] } }],
    [
      'for one container only',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', mode: 'Off' }, { containerName: 'app' }] } },
    ],
  ])('steers %s', (_, spec) => {
    expect(of(spec)?.key).toBe('shop/Deployment/web');
  });

  it.each([
    ['when it only recommends', { updatePolicy: { updateMode: 'Off' } }],
    [
      'when it is off for all containers',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', mode: 'Off' }] } },
    ],
    [
      'memory when it is for CPU',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', controlledResources: ['cpu'] }] } },
    ],
  ])('does not steer %s', (_, spec) => {
    expect(of(spec)).toBeUndefined();
  });
});

describe('an HPA', () => {
  const of = (...metrics: object[]) => targetOfHpa({ metadata, spec: { scaleTargetRef: target, metrics } });

  it('counts when it scales by memory, of the pod or of a container', () => {
    expect(
      of({ type: 'Resource', resource: { name: 'cpu' } }, { type: 'Resource', resource: { name: 'memory' } }),
    ).toBe('shop/Deployment/web');
    expect(of({ type: 'ContainerResource', containerResource: { name: 'memory', container: 'app' } })).toBe(
      'shop/Deployment/web',
    );
  });

  it('does not when it scales by anything else', () => {
    expect(of({ type: 'Resource', resource: { name: 'cpu' } })).toBeUndefined();
    expect(of()).toBeUndefined();
  });
});

describe('what sets the sizes of a workload', () => {
  const GROUPS = {
    'autoscaling.k8s.io': ['v1'],
    'eks.amazonaws.com': ['v1beta1', 'v1'],
    'datadoghq.com': ['v1alpha1'],
    'autoscaling.cast.ai': ['v1'],
  };
  const object = (name: string, spec: object) => ({ metadata: { name, namespace: 'shop' }, spec });

  async function read(lists: ListApiOptions['lists'], more: Partial<ListApiOptions> = {}) {
    const base = { deployments: [workload('shop', 'web')], pods: [deploymentPod('shop', 'web', '1')], ...lists };
    const { kubectl, api } = kubectlFor({ groups: GROUPS, ...more, lists: base });
    const log = { step: () => {}, debug: () => {}, warn: () => {}, group: <T>(_: string, work: () => T) => work() };
    const scope = { namespaces: ['shop'], excludeNamespaces: [] };
    const { workloads, notes } = await readCluster(kubectl, scope, log, async () => {});
    return { vpa: workloads[0]?.vpa, by: workloads[0]?.steeredBy, notes, requests: api.requests };
  }

  it.each([
    [
      'verticalpodautoscalers',
      'VPA',
      'InPlaceOrRecreate',
      { targetRef: target, updatePolicy: { updateMode: 'InPlaceOrRecreate' } },
    ],
    ['verticalpodautoscalers', 'VPA', 'Initial', { targetRef: target, updatePolicy: { updateMode: 'Initial' } }],
    ['resourceoptimizations', 'EKS resource optimization', 'Apply', { mode: 'Apply' }],
    ['datadogpodautoscalers', 'DatadogPodAutoscaler', 'Apply', { targetRef: target }],
    ['recommendations', 'CAST AI', undefined, { targetRef: target }],
  ])('is told by %s: %s, mode %s', async (resource, name, mode, spec) => {
    const { vpa, by } = await read({ [resource]: [object('web-deploy', spec)] });
    expect(vpa).toBe('steered');
    expect(by).toEqual(mode === undefined ? { name } : { name, mode });
  });

  it.each([
    ['resourceoptimizations', { mode: 'Recommend' }],
    ['datadogpodautoscalers', { targetRef: target, applyPolicy: { mode: 'Preview' } }],
    ['datadogpodautoscalers', { targetRef: target, applyPolicy: { update: { strategy: 'Disabled' } } }],
    ['datadogpodautoscalers', { targetRef: target, constraints: { containers: [{ name: '*', enabled: false }] } }],
  ])('is not set by %s that only recommend: %j', async (resource, spec) => {
    expect(await read({ [resource]: [object('web-deploy', spec)] })).toMatchObject({ vpa: 'none', by: undefined });
  });

  it.each([
    ['recommendations', { targetRef: null }],
    ['datadogpodautoscalers', { constraints: { containers: [null] } }],
    ['verticalpodautoscalers', null],
    ['verticalpodautoscalers', { targetRef: target, resourcePolicy: { containerPolicies: 'all' } }],
  ])('is not told by %s of another form: %j', async (resource, spec) => {
    const lists = { [resource]: [{ metadata: { name: 'web-deploy', namespace: 'shop' }, spec }] };
    expect(await read(lists)).toMatchObject({ vpa: 'none', by: undefined });
  });

  const annotated = (annotations: Readonly<Record<string, string>>): ApiPod & { metadata: { name: string } } => {
    const pod = deploymentPod('shop', 'web', '1');
    return { ...pod, metadata: { ...pod.metadata, annotations } };
  };

  it('is told by what the workload or its pods bear where no object tells', async () => {
    const made = workload('shop', 'web');
    const configuration = 'vertical:\n  optimization: on\n';
    const metadata = { ...made.metadata, annotations: { 'workloads.cast.ai/configuration': configuration } };
    expect((await read({ deployments: [{ ...made, metadata }] })).by).toEqual({ name: 'CAST AI' });
    const managedFields = [
      {
        manager: 'attune-controller',
        subresource: 'resize',
        fieldsV1: { 'f:spec': { 'f:resources': { 'f:limits': { 'f:memory': {} } } } },
      },
    ];
    const pod = deploymentPod('shop', 'web', '1');
    const pods = [{ ...pod, metadata: { ...pod.metadata, managedFields } }];
    expect((await read({ pods })).by).toEqual({ name: 'Attune' });
  });

  it('is a VPA of earlier no longer, unless nobody may read the VPAs', async () => {
    const pods = [annotated({ vpaUpdates: 'Pod resources updated by web: container 0: memory request' })];
    expect((await read({ pods, verticalpodautoscalers: [] })).vpa).toBe('none');
    const allows = (_: string, resource: string) => resource !== 'verticalpodautoscalers';
    const refused = await read({ pods, verticalpodautoscalers: [] }, { allows });
    expect(refused.by).toEqual({ name: 'VPA' });
    expect(refused.notes.map(({ text }) => text)).toEqual([
      expect.stringContaining('VerticalPodAutoscalers could not be read'),
    ]);
  });

  it('is asked for only where the API is there, in a version that is', async () => {
    const asked = ({ requests }: { readonly requests: readonly string[] }) =>
      requests.filter((path) => /^\/apis\/(?!apps|autoscaling\/)./.test(path)).map((path) => path.split('?')[0]);
    expect(asked(await read({}, { groups: {} }))).toEqual([]);
    expect(asked(await read({}))).toEqual([
      '/apis/autoscaling.k8s.io/v1/namespaces/shop/verticalpodautoscalers',
      '/apis/eks.amazonaws.com/v1beta1/namespaces/shop/resourceoptimizations',
      '/apis/datadoghq.com/v1alpha1/namespaces/shop/datadogpodautoscalers',
      '/apis/autoscaling.cast.ai/v1/namespaces/shop/recommendations',
    ]);
  });
});
