import { expect, test } from 'vitest';
import { manifestMatcher } from '../../src/manifests/glob.ts';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree } from '../../src/manifests/ways.ts';
import { filesOf, NACOS, suggestion, workload } from './fixtures.ts';

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: nacos, namespace: pigo-rel}
spec: {template: {spec: {containers: [{name: nacos, resources: {limits: {memory: 2000Mi}}}]}}}
`;
const live = workload(NACOS, [{ name: 'nacos', limit: '2000Mi', request: null }]);
const wanted = suggestion(NACOS, 'nacos', { limit: '2560Mi' });

test.each([
  [['deploy/*.yaml'], 'deploy/a.yaml', true],
  [['deploy/*.yaml'], 'deploy/rel/a.yaml', false],
  [['deploy/**'], 'deploy/rel/a.yaml', true],
  [['**/*.yaml'], 'a.yaml', true],
  [['*.yaml'], 'deep/down/a.yaml', true],
  [['./deploy/'], 'deploy/a.yaml', true],
  [['deploy/?.yaml'], 'deploy/ab.yaml', false],
  [['deploy/**', '!deploy/dev/**'], 'deploy/dev/a.yaml', false],
  [['deploy/**', '!deploy/dev/**', 'deploy/dev/keep.yaml'], 'deploy/dev/keep.yaml', true],
  [['!old/**'], 'new/a.yaml', true],
  [['**/*.yaml'], 'node_modules/x/a.yaml', false],
  [['**/*.yaml'], 'third/vendor/a.yaml', false],
  [['vendor/**'], 'vendor/a.yaml', true],
  [['.github/**'], '.github/workflows/a.yaml', false],
  [['**'], '.git/config.yaml', false],
  [['a+(b).yaml'], 'a+(b).yaml', true],
] as const)('globs %j and %s: %s', (globs, path, expected) => {
  expect(manifestMatcher(globs)(path)).toBe(expected);
});

test.each([
  ['a symbolic link', { 'nacos.yaml': MANIFEST }, { 'nacos.yaml': 'symlink' }, 'unsafe file'],
  ['a submodule', { 'nacos.yaml': MANIFEST }, { 'nacos.yaml': 'submodule' }, 'unsafe file'],
  ['more than 2 MB', { 'nacos.yaml': `${MANIFEST}${'# padding\n'.repeat(220_000)}` }, {}, 'unsafe file'],
  ['invalid UTF-8', { 'nacos.yaml': new Uint8Array([0x61, 0x3a, 0xff, 0x0a]) }, {}, 'unsafe file'],
  [
    'a Git LFS pointer',
    { 'nacos.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n' },
    {},
    'unsafe file',
  ],
  ['deep nesting', { 'nacos.yaml': `${MANIFEST}---\n${'['.repeat(6_000)}${']'.repeat(6_000)}` }, {}, 'unsafe file'],
  ['.gitattributes', { '.gitattributes': '*.yaml linguist-generated\n', 'nacos.yaml': MANIFEST }, {}, 'generated'],
  ['.github', { '.github/nacos.yaml': MANIFEST }, {}, 'no manifest'],
] as const)('%s is not edited', async (_what, texts, types, reason) => {
  const files = filesOf(texts, types);
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live] }));
  expect(location).toMatchObject({ state: 'not located', reason });
});

test.each([
  ['empty', '# nothing yet\n', 'located'],
  ['not YAML', 'resources: [\n', 'rendered'],
])('a kustomization that is %s makes what lies below it %s', async (_what, kustomization, expected) => {
  const files = filesOf({ 'kustomization.yaml': kustomization, 'apps/nacos.yaml': MANIFEST });
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live] }));
  expect(location?.state === 'not located' ? location.reason : location?.state).toBe(expected);
});

test.each([
  ['resources: [nacos.yaml]\nconfigMapGenerator: [{name: c, files: [nacos.yaml]}]\n'],
  ['resources: [nacos.yaml]\n---\n'],
  ['resources: [nacos.yaml]\n---\nnamespace: x\n'],
])('a manifest that a kustomization renders is not edited as it stands: %j', async (kustomization) => {
  const files = filesOf({ 'rel/kustomization.yaml': kustomization, 'rel/nacos.yaml': MANIFEST });
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live] }));
  expect(location).toMatchObject({ state: 'not located', reason: 'rendered' });
});

test('the nearest .gitattributes decides what is generated', async () => {
  const attributes = {
    '.gitattributes': 'out/** linguist-generated=true\n',
    'out/.gitattributes': '* -linguist-generated\n',
  };
  const files = filesOf({ ...attributes, 'out/nacos.yaml': MANIFEST });
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live] }));
  expect(location?.state).toBe('located');
});

test('a kustomization that cannot be parsed is taken to load all below it', async () => {
  const files = filesOf({ 'rel/kustomization.yaml': 'resources: [\n', 'rel/nacos.yaml': MANIFEST });
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live] }));
  expect(location).toMatchObject({ state: 'not located', reason: 'rendered' });
});
