import { expect, test } from 'vitest';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree } from '../../src/manifests/ways.ts';
import type { Mapping } from '../../src/model/mapping.ts';
import { editFile, filesOf, NACOS, suggestion, workload } from './fixtures.ts';

const VALUES =
  'nacos:\n  resources:\n    limits: {memory: 2000Mi}\n  "x.y": [{resources: {limits: {memory: 2000Mi}}}]\n';
const live = workload(NACOS, [{ name: 'nacos', limit: '2000Mi', request: null }]);
const wanted = suggestion(NACOS, 'nacos', { limit: '2560Mi' });

async function locateBy(mapping: Mapping) {
  const files = filesOf({ 'values.yaml': VALUES, '.github/values.yaml': VALUES });
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live], mappings: [mapping] }));
  return location;
}

test.each([
  [['nacos', 'resources'], VALUES.replace('2000Mi', '2560Mi')],
  [['nacos', 'x.y', 0, 'resources'], VALUES.replace('2000Mi}}}', '2560Mi}}}')],
])('the path %j leads to the value', async (path, after) => {
  const location = await locateBy({ match: { namespace: 'pigo-*', name: 'nac?s' }, file: 'values.yaml', path });
  if (location?.state !== 'located') throw new Error(location?.why);
  expect(editFile('values.yaml', VALUES, location.edits)).toBe(after);
});

test.each([
  [['nacos', 'nothing'], 'values.yaml', 'drift'],
  [['nacos', 'resources'], 'missing.yaml', 'no manifest'],
  [['nacos', 'resources'], '../values.yaml', 'no manifest'],
  [['nacos', 'resources'], '.github/values.yaml', 'unsafe file'],
])('the path %j in %s is refused as %s', async (path, file, reason) => {
  expect(await locateBy({ match: {}, file, path })).toMatchObject({ state: 'not located', reason });
});

test('a mapping of another workload does not count', async () => {
  const location = await locateBy({ match: { name: 'mysql' }, file: 'values.yaml', path: ['nacos', 'resources'] });
  expect(location).toMatchObject({ reason: 'no manifest' });
});
