declare const bytesBrand: unique symbol;

/** A whole number of bytes, as opposed to a ratio, a percentage or a count. */
export type Bytes = number & { readonly [bytesBrand]: true };

export const KIB = 1024;
export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

/** Brands a non-negative number as bytes, rounded to a whole one. Throws a RangeError for NaN, infinity and negatives. */
export function bytes(value: number): Bytes {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`not a number of bytes: ${value}`);
  return Math.round(value) as Bytes;
}

/** `mebibytes(2000)` is 2000Mi in bytes. */
export function mebibytes(value: number): Bytes {
  return bytes(value * MIB);
}

/**
 * Bytes as an operator writes them: the largest unit of Ti, Gi, Mi, Ki, B in which the value is a whole number of up to
 * four digits, else rounded to whole Mi (Ki and B below 1Mi). 2000Mi stays 2000Mi, 2048Mi is shown as 2Gi only by
 * `formatQuantity`, which writes manifests.
 */
export function formatBytes(value: Bytes | number): string {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  if (size < KIB) return `${sign}${Math.round(size)}B`;
  if (size < MIB) return `${sign}${Math.round(size / KIB)}Ki`;
  if (size < 10_000 * MIB) return `${sign}${Math.round(size / MIB)}Mi`;
  if (size < 10_000 * GIB) return `${sign}${trimmed(size / GIB)}Gi`;
  return `${sign}${trimmed(size / TIB)}Ti`;
}

/** A bound on what is read, as people name file sizes: `256 MB`. */
export function formatMegabytes(size: number): string {
  return `${Math.round(size / MIB)} MB`;
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
