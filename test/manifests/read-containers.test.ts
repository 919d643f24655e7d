import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../src/bytes.ts';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { CHILD_LIMITS } from '../../src/manifests/rendering/run-closed.ts';
import type { TreeContext } from '../../src/manifests/way.ts';
import { openTree, readContainers } from '../../src/manifests/ways.ts';
import type { DeclaredContainer, DeclaredIn, DeclaredValue } from '../../src/model/declared.ts';
import { filesOf, suggestion, workload } from './fixtures.ts';
import { countingHelm } from './helm/read-case.ts';
import { hasHelm, hasKubectl, testRenderers } from './test-renderers.ts';

const renderers = testRenderers();

const object = (kind: string, name: string, spec: string, namespace = '') => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}
spec:
  template:
    spec:
${spec}`;
const container = (name: string, limit: string, request: string) => `      containers:
        - name: ${name}
          resources:
            limits: {memory: ${limit}}
            requests: {memory: ${request}}
`;
const SIDECAR = `      initContainers:
        - {name: setup, resources: {limits: {memory: 64Mi}}}
        - {name: proxy, restartPolicy: Always, resources: {limits: {memory: 128Mi}}}
`;

const PLAIN = {
  'plain/web.yaml': object('Deployment', 'web', container('web', '512Mi', '256Mi') + SIDECAR, 'shop'),
  'plain/two.yaml': `${object('StatefulSet', 'db', container('db', '"1Gi"', '$(REQUEST)'))}---\nkind: Service\napiVersion: v1\nmetadata: {name: db}\n`,
};
const KUSTOMIZE = {
  'base/kustomization.yaml': 'resources: [api.yaml]\n',
  'base/api.yaml': object('Deployment', 'api', container('api', '300Mi', '200Mi')),
  'rel/kustomization.yaml': 'namespace: shop-rel\nresources: [../base]\npatches:\n  - path: more.yaml\n',
  'rel/more.yaml': object(
    'Deployment',
    'api',
    '      containers: [{name: api, resources: {limits: {memory: 600Mi}}}]\n',
  ),
  'dev/kustomization.yaml': 'resources: [../base]\n',
};
const HELM = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: mail\nversion: 0.1.0\n',
  'chart/values.yaml': 'resources:\n  limits: {memory: 700Mi}\n  requests: {memory: 350Mi}\n',
  'chart/templates/mail.yaml': `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: mail}
spec:
  template:
    spec:
      containers:
        - name: mail
          resources: {{ toJson .Values.resources }}
        - {name: fixed, resources: {limits: {memory: 90Mi}}}
`,
  'values-rel.yaml': 'resources:\n  limits:\n    memory: 800Mi\n',
};
const RELEASES = [
  { release: 'mail', namespace: 'shop-rel', chart: 'chart', values: ['values-rel.yaml'] },
  { release: 'mail', namespace: 'shop-dev', chart: 'chart', values: [] },
];

type Settings = Partial<TreeContext> & { readonly globs?: readonly string[] };

async function treeOf(texts: Record<string, string>, { globs = [], ...change }: Settings = {}) {
  const files = filesOf(texts);
  const { kustomize } = renderers;
  const index = await indexManifests(files, globs);
  return openTree({ files, index, workloads: [], kustomize, helm: renderers, ...change });
}

function sayValue({ setting, decidedBy }: DeclaredValue): string {
  const value = setting.state === 'set' ? formatBytes(setting.bytes) : setting.state;
  if (decidedBy.state === 'line') return `${value} ${decidedBy.path}:${decidedBy.line}`;
  return decidedBy.state === 'template' ? `${value} written by ${decidedBy.path}` : `${value} (${decidedBy.state})`;
}

function say({ application, workload: of, name, kind, limit, request }: DeclaredContainer): string {
  const what = `${of.namespace ?? '?'}/${of.kind}/${of.name}/${name}${kind === 'sidecar' ? ' (sidecar)' : ''}`;
  return `${application.way} ${application.name}: ${what}: ${sayValue(limit)}, ${sayValue(request)}`;
}

const unreadIn = ({ unread }: DeclaredIn) => unread.map(({ path, reason, why }) => `${path}: ${reason}: ${why}`);

describe.skipIf(!hasKubectl || !hasHelm)('what a repository declares', () => {
  test('is read from all ways of deploying, without a cluster', async () => {
    const tree = await treeOf({ ...PLAIN, ...KUSTOMIZE, ...HELM }, { helmReleases: RELEASES });
    const declared = await readContainers(tree);
    expect(declared.containers.map(say)).toEqual([
      'kustomize dev: ?/Deployment/api/api: 300Mi base/api.yaml:10, 200Mi base/api.yaml:11',
      'kustomize rel: shop-rel/Deployment/api/api: 600Mi rel/more.yaml:7, 200Mi base/api.yaml:11',
      'helm mail in shop-rel: shop-rel/DaemonSet/mail/mail: 800Mi values-rel.yaml:3, 350Mi chart/values.yaml:3',
      'helm mail in shop-rel: shop-rel/DaemonSet/mail/fixed: 90Mi written by chart/templates/mail.yaml, absent (nothing)',
      'helm mail in shop-dev: shop-dev/DaemonSet/mail/mail: 700Mi chart/values.yaml:2, 350Mi chart/values.yaml:3',
      'helm mail in shop-dev: shop-dev/DaemonSet/mail/fixed: 90Mi written by chart/templates/mail.yaml, absent (nothing)',
      'plain plain/two.yaml: ?/StatefulSet/db/db: 1024Mi plain/two.yaml:10, unknown plain/two.yaml:11',
      'plain plain/web.yaml: shop/Deployment/web/web: 512Mi plain/web.yaml:10, 256Mi plain/web.yaml:11',
      'plain plain/web.yaml: shop/Deployment/web/proxy (sidecar): 128Mi plain/web.yaml:14, absent (nothing)',
    ]);
    expect(unreadIn(declared)).toEqual([]);
    const loadedBy = [...declared.loadedBy].map(([path, all]) => [path, all.map(({ name }) => name)]);
    expect(Object.fromEntries(loadedBy)).toEqual({
      'base/api.yaml': ['dev', 'rel'],
      'rel/more.yaml': ['rel'],
      'chart/values.yaml': ['mail in shop-rel', 'mail in shop-dev'],
      'chart/templates/mail.yaml': ['mail in shop-rel', 'mail in shop-dev'],
      'values-rel.yaml': ['mail in shop-rel'],
      'plain/two.yaml': ['plain/two.yaml'],
      'plain/web.yaml': ['plain/web.yaml'],
    });
  });

  test('takes a namespace from the Flux or Argo CD object that applies the folder', async () => {
    const flux = (name: string, spec: string) =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}}\nspec: {${spec}}\n`;
    const argo =
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: plain}\nspec: {source: {path: plain}, destination: {namespace: from-argo}}\n';
    const tree = await treeOf({
      ...PLAIN,
      ...KUSTOMIZE,
      'apps/dev.yaml': flux('dev', 'path: ./dev, targetNamespace: from-flux'),
      'apps/rel.yaml': flux('rel', 'path: ./rel'),
      'apps/plain.yaml': argo,
    });
    const { containers } = await readContainers(tree);
    const places = containers.map(({ application, workload: of }) => `${application.name} ${of.namespace}`);
    expect([...new Set(places)]).toEqual([
      'dev from-flux',
      'rel shop-rel',
      'plain/two.yaml from-argo',
      'plain/web.yaml shop',
    ]);
  });

  test('tells applications of one folder apart', async () => {
    const flux = (targetNamespace: string) =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec: {path: ./dev, targetNamespace: ${targetNamespace}}\n`;
    const argo = (namespace: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: in-${namespace}}\nspec: {source: {path: plain}, destination: {namespace: ${namespace}}}\n`;
    const tree = await treeOf({
      ...PLAIN,
      ...KUSTOMIZE,
      'eu.yaml': flux('eu'),
      'us.yaml': flux('us'),
      'argo.yaml': `${argo('a')}---\n${argo('b')}`,
    });
    const { containers } = await readContainers(tree);
    const places = containers.map(({ application, workload: of }) => `${application.name}: ${of.namespace}/${of.name}`);
    expect([...new Set(places)]).toEqual([
      'dev (the Flux Kustomization apps in eu.yaml): eu/api',
      'dev (the Flux Kustomization apps in us.yaml): us/api',
      'plain/two.yaml: a/db',
      'plain/two.yaml: b/db',
      'plain/web.yaml: shop/web',
    ]);
  });

  test('says what could not be read, with the reason', async () => {
    const remote = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: redis, namespace: shop}
spec: {chart: {spec: {chart: redis, sourceRef: {kind: HelmRepository, name: bitnami}}}}
`;
    const tree = await treeOf(
      {
        ...HELM,
        'flux/redis.yaml': remote,
        'other/Chart.yaml': 'name: [\n',
        'bad/kustomization.yaml': 'resources: [missing.yaml]\n',
        'plain/broken.yaml': 'kind: Deployment\nspec: [\n',
        'chart/templates/bad.yaml': '{{ fail "no" }}',
        'left/kustomization.yaml': 'resources: [left.yaml]\n',
        'left/left.yaml': object('Deployment', 'left', container('left', '1Gi', '1Gi')),
      },
      { helmReleases: RELEASES.slice(0, 1), globs: ['**/*', '!left/kustomization.yaml*'] },
    );
    const declared = await readContainers(tree);
    expect(declared.containers.map(say)).toEqual([]);
    expect(unreadIn(declared)).toEqual([
      expect.stringContaining('bad/kustomization.yaml: rendered: '),
      expect.stringContaining('chart/Chart.yaml: rendered: mail in shop-rel: helm could not render it'),
      'flux/redis.yaml: rendered: redis in shop: the chart redis is not here',
      'other/Chart.yaml: not editable: the chart that it describes cannot be read',
      'plain/broken.yaml: not editable: it is not valid YAML (line 3)',
      'left/left.yaml: rendered: left/kustomization.yaml renders it, and the option manifests leaves that out',
    ]);
  });

  test('takes a chart that nothing releases for unread', async () => {
    const declared = await readContainers(await treeOf(HELM));
    expect(declared.containers).toEqual([]);
    expect(unreadIn(declared)).toEqual([
      'chart/Chart.yaml: not applied: no release of the chart is known: the option helm-releases can name one',
    ]);
  });

  test('says that the programs are missing', async () => {
    const missing = testRenderers({ path: '' });
    const tree = await treeOf(
      { ...KUSTOMIZE, ...HELM },
      { kustomize: missing.kustomize, helm: missing, helmReleases: RELEASES.slice(0, 1) },
    );
    const declared = await readContainers(tree);
    expect(declared.containers).toEqual([]);
    expect(unreadIn(declared)).toEqual([
      'dev/kustomization.yaml: rendered: kubectl is not installed',
      'rel/kustomization.yaml: rendered: kubectl is not installed',
      expect.stringContaining('helm was not found on the runner'),
    ]);
  });

  test('says what cannot be rendered where nothing renders', async () => {
    const files = filesOf({ ...PLAIN, ...KUSTOMIZE, ...HELM });
    const tree = openTree({ files, index: await indexManifests(files, []), workloads: [] });
    const { containers, unread } = await readContainers(tree);
    expect(containers.map(({ workload: { name } }) => name)).toEqual(['db', 'web', 'web']);
    expect(unread.map(({ path }) => path)).toEqual([
      'dev/kustomization.yaml',
      'rel/kustomization.yaml',
      'chart/Chart.yaml',
    ]);
  });

  test('is over the budget where a child takes more than it may', async () => {
    const endless = '{{- range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}\n';
    const slow = testRenderers({ limits: { ...CHILD_LIMITS, seconds: 1 } });
    const tree = await treeOf(
      { ...HELM, 'chart/templates/endless.yaml': endless },
      { helm: slow, helmReleases: RELEASES.slice(0, 1) },
    );
    const { unread } = await readContainers(tree);
    expect(unread).toMatchObject([{ path: 'chart/Chart.yaml', reason: 'over budget' }]);
  });

  test('is rendered and probed once, whether it is read or located first', async () => {
    const count = async (order: 'read' | 'locate') => {
      const helm = countingHelm(renderers.helm);
      let kustomized = 0;
      const kustomize: TreeContext['kustomize'] = {
        render(...asked) {
          kustomized++;
          return renderers.kustomize.render(...asked);
        },
      };
      const mail = { namespace: 'shop-rel', group: 'apps', kind: 'DaemonSet', name: 'mail' };
      const api = { namespace: 'shop-rel', group: 'apps', kind: 'Deployment', name: 'api' };
      const workloads = [
        workload(mail, [{ name: 'mail', limit: '800Mi', request: '350Mi' }]),
        workload(api, [{ name: 'api', limit: '600Mi', request: '200Mi' }]),
      ];
      const tree = await treeOf(
        { ...KUSTOMIZE, ...HELM, 'dev/kustomization.yaml': 'namespace: shop-dev\nresources: [../base]\n' },
        { workloads, kustomize, helm: { helm, scratch: renderers.scratch }, helmReleases: RELEASES },
      );
      const wanted = [suggestion(mail, 'mail', { limit: '1Gi' }), suggestion(api, 'api', { limit: '1Gi' })];
      const steps = [
        async () => expect(await locate(wanted, tree)).toMatchObject([{ state: 'located' }, { state: 'located' }]),
        async () => expect((await readContainers(tree)).containers).toHaveLength(6),
      ];
      for (const step of order === 'read' ? steps.toReversed() : steps) await step();
      return { helm: helm.count, kustomize: kustomized };
    };
    // Two releases and two roots, each as it is and with marks, and one proof of each edit.
    expect(await count('read')).toEqual({ helm: 5, kustomize: 5 });
    expect(await count('locate')).toEqual({ helm: 5, kustomize: 5 });
  });
});

test('whatever the files hold, reading ends, and what it names is there', async () => {
  const part = fc.constantFrom(
    ...Object.values({ ...PLAIN, ...KUSTOMIZE, ...HELM }),
    '---\n',
    'metadata: {name: x}\n',
    '  - *a\n',
    '{{ x }}\n',
    '\t',
    'a: &a [*a]\n',
    '\uFEFF',
  );
  const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
  const texts = fc.dictionary(fc.constantFrom(...Object.keys({ ...PLAIN, ...KUSTOMIZE, ...HELM })), text);
  await fc.assert(
    fc.asyncProperty(texts, async (all) => {
      const files = filesOf(all);
      const tree = openTree({ files, index: await indexManifests(files, []), workloads: [] });
      const { containers, unread, loadedBy } = await readContainers(tree);
      for (const { application, limit, request } of containers) {
        expect(all).toHaveProperty([application.path]);
        for (const { decidedBy } of [limit, request]) {
          if (decidedBy.state !== 'line') continue;
          const line = all[decidedBy.path]?.split('\n')[decidedBy.line - 1];
          expect(line).toContain('memory');
          expect(loadedBy.get(decidedBy.path)).toContainEqual(application);
        }
      }
      for (const { path } of unread) expect(all).toHaveProperty([path]);
    }),
    { numRuns: 300 },
  );
});
