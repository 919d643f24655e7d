import { describe, expect, test } from 'vitest';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import { locate } from '../../../src/manifests/locate.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import type { Location } from '../../../src/model/location.ts';
import type { OriginHints } from '../../../src/model/workload.ts';
import { filesOf, suggestionFor, workload } from '../fixtures.ts';
import { hasHelm, hasKubectl, testRenderers } from '../test-renderers.ts';

const renderers = testRenderers();
// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux fills it in.
const VARIABLE = '"${MEM}"';
const WEB = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };

const web = (memory: string, namespace = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web${namespace && `, namespace: ${namespace}`}}
spec:
  template:
    spec:
      containers:
        - name: web
          resources: {limits: {memory: ${memory}}}
`;
const flux = (name: string, spec: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec: {targetNamespace: shop, ${spec}}
`;
const argo = (name: string, spec: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec: {destination: {namespace: shop}, ${spec}}
`;
const release = (source: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: shop}
spec: {chart: {spec: {chart: charts/web, sourceRef: {kind: GitRepository, name: ${source}}}}}
`;
const CHART = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'resources: {limits: {memory: 512Mi}}\n',
  'charts/web/templates/web.yaml': web('X').replace(/resources:.*/, 'resources: {{ toJson .Values.resources }}'),
};

async function locateIn(
  texts: Record<string, string>,
  { hints = {}, clusterName, to = '768Mi' }: { hints?: OriginHints; clusterName?: string; to?: string } = {},
): Promise<Location | undefined> {
  const files = filesOf(texts);
  const workloads = [workload(WEB, [{ name: 'web', limit: '512Mi', request: null }], { hints })];
  const home = { repository: 'acme/platform', branch: 'main' };
  const index = await indexManifests(files, []);
  const context = { files, index, workloads, home, clusterName, kustomize: renderers.kustomize, helm: renderers };
  const [location] = await locate([suggestionFor(workloads[0], 'web', { limit: to })], openTree(context));
  return location;
}

const APPS = { hints: { fluxKustomization: 'flux-system/apps' } };
const FOLDER = { 'apps/kustomization.yaml': 'resources: [web.yaml]\n' };

describe.skipIf(!hasKubectl || !hasHelm)('a file is not edited', () => {
  test('for a cluster that only its own variable tells from another', async () => {
    const own = 'path: ./apps, postBuild: {substitute: {MEM: 512Mi}}';
    const texts = {
      ...FOLDER,
      'apps/web.yaml': web(VARIABLE),
      'clusters/dev/apps.yaml': flux('apps', own),
      'clusters/prod/apps.yaml': flux('apps', own),
    };
    expect(await locateIn(texts, APPS)).toMatchObject({ state: 'not located', reason: 'ambiguous' });
    const named = await locateIn(texts, { ...APPS, clusterName: 'prod' });
    expect(named).toMatchObject({ state: 'located', path: 'clusters/prod/apps.yaml' });
  });

  test('for one of two clusters where the other has a patch of its own', async () => {
    const patch =
      'patches: [{patch: "apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: web}\\nspec: {template: {spec: {containers: [{name: web, resources: {limits: {memory: 512Mi}}}]}}}"}]';
    const texts = {
      ...FOLDER,
      'apps/web.yaml': web('512Mi'),
      'clusters/dev/apps.yaml': flux('apps', 'path: ./apps'),
      'clusters/prod/apps.yaml': flux('apps', `path: ./apps, ${patch}`),
    };
    expect(await locateIn(texts, APPS)).toMatchObject({ state: 'not located', reason: 'ambiguous' });
  });

  test('where an application renames what it applies as it stands', async () => {
    const texts = { 'apps/web.yaml': web('512Mi'), 'apps.yaml': flux('apps', 'path: ./apps, namePrefix: pre-') };
    expect(await locateIn(texts)).toMatchObject({ state: 'not located', why: expect.stringContaining('changes more') });
  });

  test('where no application applies it, though others do apply something', async () => {
    const texts = { 'old/web.yaml': web('512Mi', 'shop'), 'argo.yaml': argo('api', 'source: {path: api}') };
    expect(await locateIn(texts)).toMatchObject({ state: 'not located', reason: 'not applied' });
  });

  test('where another application applies it as it stands', async () => {
    const texts = {
      'apps/kustomization.yaml': 'namespace: shop\nresources: [web/web.yaml]\n',
      'apps/web/web.yaml': web('512Mi'),
      'argo.yaml': `${argo('all', 'source: {path: apps}')}---\n${argo('web', 'source: {path: apps/web}')}`,
    };
    const found = await locateIn(texts, { hints: { argoTrackingId: 'all:apps/Deployment:shop/web' } });
    const paths = found?.state === 'located' ? found.edits.map(({ path }) => path) : [];
    expect(paths).not.toContain('apps/web/web.yaml');
  });

  test('where the chart comes from a tag', async () => {
    const source =
      'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: rel, namespace: shop}\nspec: {url: https://github.com/acme/platform, ref: {tag: v1}}\n';
    const texts = { ...CHART, 'apps/web.yaml': release('rel'), 'apps/source.yaml': source };
    const found = await locateIn(texts, { hints: { fluxHelmRelease: 'shop/web' } });
    expect(found).toMatchObject({ state: 'not located', why: expect.stringContaining('its chart comes from v1') });
  });

  test('lower where several clusters get the object that applies it', async () => {
    const texts = {
      'apps/web.yaml': web('512Mi'),
      'base/apps.yaml': flux('apps', 'path: ./apps'),
      'base/kustomization.yaml': 'resources: [apps.yaml]\n',
      'clusters/a/kustomization.yaml': 'resources: [../../base]\n',
      'clusters/b/kustomization.yaml': 'resources: [../../base]\n',
    };
    expect(await locateIn(texts, { ...APPS, to: '256Mi' })).toMatchObject({ state: 'not located' });
    const raised = await locateIn(texts, APPS);
    expect(raised?.state === 'located' && raised.reaches?.length).toBe(2);
  });
});

describe.skipIf(!hasKubectl || !hasHelm)('a file is edited', () => {
  test('that holds an own patch and is itself applied by something', async () => {
    const texts = {
      ...FOLDER,
      'apps/web.yaml': web(VARIABLE),
      'clusters/prod/kustomization.yaml': 'resources: [apps.yaml]\n',
      'clusters/prod/apps.yaml': flux('apps', 'path: ./apps, postBuild: {substitute: {MEM: 512Mi}}'),
      'clusters/prod/all.yaml': flux('all', 'path: ./clusters/prod'),
    };
    expect(await locateIn(texts, APPS)).toMatchObject({ state: 'located', path: 'clusters/prod/apps.yaml' });
  });

  test('of an Application that a chart writes with quoted placeholders', async () => {
    const values = 'resources: {limits: {memory: 512Mi}}\n';
    const texts = {
      ...CHART,
      'charts/web/values.yaml': 'resources: {limits: {memory: 128Mi}}\n',
      'settings/prod.yaml': values,
      'settings/dev.yaml': values,
      'root/Chart.yaml': 'apiVersion: v2\nname: root\nversion: 1.0.0\n',
      'root/values.yaml': 'env: prod\n',
      'root/templates/web.yaml': argo(
        'web',
        'source: {path: charts/web, helm: {valueFiles: ["/settings/{{ .Values.env }}.yaml"]}}',
      ),
    };
    const found = await locateIn(texts, { hints: { argoTrackingId: 'web:apps/Deployment:shop/web' } });
    expect(found).toMatchObject({ state: 'located', path: 'settings/prod.yaml' });
  });
});
