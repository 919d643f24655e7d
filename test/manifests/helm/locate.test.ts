import { describe, expect, test } from 'vitest';
import type { Helm } from '../../../src/manifests/helm/run-helm.ts';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import { CHILD_LIMITS } from '../../../src/manifests/rendering/run-closed.ts';
import { copyBelow } from '../../../src/manifests/rendering/scratch.ts';
import type { TreeContext } from '../../../src/manifests/way.ts';
import type { NamedRelease } from '../../../src/model/mapping.ts';
import type { RepositoryFiles } from '../../../src/model/repository-files.ts';
import type { OriginHints, Workload, WorkloadRef } from '../../../src/model/workload.ts';
import { filesOf, suggestion, workload } from '../fixtures.ts';
import { hasHelm, testRenderers, whyNoHelm } from '../test-renderers.ts';
import { countingHelm, locateCase, locateInHelm, readCase, readRepository } from './read-case.ts';

const withHelm = describe.skipIf(!hasHelm);
const renderers = testRenderers();
const CHART = 'apiVersion: v2\nname: shop\nversion: 0.1.0\n';
const hints = { helmRelease: 'shop' };
const SHOP: NamedRelease = { release: 'shop', namespace: 'shop-rel', chart: 'chart', values: [] };

function deployment(name: string): WorkloadRef {
  return { namespace: 'shop-rel', group: 'apps', kind: 'Deployment', name };
}

async function contextOf(
  files: RepositoryFiles,
  {
    workloads,
    helm = renderers.helm,
    helmReleases = [],
  }: {
    readonly workloads: readonly Workload[];
    readonly helm?: Helm;
    readonly helmReleases?: readonly NamedRelease[];
  },
): Promise<TreeContext> {
  const index = await indexManifests(files, []);
  return { index, files, workloads, helmReleases, helm: { helm, scratch: renderers.scratch } };
}

/** A chart with as many components, each with a `resources` of its own. */
function manyComponents(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `c${index}`);
  const template = [
    '{{- range $name, $c := .Values.components }}',
    '---',
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata: {name: {{ $name }}}',
    'spec: {template: {spec: {containers: [{name: main, resources: {{ toJson $c.resources }}}]}}}',
    '{{- end }}',
  ];
  const values = names.map(
    (name) => `  ${name}:\n    resources: {limits: {memory: 2000Mi}, requests: {memory: 1000Mi}}`,
  );
  return {
    'chart/Chart.yaml': CHART,
    'chart/templates/all.yaml': template.join('\n'),
    'chart/values.yaml': `components:\n${values.join('\n')}\n`,
  };
}

test('without helm a suggestion is not located, and the reason says so', async () => {
  const missing = testRenderers({ path: '' });
  const location = await locateCase(readCase('two-components'), readRepository('two-components'), missing);
  expect(location).toMatchObject({ state: 'not located', reason: 'rendered' });
  expect(location).toHaveProperty('why', expect.stringContaining('helm was not found on the runner'));
});

test('what nothing connects with Helm is left to others', async () => {
  const asked = suggestion(deployment('plain'), 'main', { limit: '2560Mi' });
  const workloads = [workload(asked.workload, [{ name: 'main', limit: '2000Mi', request: '1000Mi' }])];
  const files = filesOf({ 'deploy/plain.yaml': 'kind: Deployment\n' });
  expect(await locateInHelm([asked], await contextOf(files, { workloads }))).toEqual(new Map());
});

test('a committed rendering with the labels of Helm is left to the plain search', async () => {
  const asked = suggestion(deployment('plain'), 'main', { limit: '2560Mi' });
  const workloads = [workload(asked.workload, [{ name: 'main', limit: '2000Mi', request: '1000Mi' }], { hints })];
  const plain = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: plain\n  namespace: shop-rel\n';
  const context = await contextOf(filesOf({ 'deploy/plain.yaml': plain }), { workloads });
  expect(await locateInHelm([asked], context)).toEqual(new Map());
});

withHelm(`locating with a real helm${whyNoHelm}`, () => {
  test('a release is rendered twice before any edit, whatever the number of suggestions', async () => {
    const files = filesOf(manyComponents(12));
    const refs = Array.from({ length: 12 }, (_, index) => deployment(`c${index}`));
    const live = { name: 'main', limit: '2000Mi', request: '1000Mi' } as const;
    const workloads = refs.map((ref) => workload(ref, [live], { hints }));
    const asked = refs.map((ref) => suggestion(ref, 'main', { limit: '2560Mi', request: '1536Mi' }));
    const helm = countingHelm(renderers.helm);
    const located = await locateInHelm(asked, await contextOf(files, { workloads, helm, helmReleases: [SHOP] }));
    const lines = asked.map((one) => located.get(one)).map((one) => (one?.state === 'located' ? one.line : one?.why));
    expect(lines).toEqual(refs.map((_, index) => 3 + 2 * index));
    // The release itself, the trial of all keys, then one proof for each suggestion.
    expect(helm.count).toBe(2 + asked.length);
  });

  test('two namespaces that the same values seem to make are not edited', async () => {
    const files = filesOf({ ...manyComponents(1), 'chart/values-shop.yaml': 'colour: blue\n' });
    const asked = suggestion(deployment('c0'), 'main', { limit: '2560Mi' });
    const live = { name: 'main', limit: '2000Mi', request: '1000Mi' } as const;
    const twin = workload({ ...asked.workload, namespace: 'shop-dev' }, [live], { hints });
    const workloads = [workload(asked.workload, [live], { hints }), twin];
    const located = await locateInHelm([asked], await contextOf(files, { workloads }));
    expect(located.get(asked)).toMatchObject({ state: 'not located', reason: 'ambiguous' });
  });

  test.each<[string, OriginHints, string, string | undefined]>([
    ['of the chart', { helmRelease: 'eu', helmChart: 'shop-0.1.0' }, 'other', 'eu in shop-eu'],
    [
      'that Argo CD tracks',
      { argoTrackingId: 'eu:apps/Deployment:x/y', helmChart: 'shop-0.1.0' },
      'other',
      'eu in shop-eu',
    ],
    ['without the label of its chart', { helmRelease: 'shop' }, 'c0', 'shop in shop-eu'],
    ['of a chart of another name', { helmRelease: 'eu', helmChart: 'shop-api-0.1.0' }, 'other', undefined],
    ['that is the same', { ...hints, helmReleaseNamespace: 'shop-rel', helmChart: 'shop-0.1.0' }, 'other', undefined],
    ['that values by convention describe', { helmRelease: 'us', helmChart: 'shop-0.1.0' }, 'other', undefined],
  ])("a chart's own values reach a live release %s", async (_, others, name, blocking) => {
    const namespace = others.helmRelease === 'us' ? 'shop-us' : 'shop-eu';
    const set = 'components: {c0: {resources: {limits: {memory: 9Gi}, requests: {memory: 1Gi}}}}\n';
    const files = filesOf({ ...manyComponents(1), 'chart/values-us.yaml': set });
    const asked = suggestion(deployment('c0'), 'main', { limit: '2560Mi' });
    const live = { name: 'main', limit: '2000Mi', request: '1000Mi' } as const;
    const other = workload({ ...deployment(name), namespace }, [live], { hints: others });
    const workloads = [workload(asked.workload, [live], { hints }), other];
    const located = (await locateInHelm([asked], await contextOf(files, { workloads, helmReleases: [SHOP] }))).get(
      asked,
    );
    if (blocking === undefined) return expect(located).toMatchObject({ state: 'located', path: 'chart/values.yaml' });
    expect(located).toMatchObject({
      reason: 'rendered',
      why: `chart/values.yaml is loaded by more than one release: ${blocking} cannot be rendered (the cluster runs it, and the repository does not say with which values: name it in helm-releases), so it may change too`,
    });
  });

  test('a chart that never ends is ended, and said', async () => {
    const endless = '{{- range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}\n';
    const files = filesOf({ ...manyComponents(1), 'chart/templates/endless.yaml': endless });
    const asked = suggestion(deployment('c0'), 'main', { limit: '2560Mi' });
    const workloads = [workload(asked.workload, [{ name: 'main', limit: '2000Mi', request: '1000Mi' }], { hints })];
    const { helm } = testRenderers({ limits: { ...CHILD_LIMITS, seconds: 1 } });
    const located = await locateInHelm([asked], await contextOf(files, { workloads, helm, helmReleases: [SHOP] }));
    expect(located.get(asked)).toMatchObject({ reason: 'over budget', why: expect.stringContaining('more than 1 s') });
  });

  test('a chart that cannot be rendered says nothing of a workload that only Argo CD marks', async () => {
    const files = filesOf({ ...manyComponents(1), 'chart/templates/bad.yaml': '{{ fail "no" }}' });
    const asked = suggestion(deployment('other'), 'main', { limit: '2560Mi' });
    const argo = { argoTrackingId: 'other:apps/Deployment:shop-rel/other' };
    const live = { name: 'main', limit: '2000Mi', request: '1000Mi' } as const;
    const workloads = [workload(asked.workload, [live], { hints: argo })];
    expect(await locateInHelm([asked], await contextOf(files, { workloads }))).toEqual(new Map());
  });

  test("a chart's own values are not edited while another release of it cannot be read", async () => {
    const application = (name: string, values: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}}\nspec: {source: {path: chart, helm: {${values}}}, destination: {namespace: shop-${name}}}\n`;
    const files = filesOf({
      ...manyComponents(1),
      'chart/broken.yaml': 'a: [\n',
      'apps/rel.yaml': application('rel', ''),
      'apps/dev.yaml': application('dev', 'valueFiles: [broken.yaml]'),
    });
    const asked = suggestion(deployment('c0'), 'main', { limit: '2560Mi' });
    const argo = { argoTrackingId: 'rel:apps/Deployment:shop-rel/c0' };
    const live = { name: 'main', limit: '2000Mi', request: '1000Mi' } as const;
    const workloads = [workload(asked.workload, [live], { hints: argo })];
    const located = await locateInHelm([asked], await contextOf(files, { workloads }));
    expect(located.get(asked)).toMatchObject({ reason: 'rendered', why: expect.stringContaining('dev') });
  });

  test.each([
    ['shop-web', '{{ .Release.Name }}-web', {}],
    ['shop-rel-web', '{{ .Release.Namespace }}-web', {}],
    ['web.eu', '{{ .Values.name }}.{{ .Values.region }}', { name: 'web', region: 'eu' }],
    ['blue-web', '{{ .Values.colour }}-web', { colour: 'blue' }],
    ['a-very-long', '{{ trunc 11 .Values.name }}', { name: 'a-very-long-name' }],
    ['web', '{{ lower .Values.name }}', { name: 'WEB' }],
    ['we', '{{ join "" (list "w" "e") }}', {}],
  ])('a workload whose name %s is made by %s is found among sixty charts', async (name, template, values) => {
    const memory = 'resources: {limits: {memory: 2000Mi}, requests: {memory: 1000Mi}}';
    const metadata = `metadata: {name: '${template.replaceAll('"', '`')}'}`;
    const object = `kind: Deployment\napiVersion: apps/v1\n${metadata}\nspec: {template: {spec: {containers: [{name: main, resources: {{ toJson .Values.resources }}}]}}}\n`;
    const others = Array.from({ length: 60 }, (_, n) => [
      [`other/c${n}/Chart.yaml`, CHART.replace('shop', `c${n}`)],
      [`other/c${n}/templates/a.yaml`, `kind: ConfigMap\napiVersion: v1\nmetadata: {name: c${n}}\n`],
    ]);
    const files = filesOf({
      ...Object.fromEntries(others.flat()),
      'chart/Chart.yaml': CHART,
      // A template may have any ending.
      'chart/templates/web.tpl.yml': object,
      'chart/values.yaml': `${Object.entries(values)
        .map(([key, value]) => `${key}: ${value}`)
        .join('\n')}\n${memory}\n`,
      'chart/values-rel.yaml': '{}\n',
    });
    const asked = suggestion(deployment(name), 'main', { limit: '2560Mi' });
    const live = { name: 'main', limit: '2000Mi', request: '1000Mi' } as const;
    const workloads = [workload(asked.workload, [live], { hints })];
    const located = await locateInHelm([asked], await contextOf(files, { workloads }));
    expect(located.get(asked)).toMatchObject({ state: 'located', path: 'chart/values.yaml' });
  });

  test('the globs tell which of two overlays with the same release and namespace is meant', async () => {
    const one = readCase('flux-overlays-same-namespace');
    const files = readRepository('flux-overlays-same-namespace');
    const located = await locateCase(one, files, renderers, ['**/*', '!apps/staging/**']);
    expect(located).toMatchObject({ state: 'located', path: 'apps/production/shop-values.yaml' });
    // The base is not theirs alone, whatever the globs say.
    const worker = { ...one, workload: { ...one.workload, name: 'shop-worker' }, container: 'worker' };
    const containers = one.containers.map((container) => ({ ...container, name: 'worker' }));
    const base = await locateCase({ ...worker, containers }, files, renderers, ['**/*', '!apps/staging/**']);
    expect(base).toMatchObject({ state: 'located', path: 'apps/production/shop-values.yaml' });
  });

  test('a release in a namespace that is named like a folder is found', async () => {
    const release = (name: string) =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: ${name}, namespace: ${name}}\nspec: {chart: {spec: {chart: ./${name}/chart, sourceRef: {kind: GitRepository, name: git}}}}\n`;
    const chart = Object.entries(manyComponents(1)).map(([path, text]) => [`shop-rel/${path}`, text]);
    const files = filesOf({ ...Object.fromEntries(chart), 'shop-rel/release.yaml': release('shop-rel') });
    const asked = suggestion(deployment('c0'), 'main', { limit: '2560Mi' });
    const live = { name: 'main', limit: '2000Mi', request: '1000Mi' } as const;
    const flux = { fluxHelmRelease: 'shop-rel/shop-rel' };
    const workloads = [workload(asked.workload, [live], { hints: flux })];
    const located = await locateInHelm([asked], await contextOf(files, { workloads }));
    expect(located.get(asked)).toMatchObject({ state: 'located', path: 'shop-rel/chart/values.yaml' });
  });

  test('a link in a chart is not followed', async () => {
    const texts = { ...manyComponents(1), 'chart/templates/secret.txt': '/etc/passwd' };
    const files = filesOf(texts, { 'chart/templates/secret.txt': 'symlink' });
    const asked = suggestion(deployment('c0'), 'main', { limit: '2560Mi' });
    const workloads = [workload(asked.workload, [{ name: 'main', limit: '2000Mi', request: '1000Mi' }], { hints })];
    const located = await locateInHelm([asked], await contextOf(files, { workloads }));
    expect(located.get(asked)).toMatchObject({ reason: 'unsafe file' });
  });

  test('a chart sees no environment of the runner', async () => {
    const { helm, scratch } = renderers;
    const chart = scratch.folder('chart');
    copyBelow(chart, [
      ['Chart.yaml', CHART],
      ['templates/a.yaml', 'a: {{ env "HOME" | quote }}\n'],
    ]);
    const result = await helm.template({ release: 'r', namespace: 'n', chart, values: [] });
    // Helm takes `env` out of its template functions: the chart does not even load.
    expect(result).toMatchObject({ state: 'failed', why: expect.stringContaining('function "env" not defined') });
  });
});
