import { type Bytes, bytes, formatBytes } from '../bytes.ts';
import type { Check, ContainerObservation, HeapFacts, Thresholds } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import { formatPercent } from './wording.ts';

/**
 * How full the JVM's heap is of what lives in it, and whether heap and the rest fit into the limit. Does not apply where
 * the metrics are missing or do not suffice: that never changes a verdict.
 */
export const checkHeap: Check = (container, thresholds) => {
  const facts = gatherFacts(container);
  if (facts.percent === undefined && facts.fits === undefined) return undefined;
  const [level, summary] = compare(facts, container, thresholds);
  return { check: 'heap', level, short: shorten(facts), summary, facts };
};

function gatherFacts({ measured, limit }: ContainerObservation): HeapFacts {
  const heap = measured?.heap;
  const live = heap?.liveSet ?? heap?.lowestUsed;
  const maximum = heap?.maximum;
  const needed = maximum === undefined ? undefined : maximum + (heap?.nonHeap ?? 0);
  // Without the rest, a heap that is below the limit by itself says nothing yet.
  const comparable = needed !== undefined && limit.state === 'set';
  const known = comparable && (heap?.nonHeap !== undefined || needed > limit.bytes);
  return {
    check: 'heap',
    live,
    maximum,
    percent: live === undefined || !maximum ? undefined : (live / maximum) * 100,
    nonHeap: heap?.nonHeap,
    fits: known ? needed <= limit.bytes : undefined,
  };
}

function compare(facts: HeapFacts, container: ContainerObservation, thresholds: Thresholds): [Level, string] {
  const { percent } = facts;
  const liveText = percent === undefined ? '' : `${formatPercent(percent)} of the heap is alive after collection`;
  if (percent !== undefined && percent > thresholds.usageRed) {
    return ['red', `${liveText}: it soon ends in an OutOfMemoryError or in constant collection`];
  }
  if (facts.fits === false) return ['yellow', describeMisfit(facts, container)];
  if (percent !== undefined && percent > thresholds.usageYellow) return ['yellow', `${liveText}: watch it`];
  if (percent === undefined) return ['green', 'the heap maximum and the rest fit into the limit'];
  return ['green', 'the heap has room for what lives in it'];
}

function describeMisfit({ maximum, nonHeap }: HeapFacts, { limit }: ContainerObservation): string {
  const needed = bytes((maximum ?? 0) + (nonHeap ?? 0)) as Bytes;
  const rest = nonHeap === undefined ? '' : ' and the memory beside it';
  const limitText = limit.state === 'set' ? formatBytes(limit.bytes) : '';
  return `a full heap${rest} needs ${formatBytes(needed)}, more than the limit of ${limitText}: it can be OOM-killed before the heap is full`;
}

function shorten({ percent, fits }: HeapFacts): string {
  const parts = [
    ...(percent === undefined ? [] : [formatPercent(percent)]),
    ...(fits === false ? ['over the limit'] : []),
  ];
  return parts.join(', ') || 'fits';
}
