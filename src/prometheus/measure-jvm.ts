import { messageOf, UserError } from '../errors.ts';
import type { Availability, HeapCourse, HeapMeasurement, Sample } from '../model/measurement.ts';
import { isCount, isSize, sizeOf } from '../plausible.ts';
import type { InstantRow, Labels, RangeRow } from './answer.ts';
import type { Asker } from './ask-in-parts.ts';
import { type Drafts, greater, mergeSamples } from './drafts.ts';
import { DIRECT_BUFFERS, jvmCourseQuery, jvmQuery, PART } from './queries.ts';

type CourseField = keyof HeapCourse;
type SizeField = Exclude<keyof HeapMeasurement, 'threads' | 'course'>;

/** Measures the JVMs. That there are none, or that the query is refused, never fails a run. */
export async function measureJvm(asker: Asker, drafts: Drafts): Promise<Availability['jvm']> {
  try {
    return readJvm(await asker.instant('the JVMs', jvmQuery), drafts);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    return { state: 'unavailable', why: `the JVM metrics could not be read: ${messageOf(cause)}` };
  }
}

/**
 * How the memory of the JVMs that were measured went over the quarters of the window. It only explains: where the query is
 * refused, nothing is said of it, so it takes an asker whose notes nobody reads.
 */
export async function measureJvmCourse(asker: Asker, window: number, at: number, drafts: Drafts): Promise<void> {
  const quarter = Math.floor(window / 4);
  const steps = { start: at - 3 * quarter, end: at, step: quarter };
  try {
    const rows = await asker.range('the course of the JVMs', steps, (selection) => jvmCourseQuery(selection, quarter));
    for (const row of rows) readCourse(row, drafts);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
  }
}

function readCourse({ labels, samples }: RangeRow, drafts: Drafts): void {
  const field = fieldOf({ ...labels, __name__: labels[PART] ?? '' });
  if (field === undefined || field === 'lowestUsed' || field === 'maximum') return;
  const heap = drafts.of(labels, 'any')?.heap;
  if (heap === undefined) return;
  const own = samples.filter(({ v }) => isKnown(field, v));
  if (own.length > 0) heap.course = { ...heap.course, [field]: mergeSamples(heap.course?.[field] ?? NONE, own) };
}

const NONE: readonly Sample[] = [];

/** Libraries publish a live set or a maximum of 0 for "not known". */
function isKnown(field: CourseField | SizeField, value: number): boolean {
  if (field === 'threads') return isCount(value);
  return isSize(value) && (value > 0 || (field !== 'liveSet' && field !== 'maximum'));
}

/** Takes the rows of `jvmQuery`. */
function readJvm(rows: readonly InstantRow[], drafts: Drafts): Availability['jvm'] {
  let measured = 0;
  let targets = 0;
  let down = 0;
  for (const { labels, value } of rows) {
    if (labels[PART] === 'targets' && isCount(value)) targets += value;
    else if (labels[PART] === 'down' && isCount(value)) down += value;
    const field = fieldOf(labels);
    const size = sizeOf(value);
    if (field === undefined || size === undefined || !isKnown(field, size)) continue;
    const draft = drafts.of(labels, 'any');
    if (!draft) continue;
    draft.heap ??= { ...NOTHING_OF_HEAP };
    if (field === 'threads') draft.heap.threads = greater(draft.heap.threads, size);
    else draft.heap[field] = greater(draft.heap[field], size);
    measured++;
  }
  return measured > 0 ? { state: 'available' } : { state: 'unavailable', why: likelyReason(targets, down) };
}

const NOTHING_OF_HEAP = {
  used: undefined,
  lowestUsed: undefined,
  maximum: undefined,
  liveSet: undefined,
  nonHeap: undefined,
  committed: undefined,
  directBuffers: undefined,
  threads: undefined,
  course: undefined,
};

function fieldOf(labels: Labels): CourseField | SizeField | undefined {
  if (labels[PART] === 'lowest') return 'lowestUsed';
  if (labels[PART] === DIRECT_BUFFERS) return 'directBuffers';
  const isHeap = labels.area === 'heap' || labels.jvm_memory_type === 'heap';
  switch (labels.__name__) {
    case 'jvm_memory_used_bytes':
    case 'jvm_memory_bytes_used':
      return isHeap ? 'used' : 'nonHeap';
    case 'jvm_memory_max_bytes':
    case 'jvm_memory_bytes_max':
    case 'jvm_memory_limit_bytes':
      return isHeap ? 'maximum' : undefined;
    case 'jvm_memory_committed_bytes':
    case 'jvm_memory_bytes_committed':
      return isHeap ? 'committed' : undefined;
    case 'jvm_threads_live_threads':
    case 'jvm_threads_current':
    case 'jvm_thread_count':
      return 'threads';
    case 'jvm_memory_used_after_last_gc_bytes':
      return isHeap ? 'liveSet' : undefined;
    case 'jvm_gc_live_data_size_bytes':
    case 'jvm_memory_pool_collection_used_bytes':
      return 'liveSet';
    default:
      return undefined;
  }
}

function likelyReason(targets: number, down: number): string {
  if (targets === 0) {
    return 'Prometheus scrapes nothing in these namespaces (a ServiceMonitor or PodMonitor is missing)';
  }
  if (down > 0) return `${down} of ${targets} scrape targets in these namespaces are down`;
  return `none of the ${targets} scrape targets in these namespaces publishes jvm_memory_used_bytes`;
}
