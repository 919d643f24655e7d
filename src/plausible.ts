import { type Bytes, bytes } from './bytes.ts';

/*
 * What a number from outside can be. What it cannot be is taken for not known, where it enters: it would else be compared,
 * multiplied and shown as if it meant something.
 */

/**
 * 64Ti: as much memory as Linux addresses with the usual page tables, and twice that of the largest machine for rent.
 * Times the largest factor of a suggestion it is still an exact number.
 */
const MOST_MEMORY = 2 ** 46;
/** The year 9999, the last one that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;
/** The API server counts restarts in 32 bits. */
const MOST_EVENTS = 2 ** 31 - 1;

/** A size of memory as whole bytes; `undefined` for a number that is none. */
export function sizeOf(value: number): Bytes | undefined {
  return isSize(value) ? bytes(value) : undefined;
}

export function isSize(value: unknown): value is number {
  return isBetween(value, 0, MOST_MEMORY);
}

/** Whether it is a time in unix seconds. */
export function isTime(value: unknown): value is number {
  return isBetween(value, 0, LAST_SECOND);
}

/** Whether so many things can have happened to a container. */
export function isCount(value: unknown): value is number {
  return isBetween(value, 0, MOST_EVENTS);
}

/** Whether it is how many times something else a size can be. */
export function isRatio(value: unknown): value is number {
  return isBetween(value, 1, MOST_MEMORY);
}

/** Whether it is a share in percent that can be had. */
export function isPercentage(value: unknown): value is number {
  return isBetween(value, 0, 100) && value > 0;
}

/** Whether it is a share of something, from 0 to 1. */
export function isShare(value: unknown): value is number {
  return isBetween(value, 0, 1);
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}
