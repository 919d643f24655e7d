import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { nodeAt } from '../../src/manifests/documents.ts';
import { createLineFinder, createNodeFinder, createValueFinder } from '../../src/manifests/value-places.ts';

const TEXT = `a: &x {b: 1Gi}
c: *x
d:
  - &y 2Gi
  - {e: *y}
f: &x {b: 3Gi}
g: *x
h: {<<: *x}
`;

test.each([
  [['a', 'b'], '1Gi}'],
  [['c', 'b'], '1Gi}'],
  [['g', 'b'], '3Gi}'],
  [['d', 0], '2Gi'],
  [['d', 1, 'e'], '*y}'],
  [['c'], '*x'],
])('the value at %j begins at %j', (path, at) => {
  const offset = createValueFinder(parseDocument(TEXT, { merge: true }))(path);
  expect(TEXT.slice(offset).split('\n')[0]).toBe(at);
});

test.each([[['h', 'b']], [['d', 'e']], [['a', 'b', 'c']], [['nothing']]])('%j stands nowhere', (path) => {
  expect(createValueFinder(parseDocument(TEXT, { merge: true }))(path)).toBeUndefined();
});

test('a node is found as by walking to it', () => {
  const document = parseDocument(TEXT, { merge: true });
  const find = createNodeFinder(document);
  const paths = [[], ['a'], ['a', 'b'], ['c', 'b'], ['d', 1, 'e'], ['g'], ['h', 'b'], ['d', 'x']];
  for (const path of paths) expect(find(path)).toBe(nodeAt(document, path));
});

test('a line is one more than the newlines before it', () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r\n', 'é')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.nat(), (written, pick) => {
      const offset = pick % (written.length + 1);
      expect(createLineFinder(written)(offset)).toBe(written.slice(0, offset).split('\n').length);
    }),
  );
});
