import { expect, test } from 'vitest';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree } from '../../src/manifests/ways.ts';
import { editFile, filesOf, NACOS, suggestion, workload } from './fixtures.ts';

const SHARED = `apiVersion: apps/v1
kind: Deployment
metadata: {name: nacos, namespace: pigo-rel}
spec:
  template:
    spec:
      containers:
        - name: a
          resources: &small
            limits: {memory: 1Gi}
        - name: b
          resources: *small
        - name: c
          resources:
            limits: {memory: 2000Mi}
`;
const live = workload(NACOS, [
  { name: 'a', limit: '1Gi', request: null },
  { name: 'b', limit: '1Gi', request: null },
  { name: 'c', limit: '2000Mi', request: null },
]);

async function locateAll(limits: Record<string, string>) {
  const files = filesOf({ 'nacos.yaml': SHARED });
  const index = await indexManifests(files, []);
  const wanted = Object.entries(limits).map(([container, limit]) => suggestion(NACOS, container, { limit }));
  return locate(wanted, openTree({ index, files, workloads: [live] }));
}

test('an anchored value moves when all its users get the same one, and several containers fit one file', async () => {
  const locations = await locateAll({ a: '2Gi', b: '2Gi', c: '2560Mi' });
  const edits = locations.flatMap((location) => (location.state === 'located' ? location.edits : []));
  expect(locations.map((location) => location.state)).toEqual(['located', 'located', 'located']);
  const after = SHARED.replace('memory: 1Gi', 'memory: 2Gi').replace('2000Mi', '2560Mi');
  expect(editFile('nacos.yaml', SHARED, edits)).toBe(after);
});

test('an anchored value stays when its users differ', async () => {
  const locations = await locateAll({ a: '2Gi', b: '3Gi' });
  expect(locations.map((location) => (location.state === 'located' ? '' : location.reason))).toEqual([
    'shared anchor',
    'shared anchor',
  ]);
});

test('an anchored scalar and its alias move together when both get the same value', async () => {
  const text = SHARED.replace(
    '&small\n            limits: {memory: 1Gi}',
    '\n            limits: {memory: &m 1Gi}',
  ).replace('*small', '{limits: {memory: *m}}');
  const files = filesOf({ 'nacos.yaml': text });
  const index = await indexManifests(files, []);
  const wanted = ['a', 'b'].map((container) => suggestion(NACOS, container, { limit: '2Gi' }));
  const locations = await locate(wanted, openTree({ index, files, workloads: [live] }));
  const edits = locations.flatMap((location) => (location.state === 'located' ? location.edits : []));
  expect(editFile('nacos.yaml', text, edits)).toBe(text.replace('&m 1Gi', '&m 2Gi').replace('*m', '2Gi'));
});
