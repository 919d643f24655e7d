import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MarkedChange } from '../../src/deliver/marker.ts';
import { readSeal, readValues, sealMessage, writeValues } from '../../src/deliver/seal.ts';

const oid = fc.stringMatching(/^[0-9a-f]{40}$/);
const fingerprint = fc.stringMatching(/^[0-9a-f]{16}$/);

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

test('the values of a commit come back out of its message', () => {
  const change: fc.Arbitrary<MarkedChange> = fc.tuple(
    fc.stringMatching(/^[a-z]{1,9}\/[A-Z][a-z]{1,9}\/[a-z.-]{1,20}\/[a-z()-]{1,9}$/),
    fc.constantFrom('limit' as const, 'request' as const),
    fc.nat(),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 100 }), fingerprint, oid, (changes, print, tree) => {
      const message = sealMessage(['Raise memory', '', ...writeValues(changes)].join('\n'), print, tree, []);
      expect(readValues(message)).toEqual(changes);
    }),
  );
});
