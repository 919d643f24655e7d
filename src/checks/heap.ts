import type { Check, ContainerObservation, HeapFacts, HeapReason, Thresholds } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import { bytesOf } from '../model/workload.ts';

type Numbers = Omit<HeapFacts, 'reason'>;

/**
 * How full the JVM's heap is of what lives in it, and whether heap and the rest fit into the limit. Does not apply where
 * the metrics are missing or do not suffice: that never changes a verdict.
 */
export const checkHeap: Check<'heap'> = (container, thresholds) => {
  const numbers = gatherNumbers(container);
  if (numbers.percent === undefined && numbers.fits === undefined) return undefined;
  const [level, reason] = compare(numbers, thresholds);
  return { level, facts: { reason, ...numbers } };
};

function gatherNumbers({ measured, limit }: ContainerObservation): Numbers {
  const heap = measured?.heap;
  const live = heap?.liveSet ?? heap?.lowestUsed;
  const maximum = heap?.maximum;
  const needed = maximum === undefined ? undefined : maximum + (heap?.nonHeap ?? 0);
  // Without the rest, a heap that is below the limit by itself says nothing yet.
  const comparable = needed !== undefined && limit.state === 'set';
  const known = comparable && (heap?.nonHeap !== undefined || needed > limit.bytes);
  return {
    live,
    maximum,
    percent: live === undefined || !maximum ? undefined : (live / maximum) * 100,
    nonHeap: heap?.nonHeap,
    limit: bytesOf(limit),
    fits: known ? needed <= limit.bytes : undefined,
  };
}

function compare({ percent, fits }: Numbers, { usageYellow, usageRed }: Thresholds): [Level, HeapReason] {
  if (percent !== undefined && percent > usageRed) return ['red', 'full'];
  if (fits === false) return ['yellow', 'does not fit'];
  if (percent !== undefined && percent > usageYellow) return ['yellow', 'over the yellow line'];
  return ['green', percent === undefined ? 'fits' : 'room'];
}
