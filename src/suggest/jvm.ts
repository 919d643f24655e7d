import { type Bytes, formatBytes } from '../bytes.ts';
import type { Evidence, SizingCase } from './case.ts';

/** The JVM's share of the limit for its heap where no flag says another. */
const DEFAULT_SHARE = 25;
/** Some collectors leave a part of the heap out of their pools; and the JVM rounds up to whole regions. */
const DEFAULT_SHARE_MEASURED = { least: 24, most: 25.25 };

/**
 * The JVM's findings over all pods: whether any live heap is red, whether any no longer fits, the largest values, and all
 * maxima that are known.
 */
export interface HeapEvidence {
  readonly liveRed: boolean;
  readonly misfit: boolean;
  readonly live?: number;
  readonly nonHeap?: number;
  readonly maxima: readonly number[];
}

export function gatherHeap({ pods, thresholds }: SizingCase): HeapEvidence {
  const facts = pods.flatMap(({ findings }) => findings.heap?.facts ?? []);
  const largest = (values: (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    liveRed: facts.some(({ percent }) => percent !== undefined && percent > thresholds.usageRed),
    misfit: facts.some(({ fits }) => fits === false),
    live: largest(facts.map(({ live }) => live)),
    nonHeap: largest(facts.map(({ nonHeap }) => nonHeap)),
    maxima: facts.flatMap(({ maximum }) => maximum ?? []),
  };
}

/**
 * The percentage of the limit that is heap: that of the flag or, where none stands in the manifest and the heaps of all pods
 * that have metrics are a quarter of their limits, the JVM's own. `undefined` where the heap does not follow the limit, or
 * that is not known.
 */
export function heapShareOf({ pods }: SizingCase, { template }: Evidence): number | undefined {
  if (template === undefined || template.jvm?.maxHeap !== undefined) return undefined;
  if (template.jvm?.maxRamPercentage !== undefined) return template.jvm.maxRamPercentage;
  const shares = pods.flatMap(({ observation: { limit }, findings: { heap } }) => {
    const maximum = heap?.facts.maximum;
    return maximum === undefined || limit.state !== 'set' ? [] : (maximum / limit.bytes) * 100;
  });
  const { least, most } = DEFAULT_SHARE_MEASURED;
  const isDefault = shares.length > 0 && shares.every((share) => share >= least && share <= most);
  return isDefault ? DEFAULT_SHARE : undefined;
}

/**
 * Why a raise would not help a JVM sized by `MaxRAMPercentage`: it takes its share of every raise. `undefined` where it
 * helps: the live heap is red, or the rest no longer fits (measured, or shown by a kill or by usage over the limit).
 */
export function adviseOnPercentage(sizing: SizingCase, evidence: Evidence): string | undefined {
  const { maxHeap, maxRamPercentage: percentage } = evidence.template?.jvm ?? {};
  // The JVM takes no percentage where it has a size.
  if (percentage === undefined || maxHeap !== undefined) return undefined;
  const heap = gatherHeap(sizing);
  const { limit, limitBase, kills } = evidence;
  const over = limit.state === 'set' && limitBase !== undefined && limitBase >= limit.bytes;
  if (heap.liveRed || heap.misfit || over || kills.length > 0) return undefined;
  const known = heap.live === undefined ? 'how much of the heap is live is unknown' : 'the heap has room';
  return (
    `The JVM takes ${percentage} % of any limit as heap (MaxRAMPercentage), and ${known}: ` +
    'lower the percentage rather than raise the limit'
  );
}

/** What changing the limit will and will not do to the JVM in the container. */
export function jvmNotes(sizing: SizingCase, evidence: Evidence, to: Bytes, direction: 'raise' | 'lower'): string[] {
  const { maxHeap, maxRamPercentage } = evidence.template?.jvm ?? {};
  if (maxHeap !== undefined) {
    const heap = formatBytes(maxHeap);
    if (direction === 'lower') return [`The heap stays at -Xmx ${heap}, whatever the limit is.`];
    const room = 'the raise makes room for non-heap memory (metaspace, threads, buffers)';
    return [`The heap stays at -Xmx ${heap}: ${room} but does not prevent an OutOfMemoryError.`];
  }
  const share = heapShareOf(sizing, evidence);
  if (share === undefined) return [];
  const heap = formatBytes((to * share) / 100);
  const verb = direction === 'raise' ? 'grows' : 'shrinks';
  const by = maxRamPercentage === undefined ? 'a quarter of it, as without a heap flag' : `MaxRAMPercentage ${share}`;
  return [`The heap ${verb} with the limit, to ${heap} (${by}): only the rest is for other memory.`];
}

/** The least limit at which the JVM's heap and the rest fit, for a limit that is to be lowered or added; 0 where nothing is known. */
export function leastForJvm(sizing: SizingCase, evidence: Evidence, redLine: number): number {
  const heap = gatherHeap(sizing);
  const { maxHeap, maxRamPercentage } = evidence.template?.jvm ?? {};
  if (maxHeap !== undefined) return maxHeap + (heap.nonHeap ?? 0);
  const share = heapShareOf(sizing, evidence);
  const forLive = share === undefined || heap.live === undefined ? 0 : (heap.live / redLine / share) * 100;
  if (maxRamPercentage !== undefined) return forLive;
  // A flag that stands elsewhere may fix the heap, even at what would be the JVM's own share.
  return Math.max(forLive, ...heap.maxima.map((maximum) => maximum + (heap.nonHeap ?? 0)));
}
