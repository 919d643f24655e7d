import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../src/bytes.ts';
import { formatQuantity, parseQuantity, parseQuantityExactly } from '../src/quantity.ts';

const Mi = 1024 ** 2;

describe('parseQuantity', () => {
  it.each([
    ['1.5Gi', 1536 * Mi],
    ['.5Gi', 512 * Mi],
    ['5.', 5],
    ['+1Gi', 1024 * Mi],
    ['2000Mi', 2_097_152_000],
    ['2Gi', 2_147_483_648],
    ['2e9', 2e9],
    ['2E9', 2e9],
    ['1E', 1e18],
    ['1E3', 1000],
    ['1e+3', 1000],
    ['1e-3', 1],
    ['128974848000m', 128_974_848],
    ['400m', 1],
    ['1500m', 2],
    ['1u', 1],
    ['1000000001n', 2],
    ['0.1Ki', 103],
    ['129M', 129e6],
    ['1k', 1000],
    ['0', 0],
    ['-0', 0],
    ['0e99999999999', 0],
    ['007Mi', 7 * Mi],
    ['1.0000000000000000000000000000000000000000000000000000Ki', 1024],
    ['0.00000000000000000000000000000000000000000000000000001Ei', 1],
  ])('takes %s for %d bytes', (text, size) => {
    expect(parseQuantity(text)).toBe(size);
  });

  it.each([
    '',
    ' ',
    '.',
    '+',
    'Gi',
    '1K',
    '1KB',
    '1MB',
    '1g',
    '1gi',
    '1GI',
    '1.5 Gi',
    ' 1Gi',
    '1Gi\n',
    '1e3Mi',
    '1e',
    '1E+',
    '1..5',
    '1,5Gi',
    '0x10',
    '--1',
    '-1Gi',
    '-1m',
    'NaN',
    'Infinity',
    '٣Gi',
    'constructor',
  ])('refuses %j', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it.each([
    '9223372036854775807',
    '9223372036854775808',
    '8Ei',
    '1e999999999',
    '99999999999999999999999999999999999999999',
  ])('caps %s as the API server does', (text) => expect(parseQuantityExactly(text)).toBe(2n ** 63n - 1n));

  it('agrees with rational arithmetic, rounded up to whole bytes', () => {
    fc.assert(
      fc.property(quantity, ({ text, numerator, denominator }) => {
        const rounded = (numerator + denominator - 1n) / denominator;
        const greatest = 2n ** 63n - 1n;
        expect(parseQuantityExactly(text)).toBe(rounded > greatest ? greatest : rounded);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('formatQuantity', () => {
  it.each([
    [2560 * Mi, '2Gi', '2560Mi'],
    [3072 * Mi, '2Gi', '3Gi'],
    [2560 * Mi, '1.5Gi', '2560Mi'],
    [2560 * Mi, '2000Mi', '2560Mi'],
    [3072 * Mi, '2000Mi', '3072Mi'],
    [2560 * Mi, '2097152Ki', '2621440Ki'],
    [1024 ** 4, '1Ti', '1Ti'],
    [2560 * Mi, '1Ti', '2560Mi'],
    [2560 * Mi, '2000M', '2560Mi'],
    [15_625 * Mi, '2000M', '16384M'],
    [15_625 * Mi, '2G', '16384M'],
    [2000 * Mi, '2000000k', '2097152k'],
    [2560 * Mi, '2147483648', '2684354560'],
    [2560 * Mi, '2e9', '2560Mi'],
    [2560 * Mi, '2E9', '2560Mi'],
    [2560 * Mi, '2147483648000m', '2560Mi'],
    [2560 * Mi, undefined, '2560Mi'],
    [2560 * Mi, '{{ .Values.memory }}', '2560Mi'],
    [1024, undefined, '1Ki'],
    [1023, '1Gi', '1023'],
    [0, '1Gi', '0Gi'],
  ])('writes %d bytes, where the author wrote %j, as %s', (size, like, text) => {
    expect(formatQuantity(size as Bytes, like)).toBe(text);
  });

  it('loses nothing, whatever the author wrote, and writes no fraction and no exponent', () => {
    const like = fc.oneof(
      quantity.map(({ text }) => text),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), like, (size, author) => {
        const text = formatQuantity(size as Bytes, author);
        expect(parseQuantity(text)).toBe(size);
        expect(text).toMatch(/^\d+([KMGTPE]i|[kMGTPE])?$/);
      }),
    );
  });

  it('is settled: written once more like its own text, it stays as it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        quantity.map(({ text }) => text),
        (count, author) => {
          const size = (count * Mi) as Bytes;
          const text = formatQuantity(size, author);
          expect(formatQuantity(size, text)).toBe(text);
        },
      ),
    );
  });
});

const FACTORS: readonly (readonly [string, bigint, bigint])[] = [
  ['', 1n, 1n],
  ['n', 1n, 10n ** 9n],
  ['u', 1n, 10n ** 6n],
  ['m', 1n, 10n ** 3n],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((unit, index) => [unit, 1000n ** BigInt(index + 1), 1n] as const),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit, index) => [unit, 1024n ** BigInt(index + 1), 1n] as const),
  ...[-12, -3, 0, 3, 9, 15].map(
    (e) => [`e${e}`, 10n ** BigInt(Math.max(e, 0)), 10n ** BigInt(Math.max(-e, 0))] as const,
  ),
  ...[-12, -3, 0, 3, 9, 15].map(
    (e) => [`E${e}`, 10n ** BigInt(Math.max(e, 0)), 10n ** BigInt(Math.max(-e, 0))] as const,
  ),
];

/** A quantity's text beside its value as a fraction. */
const quantity = fc
  .record({
    sign: fc.constantFrom('', '+'),
    whole: fc.bigInt({ min: 0n, max: 10n ** 20n }),
    decimals: fc.option(fc.stringMatching(/^\d{0,12}$/), { nil: undefined }),
    factor: fc.constantFrom(...FACTORS),
  })
  .map(({ sign, whole, decimals, factor: [suffix, times, over] }) => {
    const scale = 10n ** BigInt(decimals?.length ?? 0);
    return {
      text: `${sign}${whole}${decimals === undefined ? '' : `.${decimals}`}${suffix}`,
      numerator: (whole * scale + BigInt(decimals === undefined || decimals === '' ? 0 : decimals)) * times,
      denominator: scale * over,
    };
  });
