import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isParsed, type Json, type Path, parseManifest, valueAt } from '../../../src/manifests/documents.ts';
import { createEffort } from '../../../src/manifests/effort.ts';
import { findEnvironments, namedEnvironments } from '../../../src/manifests/helm/find-environments.ts';
import { findMemoryKeys } from '../../../src/manifests/helm/memory-keys.ts';
import { splicesInBlock } from '../../../src/manifests/helm/text-in-yaml.ts';
import { mergeValues, overlayOf } from '../../../src/manifests/helm/values.ts';
import { applyEdits } from '../../../src/text/apply-edits.ts';

const key = fc.constantFrom('a', 'b', 'web', '__proto__', 'resources', 'list');
const values: fc.Arbitrary<Json> = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>('2Gi', 1, true, null),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('tree')), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs) as Json),
  ),
})).tree;

function leavesOf(value: Json, path: Path = []): [Path, Json][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([step, inner]: [string, Json]) =>
    leavesOf(inner, [...path, Array.isArray(value) ? Number(step) : step]),
  );
}

describe('an overlay', () => {
  test('sets its paths and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(key, values, { noNullPrototype: true }), fc.nat(), (root, pick) => {
        const leaves = leavesOf(root as Json);
        fc.pre(leaves.length > 0);
        const [path] = leaves[pick % leaves.length] ?? [[]];
        const merged = mergeValues(root as Json, overlayOf(root as Json, [[path, 'marked']]));
        const changed = leavesOf(merged).filter(([at, value]) => valueAt(root as Json, at) !== value);
        expect(changed).toEqual([[path, 'marked']]);
        expect(leavesOf(merged)).toHaveLength(leaves.length);
      }),
    );
  });
});

describe('a text of values within an object', () => {
  const line = fc.constantFrom('web:', '  memory: 2Gi', 'list: [1, 2]', '# ünïcode ✓', '', 'last: x');

  test('is edited where its lines stand in the file', () => {
    const block = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 8 }),
      indent: fc.integer({ min: 1, max: 8 }),
      eol: fc.constantFrom('\n', '\r\n'),
    });
    fc.assert(
      fc.property(block, fc.nat(), fc.nat(), ({ lines, indent, eol }, from, length) => {
        const written = lines.map((text) => (text === '' ? '' : `${' '.repeat(indent)}${text}`));
        const file = ['values: |', ...written, 'after: 1', ''].join(eol);
        const parsed = parseManifest(file);
        if (!isParsed(parsed)) return;
        const inner = valueAt(parsed.values[0], ['values']);
        const [document] = parsed.documents;
        if (typeof inner !== 'string' || inner === '' || !document) return;
        const start = from % inner.length;
        const end = Math.min(start + (length % 4), inner.indexOf('\n', start));
        const splice = { start, end: Math.max(start, end), replacement: 'x: 1\ny: 2' };
        const outer = splicesInBlock(file, document, ['values'], inner, [splice]);
        if (!Array.isArray(outer)) return;
        expect(parse(applyEdits(file, outer))).toEqual({ values: applyEdits(inner, [splice]), after: 1 });
      }),
    );
  });

  test.each(['values: >\n  a: 1\n', 'values: "a: 1"\n'])('is refused in %j', (file) => {
    const parsed = parseManifest(file);
    if (!isParsed(parsed)) throw new Error('does not parse');
    const [document] = parsed.documents;
    const inner = valueAt(parsed.values[0], ['values']);
    if (!document || typeof inner !== 'string') throw new Error('no text');
    const splice = { start: 3, end: 4, replacement: '2' };
    expect(splicesInBlock(file, document, ['values'], inner, [splice])).toMatchObject({ reason: 'not editable' });
  });
});

describe('environments', () => {
  const chart = { folder: 'charts/shop', name: 'shop', library: false, dependencies: [], vendored: [] };
  const other = { folder: 'charts/mail', name: 'mail', library: false, dependencies: [], vendored: [] };

  test.each([
    ['charts/shop/values-rel.yaml', 'rel'],
    ['charts/shop/values.rel.yml', 'rel'],
    ['charts/shop/rel-values.yaml', 'rel'],
    ['charts/shop/rel/values.yaml', 'rel'],
    ['charts/shop/envs/rel/values.yaml', 'rel'],
    ['environments/rel/shop.yaml', 'rel'],
    ['environments/rel/shop/values.yaml', 'rel'],
    ['environments/rel/values.yaml', undefined],
    ['charts/shop/values.yaml', undefined],
    ['charts/shop/templates/rel/values.yaml', undefined],
    ['environments/rel/mail.yaml', undefined],
  ])('%s is of %s', (path, name) => {
    const charts = new Map([chart, other].map((one) => [one.folder, one]));
    const found = findEnvironments([path], charts, createEffort()).filter((one) => one.chart === chart);
    expect(found).toEqual([name === undefined ? { chart, files: [] } : { chart, name, files: [path] }]);
  });

  test.each([
    ['pigo-rel', ['rel']],
    ['shop-production', ['prod']],
    ['shop-preprod', ['preprod']],
    ['shop', []],
  ])('the namespace %s speaks of %j', (namespace, expected) => {
    const all = ['dev', 'rel', 'prod', 'preprod'].map((name) => ({ chart, name, files: [] }));
    expect(namedEnvironments(all, [namespace]).map(({ name }) => name)).toEqual(expected);
  });
});

test('a single value is tried only where it has the size of a container', () => {
  const merged = { memory: '2Gi', disk: '10Gi', port: 8848, replicas: 2, web: { resources: { limits: { cpu: 1 } } } };
  const keys = findMemoryKeys(merged, [], new Set([2 * 1024 ** 3, 8848, 2]), false);
  expect(keys.map(({ path }) => path.join('.'))).toEqual([
    'memory',
    'web.resources.limits.memory',
    'web.resources.requests.memory',
  ]);
});
