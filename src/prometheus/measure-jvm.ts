import { messageOf, UserError } from '../errors.ts';
import type { Availability } from '../model/measurement.ts';
import { isCount, sizeOf } from '../plausible.ts';
import type { InstantRow, Labels } from './answer.ts';
import type { Asker } from './ask-in-parts.ts';
import { type Drafts, greater } from './drafts.ts';
import { jvmQuery, PART } from './queries.ts';

type HeapField = 'used' | 'lowestUsed' | 'maximum' | 'liveSet' | 'nonHeap';

/** Measures the JVMs. That there are none, or that the query is refused, never fails a run. */
export async function measureJvm(asker: Asker, drafts: Drafts): Promise<Availability['jvm']> {
  try {
    return readJvm(await asker.instant('the JVMs', jvmQuery), drafts);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    return { state: 'unavailable', why: `the JVM metrics could not be read: ${messageOf(cause)}` };
  }
}

/** Takes the rows of `jvmQuery`. What libraries publish as "not known" (a live set or maximum of 0) is left out. */
function readJvm(rows: readonly InstantRow[], drafts: Drafts): Availability['jvm'] {
  let measured = 0;
  let targets = 0;
  let down = 0;
  for (const { labels, value } of rows) {
    if (labels[PART] === 'targets' && isCount(value)) targets += value;
    else if (labels[PART] === 'down' && isCount(value)) down += value;
    const field = fieldOf(labels);
    const size = sizeOf(value);
    if (field === undefined || size === undefined) continue;
    if (size === 0 && (field === 'liveSet' || field === 'maximum')) continue;
    const draft = drafts.of(labels, 'any');
    if (!draft) continue;
    draft.heap ??= { ...NOTHING_OF_HEAP };
    draft.heap[field] = greater(draft.heap[field], size);
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
};

function fieldOf(labels: Labels): HeapField | undefined {
  if (labels[PART] === 'lowest') return 'lowestUsed';
  const isHeap = labels.area === 'heap' || labels.jvm_memory_type === 'heap';
  switch (labels.__name__) {
    case 'jvm_memory_used_bytes':
    case 'jvm_memory_bytes_used':
      return isHeap ? 'used' : 'nonHeap';
    case 'jvm_memory_max_bytes':
    case 'jvm_memory_bytes_max':
    case 'jvm_memory_limit_bytes':
      return isHeap ? 'maximum' : undefined;
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
