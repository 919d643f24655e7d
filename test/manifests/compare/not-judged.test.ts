import { describe, expect, test } from 'vitest';
import { hasHelm, hasKubectl, testRenderers } from '../test-renderers.ts';
import { comparing, deployment } from './compare-texts.ts';

const compare = comparing(testRenderers());

const argo = (name: string, source: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  destination: {namespace: ${name}}
  source:
    repoURL: ${source}
`;

const resources = (limit: string) => `resources:\n  limits:\n    memory: ${limit}\n`;

describe('what always failed to render', () => {
  const chart = 'https://charts.example.org\n    chart: shop\n    targetRevision: ';
  const app = (version: string, limit: string, image: string) =>
    `${argo('shop', `${chart}${version}`)}    helm:
      valuesObject:
        image: ${image}
        resources: {limits: {memory: ${limit}}}
`;
  const base = { 'apps/shop.yaml': app('1.0.0', '1Gi', 'a'), 'web.yaml': deployment('web', '500Mi') };

  test.skipIf(!hasHelm)('hides nothing where no line that speaks of memory changes', async () => {
    expect((await compare(base, { 'apps/shop.yaml': app('1.0.0', '1Gi', 'b') })).unread).toEqual([]);
    expect((await compare(base, { 'apps/shop.yaml': app('1.1.0', '1Gi', 'b') })).unread).toEqual([]);
  });

  test.skipIf(!hasHelm)('is not judged where one does', async () => {
    const { unread } = await compare(base, { 'apps/shop.yaml': app('1.0.0', '512Mi', 'a') });
    expect(unread).toEqual(['apps/shop.yaml: rendered']);
  });

  const patch = (limit: string, cpu = '1') => `- op: replace
  path: /spec/template/spec/containers/0/resources/limits/memory
  value: ${limit}
- op: replace
  path: /spec/template/spec/containers/0/resources/limits/cpu
  value: ${cpu}
`;
  const remote = (version: string) => ({
    'live/kustomization.yaml': `resources: ["https://github.com/else/where//deploy?ref=${version}"]
patches: [{path: size.yaml, target: {kind: Deployment}}]
`,
    'live/size.yaml': patch('1Gi'),
  });

  test.skipIf(!hasKubectl)('is the same for another version of what is not here', async () => {
    expect((await compare(remote('v1.2.0'), remote('v1.3.0'))).unread).toEqual([]);
    expect((await compare(remote('v1.2.0'), { 'live/size.yaml': patch('1Gi', '2') })).unread).toEqual([]);
  });

  test.skipIf(!hasKubectl)('hides nothing where only quotas and roles change', async () => {
    const quota = (memory: string) =>
      `apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: a}\nspec: {hard: {limits.memory: ${memory}}}\n`;
    const role = (what: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules:\n- resources: [${what}]\n`;
    const more = {
      'live/kustomization.yaml': 'resources: ["https://github.com/else/where//deploy", quota.yaml, role.yaml]\n',
      'live/quota.yaml': quota('1Gi'),
      'live/role.yaml': role('pods'),
    };
    const { unread } = await compare(more, { 'live/quota.yaml': quota('2Gi'), 'live/role.yaml': role('services') });
    expect(unread).toEqual([]);
  });

  test.skipIf(!hasKubectl)('is not judged where the value of a patch of memory changes', async () => {
    expect((await compare(remote('v1.2.0'), { 'live/size.yaml': patch('2Gi') })).unread).toEqual([
      'live/kustomization.yaml: rendered',
    ]);
  });

  test.skipIf(!hasKubectl)('fails alike wherever kubectl keeps it in memory', async () => {
    const merging = {
      'cm/kustomization.yaml': `resources: [web.yaml]
configMapGenerator: [{name: settings, behavior: merge, literals: [a=b]}]
`,
      'cm/web.yaml': deployment('web', '500Mi'),
    };
    const { unread } = await compare(merging, { 'cm/web.yaml': deployment('web', '500Mi', '          tty: true\n') });
    expect(unread).toEqual([]);
  });
});

describe('what nothing that is known applies', () => {
  test.skipIf(!hasHelm)('a chart without a release is not judged where its memory changes', async () => {
    const chart = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/values.yaml': resources('1Gi'),
      'chart/templates/app.yaml': deployment('app', '{{ .Values.resources.limits.memory }}'),
    };
    expect((await compare(chart, { 'chart/values.yaml': resources('512Mi') })).unread).toEqual([
      'chart/Chart.yaml: not applied',
    ]);
    expect((await compare(chart, { 'chart/values.yaml': `${resources('1Gi')}more: 1\n` })).unread).toEqual([]);
    expect(
      (await compare(chart, { 'chart/Chart.yaml': `${chart['chart/Chart.yaml']}appVersion: 2\n` })).unread,
    ).toEqual([]);
    const fresh = { 'more/Chart.yaml': 'apiVersion: v2\nname: more\nversion: 1.0.0\n' };
    expect((await compare(chart, fresh)).unread).toEqual([]);
    const gone = {
      'chart/Chart.yaml': undefined,
      'chart/values.yaml': undefined,
      'chart/templates/app.yaml': undefined,
    };
    expect((await compare(chart, gone)).unread).toEqual([]);
  });

  test.skipIf(!hasKubectl)('nor is a kustomization that no application takes beside those that some take', async () => {
    const base = {
      'apps/known.yaml': argo('known', 'https://github.com/owner/name\n    path: known'),
      'known/kustomization.yaml': 'resources: [web.yaml]\n',
      'known/web.yaml': deployment('web', '500Mi'),
      'unknown/kustomization.yaml': 'resources: [db.yaml]\n',
      'unknown/db.yaml': deployment('db', '2Gi'),
    };
    const home = { home: { repository: 'owner/name' } };
    const { said, unread } = await compare(base, { 'unknown/db.yaml': deployment('db', '1Gi') }, home);
    expect([said, unread]).toEqual([[], ['unknown/db.yaml: not applied']]);
    expect(
      (await compare(base, { 'unknown/db.yaml': deployment('db', '2Gi', '          tty: true\n') }, home)).unread,
    ).toEqual([]);
    expect((await compare(base, { 'unknown/db.yaml': undefined }, home)).unread).toEqual([]);
  });

  test('nor are values that nothing names; what is no manifest is let be', async () => {
    const base = {
      'prod/shop.yaml': resources('1Gi'),
      'prod/jobs.yaml': `# Of each Pod\nagents:\n  kind: Pod\n${resources('1Gi')}`,
      '.ci.yaml': resources('1Gi'),
      'compose.yaml': `services:\n  db:\n    deploy:\n      ${resources('1G').replaceAll('\n', '\n      ')}\n`,
      'docs/cluster.yaml': `apiVersion: example.org/v1\nkind: Cluster\nspec:\n  ${resources('1Gi').replaceAll('\n', '\n  ')}\n`,
      'web.yaml': deployment('web', '500Mi'),
    };
    const change = async (path: keyof typeof base) =>
      (await compare(base, { [path]: base[path].replace('1G', '2G') })).unread;
    expect(await change('prod/shop.yaml')).toEqual(['prod/shop.yaml: not applied']);
    expect(await change('prod/jobs.yaml')).toEqual(['prod/jobs.yaml: not applied']);
    expect(await change('.ci.yaml')).toEqual([]);
    expect(await change('compose.yaml')).toEqual([]);
    expect(await change('docs/cluster.yaml')).toEqual([]);
  });
});
