import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapLines } from '../../src/text/line-map.ts';

const lines = (text: string) => `${text.split(' ').join('\n')}\n`;

describe('the lines of a text in another one', () => {
  test.each([
    ['a b c', 'a b c', [1, 2, 3]],
    ['a b c', 'x a b c', [2, 3, 4]],
    ['a b c', 'a c', [1, undefined, 2]],
    ['a b c', 'a x y c', [1, undefined, 4]],
  ])('of %s in %s are %j', (from, to, expected) => {
    const map = mapLines(lines(from), lines(to));
    expect(expected.map((_, index) => map.same(index + 1))).toEqual(expected);
  });

  test('are none of a line that there is not', () => {
    const map = mapLines('a\nb\n', 'a\nb\n');
    for (const line of [0, 3, -1, 1.5, Number.NaN]) expect(map.same(line)).toBeUndefined();
  });

  test('differ where their ends do', () => {
    expect(mapLines('a\r\nb\r\n', 'a\nb\r\n').same(1)).toBeUndefined();
    expect(mapLines('a\nb', 'a\nb\n').same(2)).toBeUndefined();
  });
});

describe('the place of a line that is gone', () => {
  test.each([
    // Removed: what follows.
    ['limits: memory image', 'image', [1, 1, 1]],
    // At the end: what is last.
    ['image limits: memory', 'image', [1, 1, 1]],
    // Replaced: by what replaces it, as far as that goes.
    ['a b c d', 'a x y d', [1, 2, 3, 4]],
    ['a b c d', 'a x d', [1, 2, 2, 3]],
    ['a b', 'x y z a b', [4, 5]],
  ])('of %s in %s is %j', (from, to, expected) => {
    const map = mapLines(lines(from), lines(to));
    expect(expected.map((_, index) => map.inPlace(index + 1))).toEqual(expected);
  });

  test('is none in an empty text', () => {
    expect(mapLines('a\n', '').inPlace(1)).toBeUndefined();
  });
});

test('what is the same says the same, in order, and every place is there', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd\r'), { maxLength: 12 }).map((all) => all.join('\n'));
  fc.assert(
    fc.property(text, text, (from, to) => {
      const map = mapLines(from, to);
      const [before, after] = [from.split(/(?<=\n)/), to.split(/(?<=\n)/)].map((all) =>
        all.filter((line) => line !== ''),
      );
      let [last, lastPlace] = [0, 1];
      for (const [index, line] of (before ?? []).entries()) {
        const [same, place] = [map.same(index + 1), map.inPlace(index + 1)];
        if (same !== undefined) {
          expect(after?.[same - 1]).toBe(line);
          expect(same).toBeGreaterThan(last);
          last = same;
        }
        if (after?.length === 0) expect(place).toBeUndefined();
        else {
          expect(place).toBeGreaterThanOrEqual(lastPlace);
          expect(place).toBeLessThanOrEqual(after?.length ?? 0);
          lastPlace = place ?? 0;
        }
      }
    }),
  );
});
