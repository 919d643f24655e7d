import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { isParsedYaml, parseYaml } from '../../src/text/yaml.ts';

function valuesOf(text: string) {
  const parsed = parseYaml(text);
  return isParsedYaml(parsed) ? parsed.values : parsed.code;
}

test.each([
  ['a: &x {b: 1}\nc: *x\n', [{ a: { b: 1 }, c: { b: 1 } }]],
  ['a: &x {b: 1, d: 2}\nc: {<<: *x, b: 3}\n', [{ a: { b: 1, d: 2 }, c: { b: 3, d: 2 } }]],
  ['a: &x {b: 1}\nc: {b: 3, <<: *x}\n', [{ a: { b: 1 }, c: { b: 3 } }]],
  ['a: &x {b: 1}\ne: &y {b: 2}\nc: {<<: [*x, *y]}\n', [{ a: { b: 1 }, e: { b: 2 }, c: { b: 1 } }]],
  ['a: &x 1\nb: &x 2\nc: *x\n', [{ a: 1, b: 2, c: 2 }]],
  ['a: &x 1\nb: &y {v: *x}\nx2: &x 2\nc: *y\n', [{ a: 1, b: { v: 1 }, x2: 2, c: { v: 1 } }]],
  ['*x : 1\n', 'BAD_ALIAS'],
  ['&k a: 1\nb: *k\n', [{ a: 1, b: 'a' }]],
  ['__proto__: {a: 1}\n', [JSON.parse('{"__proto__":{"a":1}}')]],
  ['a: .inf\nb: ~\n? \n: 1\n', [{ a: null, b: null, '': 1 }]],
  ['a: -0.0\n', [{ a: 0 }]],
  ['1: a\n', [{ '1': 'a' }]],
  ['---\na\n---\n- 1\n', ['a', [1]]],
  ['"<<": 1\n', [{ '<<': 1 }]],
  ['a: 1\na: 2\n', 'DUPLICATE_KEY'],
  ['{a: 1, "a": 2}\n', 'DUPLICATE_KEY'],
  ['a: *x\n', 'BAD_ALIAS'],
  ['a: &x [*x]\n', 'EXPANDS'],
  ['c: {<<: 1}\n', 'BAD_MERGE'],
  ['a: [\n', 'BAD_INDENT'],
])('reads %j', (text, expected) => {
  expect(valuesOf(text)).toEqual(expected);
});

test('a duplicate key is named by its place', () => {
  const place = { line: 3, column: 1 };
  expect(parseYaml('a: 1\nb: 2\na: 3\n')).toEqual({ code: 'DUPLICATE_KEY', place, key: 'a' });
});

test('a value that is used often counts each time, whatever the file is long', () => {
  const item = `a: &a [${Array.from({ length: 1000 }, () => '1').join(',')}]\n`;
  const uses = (count: number) => Array.from({ length: count }, (_, n) => `b${n}: *a\n`).join('');
  expect(valuesOf(item + uses(300))).toHaveLength(1);
  expect(valuesOf(item + uses(500))).toBe('EXPANDS');
});

test('more values than a person writes are not read', () => {
  expect(valuesOf(`a: [${'1,'.repeat(500_000)}]`)).toBe('TOO_LARGE');
});

test('reads the same as the library, where that reads at all', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'));
  fc.assert(
    fc.property(json, fc.boolean(), (value, flow) => {
      const text = stringify(value, { collectionStyle: flow ? 'flow' : 'block' });
      const library = parseAllDocuments(text, { merge: true, logLevel: 'silent' });
      if (library.some(({ errors }) => errors.length > 0)) return;
      expect(valuesOf(text)).toEqual(JSON.parse(JSON.stringify(library.map((one) => one.toJS() ?? null))));
    }),
  );
});
