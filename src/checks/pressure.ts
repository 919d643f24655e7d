import { type Bytes, MIB } from '../bytes.ts';
import type { ContainerObservation } from '../model/finding.ts';

/** A share of time from which waiting for memory shows that the limit is felt, whatever it was before. */
const FELT = 0.1;
/** Less than this is not felt, however much it has risen; more than so many times the first quarter's is risen. */
const NOTICEABLE = 0.02;
const RISEN = 3;

/**
 * The share of the last quarter of the window (0 to 1) in which tasks waited for memory, where that is much or clearly
 * more than at first. `undefined` otherwise, and where pressure is not measured: it confirms and never clears.
 */
export function pressureFelt({ at, windows, measured }: ContainerObservation): number | undefined {
  const waiting = measured?.pressure?.waiting ?? [];
  const last = waiting.at(-1);
  if (last === undefined || last.t <= at - windows.window / 8) return undefined;
  const first = waiting.length > 1 ? waiting[0]?.v : undefined;
  const hasRisen = first !== undefined && last.v >= NOTICEABLE && last.v > first * RISEN;
  return last.v >= FELT || hasRisen ? last.v : undefined;
}

/** What the running container has in swap; `undefined` for less than 1Mi and where it is not measured. */
export function swapInUse({ measured }: ContainerObservation): Bytes | undefined {
  const swap = measured?.now?.swap;
  return swap === undefined || swap < MIB ? undefined : swap;
}
