import { isTime } from '../plausible.ts';

/** A time of the API in unix seconds; `undefined` for what is none. */
export function secondsOf(time: string | undefined): number | undefined {
  const milliseconds = time ? Date.parse(time) : Number.NaN;
  return isTime(milliseconds / 1000) ? milliseconds / 1000 : undefined;
}
