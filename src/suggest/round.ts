import { type Bytes, bytes, GIB, MIB } from '../bytes.ts';

/** The least that is suggested for a request or a limit. */
export const SMALLEST = (16 * MIB) as Bytes;

/** The step in which a value of this size is suggested: 256Mi from 1Gi up, 64Mi from 256Mi up, 16Mi below. */
export function roundingStep(value: number): number {
  if (value >= GIB) return 256 * MIB;
  return value >= 256 * MIB ? 64 * MIB : 16 * MIB;
}

/** Rounds to the nearest step, at least 16Mi. */
export function roundToStep(value: number): Bytes {
  const step = roundingStep(value);
  return bytes(Math.max(SMALLEST, Math.round(value / step) * step));
}

/** The smallest whole step that is not below `least`, starting at `value`. */
export function stepUpTo(value: Bytes, least: number): Bytes {
  if (value >= least) return value;
  const step = roundingStep(least);
  return bytes(Math.max(SMALLEST, Math.ceil(least / step) * step));
}

/** The largest whole step that is not above `most`; `most` itself where that is smaller than a step. */
export function stepDownTo(most: number): Bytes {
  const step = roundingStep(most);
  const stepped = Math.floor(most / step) * step;
  return bytes(Math.max(0, stepped > 0 ? stepped : most));
}
