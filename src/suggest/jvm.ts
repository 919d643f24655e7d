import { type Bytes, formatBytes } from '../bytes.ts';
import type { Evidence, SizingCase } from './case.ts';

/** The JVM's findings over all pods: whether any live heap is red, whether any no longer fits, and the largest values. */
export interface HeapEvidence {
  readonly liveRed: boolean;
  readonly misfit: boolean;
  readonly live?: number;
  readonly nonHeap?: number;
}

function gatherHeap({ pods, thresholds }: SizingCase): HeapEvidence {
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
  };
}

/**
 * Why a raise would not help a JVM sized by `MaxRAMPercentage`: it takes its share of every raise. `undefined` where it
 * helps: the live heap is red, or the rest no longer fits (measured, or shown by a kill or by usage over the limit).
 */
export function adviseOnPercentage(sizing: SizingCase, evidence: Evidence): string | undefined {
  const percentage = evidence.template?.jvm?.maxRamPercentage;
  if (percentage === undefined) return undefined;
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
export function jvmNotes({ template }: Evidence, to: Bytes, direction: 'raise' | 'lower'): string[] {
  const jvm = template?.jvm;
  if (jvm?.maxHeap !== undefined) {
    const heap = formatBytes(jvm.maxHeap);
    if (direction === 'lower') return [`The heap stays at -Xmx ${heap}, whatever the limit is.`];
    const room = 'the raise makes room for non-heap memory (metaspace, threads, buffers)';
    return [`The heap stays at -Xmx ${heap}: ${room} but does not prevent an OutOfMemoryError.`];
  }
  if (jvm?.maxRamPercentage !== undefined) {
    const heap = formatBytes((to * jvm.maxRamPercentage) / 100);
    const verb = direction === 'raise' ? 'grows' : 'shrinks';
    return [
      `The heap ${verb} with the limit, to ${heap} (MaxRAMPercentage ${jvm.maxRamPercentage}): only the rest is for other memory.`,
    ];
  }
  return [];
}

/** The least limit at which the JVM's heap and the rest fit, for a limit that is to be lowered or added; 0 where nothing is known. */
export function leastForJvm(sizing: SizingCase, { template }: Evidence, redLine: number): number {
  const heap = gatherHeap(sizing);
  const jvm = template?.jvm;
  if (jvm?.maxHeap !== undefined) return jvm.maxHeap + (heap.nonHeap ?? 0);
  if (jvm?.maxRamPercentage !== undefined && heap.live !== undefined) {
    return (heap.live / redLine / jvm.maxRamPercentage) * 100;
  }
  return 0;
}
