import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { createLineFinder, createValueFinder } from '../../src/manifests/value-places.ts';

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

test.each([[['h', 'b']], [['d', 'e']], [['a', 'b', 'c']], [['nothing']], [[]]])('%j stands nowhere', (path) => {
  expect(createValueFinder(parseDocument(TEXT, { merge: true }))(path)).toBeUndefined();
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
