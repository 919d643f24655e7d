import { type Bytes, formatBytes } from '../bytes.ts';
import type { GrowingPart, HeapFlagChange, HeapSplit, ThreadStacks } from '../model/suggestion.ts';
import { count } from '../text/format.ts';
import { name, type Phrase, say } from '../text/phrase.ts';

/** A part of a JVM's memory, for a row of a table or a list: "page cache", "60Mi". */
export interface PartWords {
  readonly part: string;
  readonly size: string;
}

/** The parts that are not empty, in plain text; an estimate says so. */
export function listParts(split: HeapSplit): PartWords[] {
  const { liveHeap, threads, emptyHeap, rest } = split;
  const isEstimate = threads !== undefined || emptyHeap !== undefined;
  const row = (part: string, size: Bytes | undefined, bound = ''): PartWords[] =>
    size === undefined || size === 0 ? [] : [{ part, size: `${bound}${formatBytes(size)}` }];
  return [
    ...row('live heap', liveHeap),
    ...row(liveHeap === undefined ? 'heap in use' : 'rest of the heap in use', split.otherHeap),
    ...row('non-heap (classes, compiled code)', split.nonHeap),
    ...row('direct buffers', split.directBuffers),
    ...row('page cache', split.pageCache),
    ...(threads === undefined ? [] : row(nameThreads(threads), threads.most, 'at most ')),
    ...row('heap that the JVM holds empty', emptyHeap, 'at most '),
    ...row('the rest', rest, isEstimate ? 'at least ' : ''),
  ];
}

function nameThreads(threads: ThreadStacks): string {
  return `stacks of ${count(threads.count, 'thread')} (an estimate: ${formatBytes(threads.size)} each)`;
}

/** "Where its memory is, of 1900Mi in the pod that uses most: live heap 700Mi, …; its heap can become 3072Mi" */
export function sayParts(split: HeapSplit): string | undefined {
  const { used, heapMaximum } = split;
  const parts = listParts(split).map(({ part, size }) => `${part} ${size}`);
  if (parts.length === 0) return undefined;
  const all = used === undefined ? '' : `, of ${formatBytes(used)} in the pod that uses most`;
  const most = heapMaximum === undefined ? '' : `; its heap can become ${formatBytes(heapMaximum)}`;
  return `Where its memory is${all}: ${parts.join(', ')}${most}`;
}

const GROWTH: Readonly<Record<GrowingPart, string>> = {
  'live heap': 'the live heap, as in a leak: a larger limit or heap only postpones the end',
  'other heap': 'the heap beyond what lives in it, which the JVM collects when the heap is full',
  heap: 'the heap; whether what lives in it grows is not known',
  'non-heap': 'the non-heap memory (classes, compiled code), which is beside the heap',
  'direct buffers': 'the direct buffers, which are beside the heap',
  threads: 'the number of threads, whose stacks are beside the heap',
  rest: 'memory of which the JVM does not tell (native libraries, the allocator), which is beside the heap',
};

/** "What grows: the live heap, …" */
export function sayGrowth(part: GrowingPart): string {
  return `What grows: ${GROWTH[part]}`;
}

/** Which heap flag is to be changed, and what then becomes of the limit. */
export function sayFlag({ from, to, where, direction, limit }: HeapFlagChange): Phrase {
  const [, variable] = /^env (.*)$/.exec(where) ?? [];
  const place = variable === undefined ? name(where) : say`the variable ${name(variable)}`;
  const change = say`${name(from)} → ${name(to)} in ${place}`;
  if (direction === 'lower') {
    return say`A smaller heap is the better change: ${change}. A full heap leaves too little room beside it, what lives in it needs less, and the limit can stay as it is`;
  }
  return limit === 'stays'
    ? say`A larger heap is the better change: ${change}. What lives in it fills it, and the limit has room`
    : say`A larger heap is needed as well: ${change}. What lives in it fills it, and the limit that is suggested has room`;
}

/** The flag as the body of a diff. */
export function diffFlag({ from, to }: HeapFlagChange): string {
  return `- ${from}\n+ ${to}`;
}
