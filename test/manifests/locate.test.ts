import { expect, test } from 'vitest';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree } from '../../src/manifests/ways.ts';
import { editFile, filesOf, NACOS, suggestion, workload } from './fixtures.ts';

const manifest = (namespace: string | undefined, limit = '2000Mi', request = '1000Mi') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: nacos${namespace ? `\n  namespace: ${namespace}` : ''}
spec:
  template:
    spec:
      containers:
        - name: nacos
          image: nacos/nacos-server:v2.3.2
          resources:
            requests:
              memory: ${request}
            limits:
              memory: ${limit}
`;
const live = workload(NACOS, [{ name: 'nacos', limit: '2000Mi', request: '1000Mi' }]);
const wanted = suggestion(NACOS, 'nacos', { limit: '2560Mi', request: '1536Mi' });

async function locateIn(texts: Record<string, string>, change: { workloads?: (typeof live)[] } = {}) {
  const files = filesOf(texts);
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: change.workloads ?? [live] }));
  return location;
}

test('changes the two values of the one file that defines the workload', async () => {
  const before = manifest('pigo-rel');
  const location = await locateIn({ 'rel/nacos.yaml': before, 'dev/nacos.yaml': manifest('pigo-dev') });
  if (location?.state !== 'located') throw new Error(`not located: ${location?.why}`);
  expect(location.path).toBe('rel/nacos.yaml');
  expect(editFile('rel/nacos.yaml', before, location.edits)).toBe(manifest('pigo-rel', '2560Mi', '1536Mi'));
  expect(location.proof.kind).toBe('parsed');
  expect(location.line).toBe(14);
});

test('a manifest without a namespace counts in a folder that is named like one', async () => {
  expect(await locateIn({ 'nacos.yaml': manifest(undefined) })).toMatchObject({
    state: 'not located',
    reason: 'no manifest',
    why: expect.stringContaining('write the namespace there'),
    lookedAt: ['nacos.yaml'],
  });
  expect((await locateIn({ 'pigo-rel/nacos.yaml': manifest(undefined) }))?.state).toBe('located');
  expect((await locateIn({ 'pigo-dev/nacos.yaml': manifest(undefined) }))?.state).toBe('not located');
});

test('two files that define the workload are named, and none is edited', async () => {
  const location = await locateIn({ 'a.yaml': manifest('pigo-rel'), 'b/b.yaml': manifest('pigo-rel') });
  expect(location).toMatchObject({ state: 'not located', reason: 'ambiguous', lookedAt: ['a.yaml', 'b/b.yaml'] });
});

test('of two files the one that names the namespace is edited', async () => {
  const location = await locateIn({ 'a.yaml': manifest('pigo-rel'), 'pigo-rel/b.yaml': manifest(undefined) });
  expect(location).toMatchObject({ state: 'located', path: 'a.yaml' });
});

test('a value that the cluster does not run is drift', async () => {
  const location = await locateIn({ 'a.yaml': manifest('pigo-rel', '2Gi') });
  expect(location).toMatchObject({ state: 'not located', reason: 'drift' });
  expect(location).toHaveProperty('why', expect.stringContaining('2048Mi in the manifest and 2000Mi in the cluster'));
});

test('the same number of bytes in another unit is no drift', async () => {
  const location = await locateIn({ 'a.yaml': manifest('pigo-rel', '2097152000', '1024000Ki') });
  expect(location?.state).toBe('located');
});

test('a manifest that has the value already waits for the cluster', async () => {
  const location = await locateIn({ 'a.yaml': manifest('pigo-rel', '2560Mi', '1536Mi') });
  expect(location).toMatchObject({ reason: 'drift', why: expect.stringContaining('already') });
});

test('what a kustomization or a chart loads is not edited by its raw path', async () => {
  const kustomization = 'resources:\n- ../base/nacos.yaml\n';
  const location = await locateIn({ 'rel/kustomization.yaml': kustomization, 'base/nacos.yaml': manifest('pigo-rel') });
  expect(location).toMatchObject({ state: 'not located', reason: 'rendered', lookedAt: ['base/nacos.yaml'] });
  const chart = await locateIn({ 'c/Chart.yaml': 'name: c\n', 'c/templates/n.yaml': manifest('pigo-rel') });
  expect(chart).toMatchObject({ reason: 'rendered' });
});

test('a workload in no file is said, with a patch to paste', async () => {
  const location = await locateIn({ 'a.yaml': 'kind: ConfigMap\n' });
  expect(location).toMatchObject({ state: 'not located', reason: 'no manifest', lookedAt: [] });
  expect(location).toHaveProperty(
    'snippet',
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: nacos
  namespace: pigo-rel
spec:
  template:
    spec:
      containers:
        - name: nacos
          resources:
            limits:
              memory: 2560Mi
            requests:
              memory: 1536Mi
`,
  );
});

test('what may not be edited in the cluster is not looked for', async () => {
  const owned = { ...live, edit: { allowed: false as const, why: 'change the Nacos resource "main" instead' } };
  const location = await locateIn({ 'a.yaml': manifest('pigo-rel') }, { workloads: [owned] });
  expect(location).toMatchObject({ reason: 'not editable', why: 'change the Nacos resource "main" instead' });
  const injected = workload(NACOS, [{ name: 'other', limit: null, request: null }]);
  expect(await locateIn({ 'a.yaml': manifest('pigo-rel') }, { workloads: [injected] })).toMatchObject({
    reason: 'injected',
  });
});

const APPLICATION = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec: {source: {path: ./rel/}}
`;
const FLUX = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {path: ./rel}
`;

test.each([
  ['an Application', APPLICATION, { argoTrackingId: 'shop:apps/Deployment:pigo-rel/nacos' }, 'located'],
  ['a Flux Kustomization', FLUX, { fluxKustomization: 'flux-system/shop' }, 'located'],
  ['an id that was copied', APPLICATION, { argoTrackingId: 'shop:apps/Deployment:pigo-rel/other' }, 'located'],
  ['another Application', APPLICATION, { argoTrackingId: 'else:apps/Deployment:pigo-rel/nacos' }, 'not located'],
])('of two files that define the workload, that in the folder of %s counts', async (_what, object, hints, state) => {
  const texts = { 'rel/nacos.yaml': manifest('pigo-rel'), 'old/nacos.yaml': manifest('pigo-rel'), 'app.yaml': object };
  const location = await locateIn(texts, { workloads: [{ ...live, hints }] });
  expect(location?.state).toBe(state);
  if (location?.state === 'located') expect(location.path).toBe('rel/nacos.yaml');
});
