import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactCost, monthlyCost } from '../../src/model/price.ts';
import { sayCostOf, sayCostSum, sayMonthly, sumCosts } from '../../src/words/cost.ts';

const GIB = 1024 ** 3;
const EUR = { perGibMonth: 3.2, currency: 'EUR' };
const WORDS = { adds: 'cost', frees: 'free', counted: 'suggestion' } as const;

test.each([
  [4 * GIB, EUR, 'costs about 12.80 EUR a month more'],
  [-128 * GIB, { perGibMonth: 3.2 }, 'frees about 410 a month'],
  [31 * GIB, EUR, 'costs about 99.20 EUR a month more'],
  [100 * GIB, { perGibMonth: 0.99999 }, 'costs about 100 a month more'],
  [12_500 * GIB, EUR, 'costs about 40000 EUR a month more'],
  [1024, EUR, 'costs less than 0.01 EUR a month more'],
  [-1024, { perGibMonth: 1 }, 'frees less than 0.01 a month'],
  [0, EUR, 'costs the same'],
  [4 * GIB, { perGibMonth: 0 }, 'costs the same'],
])('%d bytes at %j: %s', (bytes, price, said) => {
  expect(sayCostOf(bytes, price)).toBe(said);
});

test('nothing is said without a price, nor where it is not known', () => {
  expect(sayCostOf(GIB, undefined)).toBeUndefined();
  expect(sayCostOf(undefined, EUR)).toBeUndefined();
});

test('what is added and what is freed are never taken from each other', () => {
  expect(sayCostSum(sumCosts([4 * GIB, -4 * GIB, undefined]), EUR, WORDS)).toBe(
    'cost about 12.80 EUR a month more and free about 12.80 EUR a month (1 suggestion not counted)',
  );
  expect(sayCostSum(sumCosts([0, 0]), EUR, WORDS)).toBe('cost the same');
  expect(sayCostSum(sumCosts([undefined]), EUR, WORDS)).toBeUndefined();
});

const bytes = fc.integer({ min: -(2 ** 44), max: 2 ** 44 });
const price = fc.record({
  perGibMonth: fc.double({ min: 0, max: 999_999_999, noNaN: true }),
  currency: fc.option(fc.constantFrom('EUR', 'JPY'), { nil: undefined }),
});

test('adding and freeing are each other turned round', () => {
  fc.assert(
    fc.property(bytes, price, (more, one) => {
      expect(exactCost(-more, one) + exactCost(more, one)).toBe(0);
      const size = Math.abs(more);
      const freed = sayCostOf(-size, one);
      expect(freed?.replace(/^frees (.*)$/, 'costs $1 more')).toBe(sayCostOf(size, one));
      expect(sayMonthly(-more, one)).toBe(sayMonthly(more, one));
      expect(sayMonthly(more, one)).toMatch(
        /^(?:nothing|(?:about \d+(?:\.\d\d)?|less than 0\.01)(?: [A-Z]{3})? a month)$/,
      );
    }),
  );
});

test('a sum is that of its parts, in any order', () => {
  const some = fc.array(fc.option(bytes, { nil: undefined }), { maxLength: 20 });
  fc.assert(
    fc.property(some, some, price, (a, b, one) => {
      const [left, right, all] = [sumCosts(a), sumCosts(b), sumCosts([...b, ...a])];
      expect(all).toEqual({
        added: left.added + right.added,
        freed: left.freed + right.freed,
        unknown: left.unknown + right.unknown,
      });
      const known = [...a, ...b].filter((part) => part !== undefined);
      expect(all.added - all.freed).toBe(known.reduce((sum, part) => sum + part, 0));
      expect(monthlyCost(all.added, one)).toBeGreaterThanOrEqual(0);
    }),
  );
});
