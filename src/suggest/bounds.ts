import { type Bytes, formatBytes } from '../bytes.ts';
import type { NamespaceBounds } from '../model/workload.ts';
import { stepDownTo } from './round.ts';

/** What the cluster allows for a value, and what says so. */
interface Bound {
  readonly most: number;
  readonly why: string;
}

/** The result of holding a value to the cluster's bounds: possible with `notes`, or not, and why. */
export type Bounded =
  | { readonly possible: true; readonly to: Bytes; readonly notes: readonly string[] }
  | { readonly possible: false; readonly why: string };

export interface BoundsInput {
  readonly bounds?: NamespaceBounds;
  readonly largestNode?: Bytes;
  readonly field: 'limit' | 'request';
  /** The value in force, 0 where there is none. */
  readonly from: number;
  readonly to: Bytes;
  /** Below this the value would not be safe. */
  readonly least: number;
  readonly pods: number;
}

/** Holds a suggested value to LimitRange, ResourceQuota and the largest node, without making it unsafe. */
export function holdToBounds(input: BoundsInput): Bounded {
  const { bounds, field, least } = input;
  const minimum = bounds?.containerMin;
  const raised = minimum !== undefined && minimum > input.to;
  const to = raised ? minimum : input.to;
  const notes = raised ? [`The LimitRange of the namespace requires at least ${formatBytes(minimum)}.`] : [];
  const [tightest] = upperBounds(input).sort((a, b) => a.most - b.most);
  if (tightest === undefined || to <= tightest.most) return { possible: true, to, notes };
  const stepped = stepDownTo(tightest.most);
  const most = stepped >= least ? stepped : tightest.most;
  if (most < least || (minimum !== undefined && most < minimum)) {
    return { possible: false, why: `Would be ${formatBytes(to)}, but ${tightest.why}` };
  }
  const bounded = Math.floor(most) as Bytes;
  return {
    possible: true,
    to: bounded,
    notes: [`The ${field} is capped at ${formatBytes(bounded)}: ${tightest.why}.`],
  };
}

function upperBounds({ bounds, largestNode, field, from, to, pods }: BoundsInput): Bound[] {
  const found: Bound[] = [];
  const largest = bounds?.containerMax;
  if (largest !== undefined) {
    found.push({ most: largest, why: `the LimitRange of the namespace allows at most ${formatBytes(largest)}` });
  }
  if (bounds?.podSumMax !== undefined) {
    const most = formatBytes(bounds.podSumMax);
    found.push({ most: bounds.podSumMax, why: `the LimitRange of the namespace allows a pod at most ${most}` });
  }
  if (bounds?.podMax !== undefined) {
    found.push({ most: bounds.podMax, why: `its pod as a whole has a limit of ${formatBytes(bounds.podMax)}` });
  }
  if (largestNode !== undefined) {
    found.push({ most: largestNode, why: `the largest node has ${formatBytes(largestNode)} for pods` });
  }
  const left = field === 'limit' ? bounds?.quotaLimitsLeft : bounds?.quotaRequestsLeft;
  if (left !== undefined && to > from) {
    const most = from + left / Math.max(1, pods);
    const forPods = pods === 1 ? '' : ` for ${pods} pods`;
    found.push({ most, why: `the ResourceQuota of the namespace leaves ${formatBytes(left)} of ${field}s${forPods}` });
  }
  return found;
}
