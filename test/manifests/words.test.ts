import { expect, test } from 'vitest';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import type { TreeContext } from '../../src/manifests/way.ts';
import { openTree } from '../../src/manifests/ways.ts';
import type { RepositoryFile } from '../../src/model/repository-files.ts';
import { goldenIn } from '../golden.ts';
import { filesOf, type Live, NACOS, suggestion, workload } from './fixtures.ts';
import { hasHelm, hasKubectl, testRenderers } from './test-renderers.ts';

const expectGolden = goldenIn(import.meta.url);
const renderers = testRenderers();

const RELEASED = {
  helmReleases: [{ release: 'nacos', namespace: NACOS.namespace, chart: 'nacos', values: [] }],
} as const;

interface Case extends Partial<Pick<TreeContext, 'mappings' | 'helmReleases'>> {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly types?: Readonly<Record<string, RepositoryFile['type']>>;
  readonly globs?: readonly string[];
  readonly live?: Partial<Live>;
  readonly inDev?: boolean;
  readonly renders?: boolean;
}

const container = (resources = '{limits: {memory: 2000Mi}, requests: {memory: 1000Mi}}') =>
  `spec: {template: {spec: {containers: [{name: nacos, resources: ${resources}}]}}}\n`;
const deployment = (namespace = ', namespace: pigo-rel', rest = container()) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: nacos${namespace}}\n${rest}`;
const LARGE = `${deployment()}${'# padding\n'.repeat(220_000)}`;
const mapped = (file: string, path: readonly string[] = ['spec', 'resources']) => [{ match: {}, file, path }];
const OVERLAY = { 'a/kustomization.yaml': 'resources: [nacos.yaml]\n', 'a/nacos.yaml': deployment() };

const CHART = {
  'nacos/Chart.yaml': 'apiVersion: v2\nname: nacos\nversion: 1.0.0\n',
  'nacos/values.yaml': '{}\n',
  'nacos/templates/a.yaml': deployment(),
};

const CASES: Readonly<Record<string, Case>> = {
  'nothing here': { files: { 'README.md': '' } },
  'nothing here, but other tools': { files: { 'infra/main.tf': '', 'lib/app.libsonnet': '' } },
  'not among the globs': { files: { 'k8s/nacos.yaml': deployment() }, globs: ['deploy/**'] },
  'a large file that is named like it': { files: { 'k8s/nacos.yaml': LARGE } },
  'a large file that may hold it': {
    files: { 'k8s/all.yaml': LARGE, 'k8s/lfs.yaml': 'version https://git-lfs.github.com/spec/v1\n' },
  },
  'many that were not read': {
    files: Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`k8s/${n}.yaml`, new Uint8Array([0xff])])),
  },
  'a link': { files: { 'k8s/all.yaml': '' }, types: { 'k8s/all.yaml': 'symlink' } },
  'a link that is named like it': { files: { 'k8s/nacos.yaml': '' }, types: { 'k8s/nacos.yaml': 'symlink' } },
  twice: { files: { 'a.yaml': deployment(), 'b.yaml': deployment() } },
  'no namespace, two have it': { files: { 'a.yaml': deployment('') }, inDev: true },
  'a namespace from a template': { files: { 'a.yaml': deployment(', namespace: "$(NS)"') } },
  'a template': { files: { 'a.yaml': deployment(', namespace: {{ .x }}') } },
  'not YAML': { files: { 'a.yaml': `kind: Deployment\nmetadata:\n  name: nacos\n  a: [\n` } },
  'the container twice': {
    files: {
      'a.yaml': deployment(undefined, 'spec: {template: {spec: {containers: [{name: nacos}, {name: nacos}]}}}\n'),
    },
  },
  'no such container': { files: { 'a.yaml': deployment(undefined, 'spec: {template: {spec: {containers: []}}}\n') } },
  'another value': { files: { 'a.yaml': deployment() }, live: { limit: '3Gi' } },
  'a value from a template': { files: { 'a.yaml': deployment(undefined, container('{limits: {memory: $(MEMORY)}}')) } },
  encrypted: { files: { 'a.yaml': `${deployment()}sops: {mac: x}\n` } },
  generated: { files: { 'a.yaml': deployment(), Makefile: 'all:\n\tcue export x > a.yaml\n' } },
  'hands off': {
    files: {
      'a.yaml': deployment(
        undefined,
        'spec:\n  template:\n    spec:\n      containers:\n        - name: nacos\n          resources:\n            limits:\n              memory: 2000Mi # memory-inspector: ignore\n            requests: {memory: 1000Mi}\n',
      ),
    },
  },
  injected: { files: { 'a.yaml': deployment() }, live: { name: 'sidecar' } },
  'without a renderer': { files: OVERLAY },
  'a mapping to no file': { files: { 'a.yaml': deployment() }, mappings: mapped('b.yaml') },
  'a mapping to a workflow': { files: { 'a.yaml': deployment() }, mappings: mapped('.github/workflows/a.yml') },
  'a mapping to several documents': { files: { 'b.yaml': 'a: 1\n---\nb: 2\n' }, mappings: mapped('b.yaml') },
  'a mapping to another value': {
    files: { 'b.yaml': 'spec: {resources: {limits: {memory: 1Gi}}}\n' },
    mappings: mapped('b.yaml'),
  },
  'kustomize: twice': {
    renders: true,
    files: { ...OVERLAY, 'b/kustomization.yaml': 'resources: [nacos.yaml]\n', 'b/nacos.yaml': deployment() },
  },
  'kustomize: also as it stands': { renders: true, files: { ...OVERLAY, 'c.yaml': deployment() } },
  'kustomize: also as generated': {
    renders: true,
    files: { ...OVERLAY, 'c.yaml': deployment(), Makefile: 'all:\n\thelm template x > c.yaml\n' },
  },
  'kustomize: cannot be rendered': {
    renders: true,
    files: { ...OVERLAY, 'a/kustomization.yaml': 'resources: [nacos.yaml, gone.yaml]\n' },
  },
  'helm: generated values': {
    renders: true,
    ...RELEASED,
    files: {
      ...CHART,
      'nacos/values.yaml': 'resources: {limits: {memory: 2000Mi}, requests: {memory: 1000Mi}}\n',
      'nacos/templates/a.yaml': deployment(undefined, container('{{ toJson .Values.resources }}')),
      Makefile: 'values:\n\tcue export values.cue > nacos/values.yaml\n',
    },
  },
  'helm: a literal': { renders: true, ...RELEASED, files: CHART },
  'helm: nobody releases it': { renders: true, files: CHART },
  'helm: another value': { renders: true, ...RELEASED, files: CHART, live: { limit: '3Gi' } },
  'helm: cannot be rendered': {
    renders: true,
    ...RELEASED,
    files: { ...CHART, 'nacos/templates/a.yaml': '{{ fail "no" }}' },
  },
  'kustomize: another value': { renders: true, files: OVERLAY, live: { limit: '3Gi' } },
};

async function sentenceOf(name: string, one: Case): Promise<string> {
  const files = filesOf(one.files, one.types);
  const live = { name: 'nacos', limit: '2000Mi', request: '1000Mi', ...one.live };
  const workloads = [
    workload(NACOS, [live]),
    ...(one.inDev ? [workload({ ...NACOS, namespace: 'pigo-dev' }, [])] : []),
  ];
  const wanted = suggestion(NACOS, 'nacos', { limit: '2560Mi', request: '1536Mi' });
  const index = await indexManifests(files, one.globs ?? []);
  const { mappings, helmReleases, renders } = one;
  const context = {
    files,
    index,
    workloads,
    ...(mappings ? { mappings } : {}),
    ...(helmReleases ? { helmReleases } : {}),
  };
  const [location] = await locate(
    [wanted],
    openTree({ ...context, ...(renders ? { kustomize: renderers.kustomize, helm: renderers } : {}) }),
  );
  if (location?.state !== 'not located') return `${name}: located`;
  for (const path of location.lookedAt) expect(Object.keys(one.files)).toContain(path);
  return `${name} (${location.reason}):\n  ${location.why}`;
}

test.skipIf(!hasKubectl || !hasHelm)('each miss says in a sentence what would have the workload found', async () => {
  const lines: string[] = [];
  for (const [name, one] of Object.entries(CASES)) lines.push(await sentenceOf(name, one));
  expectGolden('words.txt', `${lines.join('\n')}\n`);
});
