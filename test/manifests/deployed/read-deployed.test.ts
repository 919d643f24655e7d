import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { UNKNOWN } from '../../../src/manifests/deployed/deployed.ts';
import { objectsIn, readList } from './lists.ts';

const application = (
  name: string,
  source: object,
  destination: object = { namespace: 'prod' },
  kind = 'Application',
) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'argocd' },
  spec: { source: { repoURL: 'https://github.com/acme/platform', targetRevision: 'main', ...source }, destination },
});
const set = (generators: object[], source: object, name = '{{name}}') => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name: 'all' },
  spec: {
    generators,
    template: {
      metadata: { name },
      spec: { source: { repoURL: 'acme/platform', ...source }, destination: { name: '{{cluster}}' } },
    },
  },
});
const text = (...objects: object[]) => objects.map((one) => stringify(one)).join('---\n');

describe('what the objects of a repository say is applied', () => {
  test('an Application, with its place, namespace and cluster', async () => {
    const { all } = await readList({
      'argocd/web.yaml': text(application('web', { path: './deploy/web/' }, { namespace: 'prod', name: 'eu' })),
    });
    expect(all).toEqual([
      {
        by: 'argo',
        name: 'web',
        objectNamespace: 'argocd',
        definedIn: 'argocd/web.yaml',
        source: { state: 'here' },
        folder: 'deploy/web',
        takes: { kind: 'argo', recurse: false },
        namespace: 'prod',
        cluster: 'eu',
        onEachCluster: false,
      },
    ]);
  });

  test('no folder for a chart of a registry, and none outside the repository', async () => {
    const { all, unreadable, objects } = await readList({
      'a.yaml': text(application('chart', { chart: 'redis' }), application('out', { path: '../x' })),
    });
    expect([all, unreadable]).toEqual([[], []]);
    expect(objects.map(({ name }) => name)).toEqual(['chart', 'out']);
  });

  test('the Applications of a set; one for each cluster where only the cluster knows them', async () => {
    const { all } = await readList({
      'list.yaml': text(set([{ list: { elements: [{ name: 'a' }, { name: 'b' }] } }], { path: 'apps/{{name}}' })),
      'clusters.yaml': text(set([{ clusters: {} }], { path: 'shared' }, 'shared-{{name}}')),
    });
    expect(all.map(({ name, folder, onEachCluster }) => [name, folder, onEachCluster])).toEqual([
      ['a', 'apps/a', true],
      ['b', 'apps/b', true],
      [`shared-${UNKNOWN}`, 'shared', true],
    ]);
  });

  test('a folder of which a part is not known stands for every one that it may be', async () => {
    const { all } = await readList({
      'set.yaml': text(set([{ clusters: {} }], { path: 'clusters/{{name}}/apps' })),
      'clusters/eu/apps/a.yaml': 'a: 1\n',
      'clusters/us/apps/a.yaml': 'a: 1\n',
      'clusters/us/other/a.yaml': 'a: 1\n',
    });
    expect(all.map(({ folder }) => folder)).toEqual(['clusters/eu/apps', 'clusters/us/apps']);
  });

  test('a generator that is not read: the folders that its template may mean', async () => {
    const { all, unreadable } = await readList({
      'set.yaml': text(set([{ pullRequest: {} }], { path: 'apps/{{name}}' })),
    });
    expect(all).toEqual([]);
    expect(unreadable).toEqual([
      {
        definedIn: 'set.yaml',
        what: 'the ApplicationSet all',
        why: 'its pullRequest generator is not read',
        folder: `apps/${UNKNOWN}`,
      },
    ]);
  });

  test('objects that something writes, and what those write, to a depth that people keep apart', async () => {
    let asked = 0;
    const { objects } = await readList(
      { 'root.yaml': text(application('root', { path: 'charts/apps' })) },
      {
        written: async (found) => {
          asked += 1;
          return { objects: found.map((one) => ({ ...one, name: `${one.name}-x` })), unreadable: [] };
        },
      },
    );
    expect(objects.map(({ name }) => name)).toEqual(['root', 'root-x', 'root-x-x', 'root-x-x-x']);
    expect(asked).toBe(4);
  });

  test('only objects of the groups that apply something', () => {
    const other = { ...application('web', { path: 'x' }), apiVersion: 'app.k8s.io/v1beta1' };
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      metadata: { name: 'argoproj.io' },
    };
    expect(objectsIn({ 'a.yaml': text(other, kustomization), 'b.yaml': 'argoproj.io Application: [' })).toEqual([]);
    const list = { apiVersion: 'v1', kind: 'List', items: [application('a', {}), application('b', {})] };
    expect(objectsIn({ 'a.yaml': text(list) }).map(({ name, place }) => [name, place?.at])).toEqual([
      ['a', ['items', 0]],
      ['b', ['items', 1]],
    ]);
  });
});

describe('a source of Flux', () => {
  const kustomization = (name: string, sourceRef: object) => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec: { path: './apps', sourceRef },
  });
  const repository = (spec: object, name = 'platform', namespace = 'flux-system') => ({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name, namespace },
    spec: { url: 'https://github.com/acme/platform', ...spec },
  });
  const named = { kind: 'GitRepository', name: 'platform' };
  const sourceOf = async (files: Record<string, string>) =>
    (await readList(files)).all.map(({ source }) => source.state);

  test.each([
    [{ ref: { branch: 'main' } }, 'here'],
    [{}, 'here'],
    [{ ref: { name: 'refs/heads/main' } }, 'here'],
    [{ ref: { name: 'refs/tags/v1' } }, 'elsewhere'],
    [{ ref: { branch: 'main', commit: 'abc' } }, 'elsewhere'],
    [{ ref: { tag: 'v1' } }, 'elsewhere'],
    [{ ref: { semver: '>=1' } }, 'elsewhere'],
    [{ ref: { branch: 'release-1.4' } }, 'elsewhere'],
    [{ url: 'ssh://git@github.com/acme/web' }, 'elsewhere'],
  ])('%j is %s', async (spec, state) => {
    expect(await sourceOf({ 'a.yaml': text(kustomization('apps', named), repository(spec)) })).toEqual([state]);
  });

  test('of the same name: the one nearest to what names it', async () => {
    const files = {
      'clusters/eu/apps.yaml': text(kustomization('apps', named)),
      'clusters/eu/source.yaml': text(repository({ ref: { tag: 'v1' } })),
      'clusters/us/source.yaml': text(repository({})),
    };
    expect(await sourceOf(files)).toEqual(['elsewhere']);
    expect(await sourceOf({ ...files, 'clusters/eu/source.yaml': '' })).toEqual(['here']);
  });

  test('of another kind is elsewhere, one that nobody describes is taken to be the repository', async () => {
    expect(await sourceOf({ 'a.yaml': text(kustomization('apps', { kind: 'OCIRepository', name: 'x' })) })).toEqual([
      'elsewhere',
    ]);
    expect(await sourceOf({ 'a.yaml': text(kustomization('apps', { kind: 'GitRepository', name: 'x' })) })).toEqual([
      'here',
    ]);
    expect(
      await sourceOf({
        'a.yaml': text(kustomization('apps', named), repository({ ref: { tag: 'v1' } }, 'platform', 'other')),
      }),
    ).toEqual(['here']);
  });
});
