import { bytes, GIB, MIB } from '../bytes.ts';
import type { HeapFlagChange, HeapSplit } from '../model/suggestion.ts';
import type { Evidence, SizingCase } from './case.ts';
import { gatherHeap } from './jvm.ts';
import { SMALLEST, stepDownTo, stepUpTo } from './round.ts';

/** Percentages are suggested in steps of so many. */
const SHARE_STEP = 5;
/** A change of the heap by less is not worth a restart. */
const LEAST_CHANGE = 0.1;
/** What the pools of some collectors sum up to, as shares of the maximum that was asked for. */
const SUM_OF_POOLS = { least: 0.85, most: 1.05 };

/** The heap that a flag asks for, and its text with another size; sizes in bytes. */
interface SizedFlag {
  readonly maximum: number;
  /** Whether it is a share of the limit. */
  readonly isShare: boolean;
  /** The nearest size that is suggested, at most or at least as large. */
  readonly round: (size: number, to: 'at most' | 'at least') => number;
  readonly write: (size: number) => string;
}

/**
 * Another value for the heap flag, where that is a better answer than another limit to a limit that is too low:
 * - a smaller heap, where a full one would not fit under the red line (after an OOM kill: into the limit), what lives in it
 *   has room in a smaller one, and it is not something else that grows;
 * - a larger one, where what lives in it is over the red line and does not grow, and it fits into the limit that is there,
 *   or into `newLimit`.
 * `undefined` too where the heap that was measured is not the flag's: then something else sizes it.
 */
export function findBetterFlag(
  sizing: SizingCase,
  evidence: Evidence,
  split: HeapSplit,
  newLimit: number | undefined,
): HeapFlagChange | undefined {
  const { limit, problems, template } = evidence;
  const written = template?.jvmFlags?.heap;
  const beside = besideHeap(split);
  const isTooLow = problems.has('near limit') || problems.has('OOMKilled');
  if (!isTooLow || written === undefined || beside === undefined || limit.state !== 'set') return undefined;
  const flag = sizeFlag(written.text, evidence, limit.bytes);
  if (flag === undefined || !isMeasured(flag.maximum, sizing)) return undefined;
  const { live, liveRed } = gatherHeap(sizing);
  if (live === undefined) return undefined;
  const { usageRed, usageYellow } = sizing.thresholds;
  const room = (bound: number) => (bound * usageRed) / 100 - beside;
  const least = (live * 100) / usageYellow;
  const found = liveRed
    ? !mayLeak(sizing, split) && raiseHeap(flag, least, room(limit.bytes), newLimit === undefined ? 0 : room(newLimit))
    : !growsBeside(split) &&
      flag.maximum > (evidence.kills.length > 0 ? limit.bytes - beside : room(limit.bytes)) &&
      lowerHeap(flag, least, room(limit.bytes));
  return found ? { from: written.text, to: flag.write(found.size), where: written.where, ...found.change } : undefined;
}

/** Another size of the heap in bytes, and what that is. */
interface OtherHeap {
  readonly size: number;
  readonly change: Pick<HeapFlagChange, 'direction' | 'limit'>;
}

/** To the most that there is room for. */
function lowerHeap(flag: SizedFlag, least: number, room: number): OtherHeap | undefined {
  if (room <= 0) return undefined;
  const size = flag.round(room, 'at most');
  const isWorth = size >= Math.max(SMALLEST, least) && size <= flag.maximum * (1 - LEAST_CHANGE);
  return isWorth ? { size, change: { direction: 'lower', limit: 'stays' } } : undefined;
}

/** To the least that is enough. A share of a larger limit is more without another flag. */
function raiseHeap(flag: SizedFlag, least: number, room: number, newRoom: number): OtherHeap | undefined {
  if (least > Math.max(room, newRoom)) return undefined;
  const size = flag.round(least, 'at least');
  if (size < flag.maximum * (1 + LEAST_CHANGE)) return undefined;
  if (size <= room) return { size, change: { direction: 'raise', limit: 'stays' } };
  return size <= newRoom && !flag.isShare ? { size, change: { direction: 'raise', limit: 'as suggested' } } : undefined;
}

/** What a full heap shares the limit with; page cache gives way. `undefined` where that is not known. */
function besideHeap({ used, nonHeap, directBuffers, threads, rest }: HeapSplit): number | undefined {
  if (used === undefined || nonHeap === undefined) return undefined;
  return nonHeap + (directBuffers ?? 0) + (threads?.most ?? 0) + (rest ?? 0);
}

/** Whether something grows that a smaller heap only makes room for. */
function growsBeside({ grows }: HeapSplit): boolean {
  return grows !== undefined && grows !== 'other heap' && grows !== 'heap';
}

/** Whether a larger heap would only be full later. */
function mayLeak({ pods }: SizingCase, { grows }: HeapSplit): boolean {
  return grows === 'live heap' || grows === 'heap' || pods.some(({ findings }) => findings.trend?.level === 'red');
}

function isMeasured(maximum: number, sizing: SizingCase): boolean {
  const { maxima } = gatherHeap(sizing);
  const { least, most } = SUM_OF_POOLS;
  return maxima.length > 0 && maxima.every((one) => one >= maximum * least && one <= maximum * most);
}

function sizeFlag(text: string, { template }: Evidence, limit: number): SizedFlag | undefined {
  const { maxHeap, maxRamPercentage } = template?.jvm ?? {};
  if (maxHeap !== undefined) return sizeMaxHeap(text, maxHeap);
  return maxRamPercentage === undefined ? undefined : sizeShare(text, maxRamPercentage, limit);
}

/** In whole gibibytes only where it was written in them. */
function sizeMaxHeap(text: string, maximum: number): SizedFlag | undefined {
  const [, name, unit = ''] = /^(-Xmx|-XX:MaxHeapSize=)\d+([kKmMgGtT]?)$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const isUpper = unit !== unit.toLowerCase();
  return {
    maximum,
    isShare: false,
    round: (size, to) => (to === 'at most' ? stepDownTo(size) : stepUpTo(bytes(0), size)),
    write: (size) => {
      const inGibibytes = unit.toLowerCase() === 'g' && size % GIB === 0;
      const written = inGibibytes ? `${size / GIB}g` : `${Math.floor(size / MIB)}m`;
      return `${name}${isUpper ? written.toUpperCase() : written}`;
    },
  };
}

/** With as many decimals as there were: some versions of the JVM take no share without. */
function sizeShare(text: string, share: number, limit: number): SizedFlag | undefined {
  const [, name, decimals = ''] = /^(-XX:MaxRAMPercentage=)\d+(\.\d+)?$/.exec(text) ?? [];
  if (name === undefined || limit === 0) return undefined;
  const steps = (size: number) => (size / limit) * (100 / SHARE_STEP);
  const sizeAt = (step: number) => (step * SHARE_STEP * limit) / 100;
  return {
    maximum: (limit * share) / 100,
    isShare: true,
    round: (size, to) => sizeAt(to === 'at most' ? Math.floor(steps(size)) : Math.ceil(steps(size))),
    write: (size) => `${name}${Math.round(steps(size)) * SHARE_STEP}${decimals.replace(/\d/g, '0')}`,
  };
}
