import { type Bytes, bytes, MIB } from '../bytes.ts';
import type { ContainerObservation } from '../model/finding.ts';
import type { HeapSplit, ThreadStacks } from '../model/suggestion.ts';
import type { Evidence, SizingCase } from './case.ts';
import { findBetterFlag } from './heap-flag.ts';
import { findGrowth } from './heap-growth.ts';
import { heapShareOf } from './jvm.ts';

/** The JVM's own size of a stack on 64-bit Linux. */
const DEFAULT_STACK = MIB as Bytes;
/**
 * Where the memory of a JVM is, what of it grows, and what another limit (bytes; `undefined` where none is proposed) or
 * another heap would do. `undefined` where no pod that runs has heap metrics.
 */
export function splitHeap(sizing: SizingCase, evidence: Evidence, newLimit?: number): HeapSplit | undefined {
  const [top] = sizing.pods
    .map(({ observation }) => observation)
    .filter(({ measured }) => measured?.heap !== undefined && measured.now?.workingSet !== undefined)
    .sort((a, b) => usedBy(b) - usedBy(a));
  if (top === undefined) return undefined;
  const stack = evidence.template?.jvmFlags?.stack || DEFAULT_STACK;
  const parts = splitUsed(top, stack);
  const grows = findGrowth(top, stack);
  const raiseGoesTo = whereRaiseGoes(sizing, evidence);
  const split = { ...parts, ...(grows && { grows }), ...(raiseGoesTo && { raiseGoesTo }) };
  const betterFlag = findBetterFlag(sizing, evidence, split, newLimit);
  return { ...split, ...(betterFlag && { betterFlag }) };
}

function usedBy({ measured }: ContainerObservation): number {
  return measured?.now?.workingSet ?? 0;
}

/** What is known comes first; what is estimated, and the rest, share what that leaves. */
function splitUsed({ measured }: ContainerObservation, stack: Bytes): HeapSplit {
  const { heap = {}, now = {} } = measured ?? {};
  const { maximum, nonHeap, directBuffers } = heap;
  const liveHeap = heap.liveSet ?? heap.lowestUsed;
  const pageCache = now.activeFile;
  const used = now.workingSet ?? 0;
  const certain = (liveHeap ?? 0) + (nonHeap ?? 0) + (directBuffers ?? 0) + (pageCache ?? 0);
  const addsUp = certain <= used;
  // Usage and heap are scraped seconds apart, in which the garbage comes and goes.
  const beyondLive = (heap.used ?? 0) - (liveHeap ?? 0);
  const otherHeap = Math.max(0, addsUp ? Math.min(beyondLive, used - certain) : beyondLive);
  const own: HeapSplit = {
    ...(maximum !== undefined && { heapMaximum: maximum }),
    ...(liveHeap !== undefined && { liveHeap }),
    ...(heap.used !== undefined && { otherHeap: bytes(otherHeap) }),
    ...(nonHeap !== undefined && { nonHeap }),
    ...(directBuffers !== undefined && { directBuffers }),
  };
  if (!addsUp) return own;
  const threads = stacksOf(heap.threads, stack, used - certain - otherHeap);
  const left = used - certain - otherHeap - (threads?.most ?? 0);
  const held = heap.committed === undefined || heap.used === undefined ? undefined : heap.committed - heap.used;
  const emptyHeap = held === undefined ? undefined : bytes(Math.min(left, Math.max(0, held)));
  return {
    used: bytes(used),
    ...own,
    ...(pageCache !== undefined && { pageCache }),
    ...(threads && { threads }),
    ...(emptyHeap !== undefined && { emptyHeap }),
    rest: bytes(left - (emptyHeap ?? 0)),
  };
}

function stacksOf(count: number | undefined, size: Bytes, left: number): ThreadStacks | undefined {
  return count === undefined ? undefined : { count, size, most: bytes(Math.min(count * size, left)) };
}

function whereRaiseGoes(sizing: SizingCase, evidence: Evidence): HeapSplit['raiseGoesTo'] {
  if (evidence.template?.jvm?.maxHeap !== undefined) return 'beside';
  return heapShareOf(sizing, evidence) === undefined ? undefined : 'heap';
}
