import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits, distinctSplices, OverlapError, type Splice } from '../../src/text/apply-edits.ts';

const splice = (start: number, end: number, replacement = ''): Splice => ({ start, end, replacement });

test('edits are applied to the text they were made for, in any order', () => {
  const edits = [splice(13, 19, '1536Mi'), splice(3, 9, '2560Mi'), splice(20, 20, 'c: 1\n'), splice(20, 20, 'd: 2\n')];
  expect(applyEdits('a: 2000Mi\nb: 1000Mi\n', edits)).toBe('a: 2560Mi\nb: 1536Mi\nc: 1\nd: 2\n');
});

test('edits that overlap or lie outside are refused, and the error names the text', () => {
  expect(() => applyEdits('abcdef', [splice(0, 3), splice(2, 4)], 'x.yaml')).toThrow(OverlapError);
  expect(() => applyEdits('abcdef', [splice(0, 3), splice(0, 3, 'x')], 'x.yaml')).toThrow('two changes to x.yaml');
  for (const outside of [splice(5, 7), splice(-1, 1), splice(2, 1)])
    expect(() => applyEdits('abcdef', [outside], 'x.yaml')).toThrow(RangeError);
});

test('the same edit twice counts once', () => {
  expect(applyEdits('abc', [splice(0, 2, 'x'), splice(0, 2, 'x')])).toBe('xc');
  expect(applyEdits('abc', [splice(1, 1, 'x'), splice(1, 1, 'y'), splice(1, 1, 'x')])).toBe('axybc');
});

/** A text cut into pieces, some of which are to be replaced, with insertions before them. */
const pieces = fc.array(
  fc.record({
    text: fc.string({ minLength: 1, maxLength: 4 }),
    before: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 2 }),
    replacement: fc.option(fc.string({ maxLength: 4 }), { nil: undefined }),
  }),
  { maxLength: 8 },
);

test('whatever the order of the places and however often a splice occurs, each piece becomes what is meant for it', () => {
  fc.assert(
    fc.property(pieces, fc.infiniteStream(fc.nat(1000)), (list, random) => {
      let at = 0;
      const groups = list.map(({ text, before, replacement }) => {
        const own = before.map((inserted) => splice(at, at, inserted));
        if (replacement !== undefined) own.push(splice(at, at + text.length, replacement));
        at += text.length;
        return own;
      });
      const shuffled = groups
        .map((group) => ({ group, place: random.next().value ?? 0 }))
        .sort((a, b) => a.place - b.place)
        .flatMap(({ group }) => group);
      const doubled = [...shuffled, ...shuffled.filter((_, index) => index % 2 === 0)];
      const text = list.map((piece) => piece.text).join('');
      const meant = list.map((piece) => `${piece.before.join('')}${piece.replacement ?? piece.text}`).join('');
      expect(applyEdits(text, doubled)).toBe(meant);
      expect(distinctSplices(doubled)).toEqual(shuffled);
    }),
  );
});

test('any splices give a text or one of the two errors', () => {
  const any = fc.record({ start: fc.integer({ min: -1, max: 9 }), end: fc.integer({ min: -1, max: 9 }) });
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.array(any, { maxLength: 4 }), (text, list) => {
      const splices = list.map(({ start, end }, index) => splice(start, end, String(index)));
      const inside = splices.every(({ start, end }) => 0 <= start && start <= end && end <= text.length);
      const sorted = splices.toSorted((a, b) => a.start - b.start);
      const apart = sorted.every(({ start }, index) => sorted.slice(0, index).every(({ end }) => end <= start));
      if (inside && apart) expect(() => applyEdits(text, splices)).not.toThrow();
      else expect(() => applyEdits(text, splices)).toThrow(inside ? OverlapError : Error);
    }),
  );
});
