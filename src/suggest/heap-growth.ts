import { MIB } from '../bytes.ts';
import type { ContainerObservation } from '../model/finding.ts';
import type { HeapCourse, Sample } from '../model/measurement.ts';
import type { GrowingPart } from '../model/suggestion.ts';

/** A part that grew by less, or by a smaller share of what is used (of the heap, if that is less), tells nothing. */
const LEAST_GROWTH = 16 * MIB;
const LEAST_GROWTH_SHARE = 0.05;
/** Quarters of the window, of one run, over which growth is told. */
const QUARTERS_NEEDED = 3;

interface Growth {
  readonly part: GrowingPart;
  /** Bytes; `undefined` where it is not known. */
  readonly by?: number;
}

/**
 * The part of a JVM's memory that grew most from the first to the last quarter of the window, of those that the present run
 * filled. `stack` is the size of a thread's in bytes. `undefined` where none grew by an amount that matters.
 */
export function findGrowth(observation: ContainerObservation, stack: number): GrowingPart | undefined {
  const { at, windows, measured, startedAt = 0 } = observation;
  const quarter = Math.floor(windows.window / 4);
  const times = (measured?.heap?.course?.used ?? []).map(({ t }) => t).filter((t) => t - quarter >= startedAt);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last !== at || times.length < QUARTERS_NEEDED) return undefined;
  const used = measured?.now?.workingSet ?? 0;
  const ofHeap = Math.min(used, measured?.heap?.maximum ?? used);
  const matters = ({ part, by = 0 }: Growth) =>
    by >= Math.max(LEAST_GROWTH, LEAST_GROWTH_SHARE * (part.endsWith('heap') && part !== 'non-heap' ? ofHeap : used));
  const [top] = listGrowth(observation, stack, first, last)
    .filter(matters)
    .sort((a, b) => (b.by ?? 0) - (a.by ?? 0));
  return top?.part;
}

function listGrowth(observation: ContainerObservation, stack: number, first: number, last: number): readonly Growth[] {
  const { course = {} } = observation.measured?.heap ?? {};
  const grew = (partAt: (t: number) => number | undefined): number | undefined => {
    const [before, after] = [partAt(first), partAt(last)];
    return before === undefined || after === undefined ? undefined : after - before;
  };
  const of = (field: keyof HeapCourse) => grew((t) => valueAt(course[field], t));
  const [heap = 0, live] = [of('used'), of('liveSet')];
  return [
    { part: 'live heap', by: live },
    // Where less lives than before, a heap that is as full as before has not grown.
    live === undefined ? { part: 'heap', by: heap } : { part: 'other heap', by: Math.min(heap, heap - live) },
    { part: 'non-heap', by: of('nonHeap') },
    { part: 'direct buffers', by: of('directBuffers') },
    { part: 'threads', by: (of('threads') ?? 0) * stack },
    { part: 'rest', by: grew((t) => restAt(observation, stack, t)) },
  ];
}

/** What is resident beside all that a JVM can have of its own, at the end of a quarter. */
function restAt({ measured }: ContainerObservation, stack: number, t: number): number | undefined {
  const { maximum, course = {} } = measured?.heap ?? {};
  const at = (field: keyof HeapCourse) => valueAt(course[field], t);
  const [resident, heap, nonHeap] = [valueAt(measured?.rss, t), at('committed') ?? maximum, at('nonHeap')];
  if (resident === undefined || heap === undefined || nonHeap === undefined) return undefined;
  return Math.max(0, resident - heap - nonHeap - (at('directBuffers') ?? 0) - (at('threads') ?? 0) * stack);
}

function valueAt(samples: readonly Sample[] | undefined, t: number): number | undefined {
  return samples?.find((sample) => sample.t === t)?.v;
}
