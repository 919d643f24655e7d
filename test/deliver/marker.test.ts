import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Marker,
  readMarker,
  readSeal,
  replaceMarker,
  sealMessage,
  writeMarker,
} from '../../src/deliver/marker.ts';
import { applyEdits, OverlapError } from '../../src/text/apply-edits.ts';

const markers: fc.Arbitrary<Marker> = fc.record({
  base: fc.string(),
  fingerprint: fc.string(),
  changes: fc.array(fc.tuple(fc.string(), fc.constantFrom('limit' as const, 'request' as const), fc.maxSafeNat())),
  paths: fc.array(fc.string()),
});
const oid = fc.stringMatching(/^[0-9a-f]{40}$/);
const fingerprint = fc.stringMatching(/^[0-9a-f]{16}$/);

test('a marker comes back out of any body, and nothing in it ends the comment', () => {
  fc.assert(
    fc.property(markers, fc.string(), (marker, text) => {
      const hidden = writeMarker(marker);
      expect(hidden.slice(4, -3)).not.toMatch(/--|>/);
      expect(readMarker(`${text}\n\n${hidden}`)).toEqual(marker);
      expect(readMarker(replaceMarker(`${text}\n\n${hidden}`, { ...marker, closedByRun: true }))).toEqual({
        ...marker,
        closedByRun: true,
      });
    }),
  );
});

test.each([
  '',
  'no marker',
  '<!-- kubernetes-memory-inspector:v1 AAAA -->',
  '<!-- kubernetes-memory-inspector:v1 q1YqAgA -->',
])('%j holds no marker', (body) => {
  expect(readMarker(body)).toBeUndefined();
});

test('a seal fits its own commit and no other', () => {
  fc.assert(
    fc.property(fc.string(), fingerprint, oid, oid, fc.string({ minLength: 1 }), (text, print, tree, parent, more) => {
      const message = sealMessage(text, print, tree, [parent]);
      expect(readSeal({ message, tree, parents: [parent] })).toBe(print);
      expect(readSeal({ message: `${message}\n`, tree, parents: [parent] })).toBe(print);
      expect(readSeal({ message, tree: parent.replace(/./, 'g'), parents: [parent] })).toBeUndefined();
      expect(readSeal({ message, tree, parents: [tree.replace(/./, 'g')] })).toBeUndefined();
      expect(readSeal({ message: more + message, tree, parents: [parent] })).toBeUndefined();
    }),
  );
});

test('edits are applied to the text they were made for, in any order', () => {
  const text = 'a: 2000Mi\nb: 1000Mi\n';
  const edits = [
    { path: 'x', start: 13, end: 19, replacement: '1536Mi' },
    { path: 'x', start: 3, end: 9, replacement: '2560Mi' },
    { path: 'x', start: 20, end: 20, replacement: 'c: 1\n' },
    { path: 'x', start: 20, end: 20, replacement: 'd: 2\n' },
  ];
  expect(applyEdits(text, edits)).toBe('a: 2560Mi\nb: 1536Mi\nc: 1\nd: 2\n');
});

test('edits that overlap or lie outside are refused', () => {
  const edit = (start: number, end: number) => ({ path: 'x', start, end, replacement: '' });
  expect(() => applyEdits('abcdef', [edit(0, 3), edit(2, 4)])).toThrow(OverlapError);
  expect(() => applyEdits('abcdef', [edit(5, 7)])).toThrow(RangeError);
});
