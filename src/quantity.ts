import type { Bytes } from './bytes.ts';

const UNITS: Readonly<Record<string, bigint>> = {
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
  Ei: 1024n ** 6n,
  k: 10n ** 3n,
  M: 10n ** 6n,
  G: 10n ** 9n,
  T: 10n ** 12n,
  P: 10n ** 15n,
  E: 10n ** 18n,
};
const FRACTIONS: Readonly<Record<string, number>> = { m: 3, u: 6, n: 9 };
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;
/** The API server caps a quantity here instead of refusing it. */
const GREATEST = 2n ** 63n - 1n;

/**
 * A Kubernetes quantity as whole bytes, a fraction of a byte rounded up, as the API server does it. `undefined` for
 * what is no quantity and for a negative one, which memory cannot be. Exact; what exceeds 2^63 - 1 is capped there.
 */
export function parseQuantityExactly(text: string): bigint | undefined {
  const parts = QUANTITY.exec(text);
  if (!parts) return undefined;
  const [, sign = '', whole = '', decimals = '', suffix = ''] = parts;
  if (whole === '' && decimals === '') return undefined;
  const digits = `${whole}${decimals}`.replace(/^0+/, '');
  if (digits === '') return 0n;
  if (sign === '-') return undefined;

  const exponent = exponentOf(suffix) - decimals.length;
  const magnitude = digits.length + exponent;
  if (magnitude > 40) return GREATEST;
  if (magnitude < -40) return 1n;
  const factor = UNITS[suffix] ?? 1n;
  const value = BigInt(digits) * factor;
  const size = exponent >= 0 ? value * 10n ** BigInt(exponent) : dividedUp(value, 10n ** BigInt(-exponent));
  return size > GREATEST ? GREATEST : size;
}

/** As `parseQuantityExactly`, but as a number: exact up to 2^53, beyond it the nearest one. */
export function parseQuantity(text: string): Bytes | undefined {
  const size = parseQuantityExactly(text);
  return size === undefined ? undefined : (Number(size) as Bytes);
}

/**
 * Whole bytes as a manifest's value, always exact. The unit family of `like`, the author's own value, is kept where the
 * size is a whole number in it (`2Gi` becomes `3Gi` or `2560Mi`, `2000M` stays in M, plain bytes stay plain), else it is
 * Mi, and Ki or plain bytes where not even that is whole.
 */
export function formatQuantity(size: Bytes, like = ''): string {
  const exact = BigInt(size);
  for (const unit of [...unitsLike(like.trim()), 'Mi', 'Ki']) {
    const factor = unit === '' ? 1n : UNITS[unit];
    if (factor !== undefined && exact % factor === 0n) return `${exact / factor}${unit}`;
  }
  return String(exact);
}

function unitsLike(author: string): readonly string[] {
  if (/^\+?\d+$/.test(author)) return [''];
  const unit = /[kKMGTPE]i?$/.exec(author)?.[0] ?? '';
  const binary = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];
  const decimal = ['E', 'P', 'T', 'G', 'M'];
  if (binary.includes(unit)) return binary.slice(binary.indexOf(unit));
  if (decimal.includes(unit)) return decimal.slice(decimal.indexOf(unit));
  return unit === 'k' ? ['k'] : [];
}

function exponentOf(suffix: string): number {
  if (/^[eE]./.test(suffix) && suffix !== 'Ei') return Number(suffix.slice(1));
  return -(FRACTIONS[suffix] ?? 0);
}

function dividedUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}
