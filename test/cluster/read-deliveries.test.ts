import { describe, expect, it } from 'vitest';
import { readDeliveries } from '../../src/cluster/read-deliveries.ts';
import type { OriginHints, WorkloadRef } from '../../src/model/workload.ts';
import { type Answers, groupsOf, kubectlAnswering } from './path-answers.ts';

const ref = (name: string): WorkloadRef => ({ namespace: 'shop', group: 'apps', kind: 'Deployment', name });
const APPS = '/apis/argoproj.io/v1alpha1';
const KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces';
const RELEASES = '/apis/helm.toolkit.fluxcd.io/v2/namespaces';
const ALL = groupsOf({
  'argoproj.io': ['v1alpha1'],
  'kustomize.toolkit.fluxcd.io': ['v1'],
  'helm.toolkit.fluxcd.io': ['v2'],
});
const SHA = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b';

async function read(answers: Answers, ...hints: readonly OriginHints[]) {
  const { kubectl, asked } = kubectlAnswering({ '/apis': ALL, ...answers });
  const workloads = hints.map((one, index) => ({ ref: ref(`web-${index}`), hints: one }));
  return { read: await readDeliveries(kubectl, workloads), asked };
}

const tracked = (app: string, index = 0) => ({ argoTrackingId: `${app}:apps/Deployment:shop/web-${index}` });
const named = (namespace: string, name: string) => ({ metadata: { namespace, name } });
const ready = (status: string, reason: string, message: string) => ({
  conditions: [
    { type: 'Reconciling', status: 'True' },
    { type: 'Ready', status, reason, message },
  ],
});

describe('Argo CD', () => {
  const search = `${APPS}/applications?fieldSelector=metadata.name=shop`;
  const application = {
    ...named('gitops', 'shop'),
    spec: { syncPolicy: {} },
    status: { sync: { status: 'OutOfSync', revision: SHA }, health: { status: 'Healthy' } },
  };

  it('is asked once for all that one Application applies, wherever it is', async () => {
    const { read: found, asked } = await read(
      { [search]: { items: [application] } },
      tracked('shop'),
      tracked('shop', 1),
    );
    const said = {
      by: 'Argo CD',
      object: 'Application gitops/shop',
      status: 'OutOfSync, auto-sync off',
      settled: false,
    };
    expect(found).toEqual([
      { workload: ref('web-0'), ...said },
      { workload: ref('web-1'), ...said },
    ]);
    expect(asked).toEqual(['/apis', search]);
  });

  it('is asked in its usual namespace where the others may not be read, and by name where the mark names one', async () => {
    const path = `${APPS}/namespaces/argocd/applications/shop`;
    const central = { ...application, ...named('argocd', 'shop') };
    expect((await read({ [search]: 'Forbidden', [path]: central }, tracked('shop'))).read).toMatchObject([
      { object: 'Application argocd/shop' },
    ]);
    const { asked } = await read({}, tracked('team_shop'));
    expect(asked).toEqual(['/apis', `${APPS}/namespaces/team/applications/shop`]);
  });

  it('tells the one that holds the workload among several of its name', async () => {
    const resources = [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web-0' }];
    const own = { ...named('team', 'shop'), status: { sync: { status: 'Synced', revision: SHA }, resources } };
    const { read: found } = await read({ [search]: { items: [application, own] } }, tracked('shop'));
    expect(found).toMatchObject([{ object: 'Application team/shop', status: 'Synced to 1a2b3c4', settled: true }]);
  });

  it('may mark what it applies by a label, which others set as well', async () => {
    const resources = [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web-0' }];
    const holding = { ...application, status: { ...application.status, resources } };
    const labelled = { instance: 'shop' };
    expect((await read({ [search]: { items: [holding] } }, labelled)).read).toMatchObject([
      { object: 'Application gitops/shop' },
    ]);
    expect((await read({ [search]: { items: [application] } }, labelled)).read).toEqual([]);
  });

  it.each([
    [
      { operationState: { phase: 'Failed', message: 'one or more objects failed to apply: quota' } },
      { status: 'OutOfSync, Failed', message: 'one or more objects failed to apply: quota' },
    ],
    [
      { conditions: [{ type: 'ComparisonError', message: 'helm template failed' }] },
      { message: 'helm template failed' },
    ],
    [
      {
        health: { status: 'Degraded', message: 'too slow' },
        operationState: { phase: 'Succeeded', message: 'synced' },
      },
      { status: 'OutOfSync, Degraded', message: 'too slow' },
    ],
  ])('says what is wrong: %j', async (status, said) => {
    const automated = { spec: { syncPolicy: { automated: {} } } };
    const object = { ...application, ...automated, status: { ...application.status, ...status } };
    expect((await read({ [search]: { items: [object] } }, tracked('shop'))).read).toMatchObject([said]);
  });

  it('is not asked for a mark that was copied from another object, nor for a name that is none', async () => {
    const copied = { argoTrackingId: 'shop:apps/Deployment:shop/operator' };
    const { asked } = await read({}, copied, tracked('../secrets', 1), tracked('a_b_c', 2));
    expect(asked).toEqual([]);
  });
});

describe('Flux', () => {
  const own = { fluxKustomization: 'flux-system/shop' };
  const path = `${KUSTOMIZATIONS}/flux-system/kustomizations/shop`;

  it.each([
    [
      { status: ready('False', 'BuildFailed', 'kustomize build failed: no such file') },
      { status: 'BuildFailed', message: 'kustomize build failed: no such file', settled: false },
    ],
    [
      { status: { ...ready('True', 'ReconciliationSucceeded', 'Applied'), lastAppliedRevision: `main@sha1:${SHA}` } },
      { status: 'Ready at main@sha1:1a2b3c4', settled: true },
    ],
    [
      { spec: { suspend: true }, status: ready('True', 'ReconciliationSucceeded', 'Applied') },
      { status: 'suspended', settled: false },
    ],
    [{}, { status: 'not Ready', settled: false }],
  ])('says how its Kustomization is: %j', async (object, said) => {
    const { read: found } = await read({ [path]: { ...named('flux-system', 'shop'), ...object } }, own);
    expect(found).toEqual([{ workload: ref('web-0'), by: 'Flux', object: 'Kustomization flux-system/shop', ...said }]);
  });

  it('says of a release that is done what holds up its own Kustomization', async () => {
    const labels = {
      'kustomize.toolkit.fluxcd.io/name': 'shop',
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    };
    const release = (status: object) => ({ metadata: { namespace: 'shop', name: 'web', labels }, status });
    const done = release(ready('True', 'UpgradeSucceeded', 'Helm upgrade succeeded'));
    const kustomization = { status: ready('False', 'DependencyNotReady', 'dependency') };
    const releasePath = `${RELEASES}/shop/helmreleases/web`;
    const hints = { fluxHelmRelease: 'shop/web', fluxKustomization: 'shop/other' };
    const ask = async (object: object, above: Answers) =>
      (await read({ [releasePath]: object, ...above }, hints)).read.map(({ object: of, status }) => [of, status]);
    expect(await ask(done, { [path]: kustomization })).toEqual([
      ['Kustomization flux-system/shop', 'DependencyNotReady'],
    ]);
    expect(await ask(done, {})).toEqual([['HelmRelease shop/web', 'Ready']]);
    const failed = release(ready('False', 'UpgradeFailed', 'timed out'));
    expect(await ask(failed, { [path]: kustomization })).toEqual([['HelmRelease shop/web', 'UpgradeFailed']]);
  });
});

describe('nothing is known', () => {
  const search = `${APPS}/applications?fieldSelector=metadata.name=shop`;

  it('where no tool left a mark, and nothing is asked', async () => {
    expect(await read({}, {}, { helmRelease: 'web' })).toEqual({ read: [], asked: [] });
  });

  it('where the API group is not there', async () => {
    const { kubectl, asked } = kubectlAnswering({ '/apis': groupsOf({ apps: ['v1'] }) });
    expect(await readDeliveries(kubectl, [{ ref: ref('web-0'), hints: tracked('shop') }])).toEqual([]);
    expect(asked).toEqual(['/apis']);
  });

  it.each(['Forbidden', 'NotFound', 'not JSON'] as const)('where the answer is %s', async (answer) => {
    expect((await read({ [search]: answer }, tracked('shop'))).read).toEqual([]);
  });

  it.each([{}, { status: 7, spec: [], metadata: null }, { status: { sync: 1, conditions: {}, resources: [null] } }])(
    'of fields that are of other types: %j',
    async (object) => {
      expect((await read({ [search]: { items: [object] } }, tracked('shop'))).read).toMatchObject([
        { status: 'Unknown, auto-sync off' },
      ]);
    },
  );

  it('of more than a few objects', async () => {
    const many = Array.from({ length: 30 }, (_, index) => tracked(`team_app-${index}`, index));
    expect((await read({}, ...many)).asked).toHaveLength(21);
  });
});
