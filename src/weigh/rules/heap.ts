import { type Bytes, bytes } from '../../bytes.ts';
import type { GateFinding } from '../../model/gate.ts';
import type { JvmSizing } from '../../model/jvm.ts';
import { bytesOf } from '../../model/workload.ts';
import type { Rule, WeighedCase } from '../rule.ts';

/** Whether a JVM's heap, as its flags size it, fits into the limit and holds what lives in it. */
export const weighHeap: Rule = (one) => {
  const { touched, after, evidence } = one;
  const limit = bytesOf(after.limit);
  if (!(touched.limit || touched.heap) || limit === undefined || limit === 0) return [];
  const heap = maximumOf(one, limit);
  if (heap === undefined) return [];
  const findings = [...weighRoom(heap, limit, one), ...weighLive(heap, limit, one)];
  const suggested = evidence?.suggested?.limit;
  // The action knows of the heap and suggests the limit all the same: then it only says so.
  const isSuggested = !touched.heap && suggested !== undefined && limit >= suggested;
  return isSuggested ? findings.map((finding) => ({ ...finding, level: 'green' })) : findings;
};

interface Heap {
  readonly maximum: Bytes;
  /** In percent of the limit, where that is how it is sized. */
  readonly share?: number;
  /** Whether the flags are known; else it is the maximum that was measured. */
  readonly bySpec: boolean;
}

/** By the flags of the head, else by those of the live template unless the pull request removes them, else as measured. */
function maximumOf({ change, live, evidence, touched }: WeighedCase, limit: Bytes): Heap | undefined {
  const flags: JvmSizing | undefined = change.jvm.after ?? (change.jvm.before === undefined ? live?.jvm : undefined);
  if (flags?.maxHeap !== undefined) return { maximum: flags.maxHeap, bySpec: true };
  const share = flags?.maxRamPercentage;
  if (share !== undefined) return { maximum: bytes((limit * share) / 100), share, bySpec: true };
  const measured = evidence?.heap?.maximum;
  return measured === undefined || touched.heap ? undefined : { maximum: measured, bySpec: false };
}

function weighRoom({ maximum, share, bySpec }: Heap, limit: Bytes, { evidence }: WeighedCase): readonly GateFinding[] {
  const nonHeap = evidence?.heap?.nonHeap;
  const numbers = { maximum, limit, ...(nonHeap !== undefined && { nonHeap }), ...(share !== undefined && { share }) };
  if (bySpec && maximum >= limit)
    return [{ level: 'red', fact: { kind: 'heap', reason: 'above the limit', ...numbers } }];
  const isTooMuch = maximum + (nonHeap ?? 0) > limit;
  return isTooMuch ? [{ level: 'yellow', fact: { kind: 'heap', reason: 'does not fit', ...numbers } }] : [];
}

/** Only a maximum that changes is held against what lives in the heap. */
function weighLive({ maximum, share, bySpec }: Heap, limit: Bytes, one: WeighedCase): readonly GateFinding[] {
  const { evidence, thresholds, touched } = one;
  const live = evidence?.heap?.live;
  const changes = touched.heap || share !== undefined;
  if (live === undefined || !bySpec || !changes || maximum === 0) return [];
  const percent = (live / maximum) * 100;
  const numbers = { maximum, limit, live, ...(share !== undefined && { share }) };
  if (percent > thresholds.usageRed) return [{ level: 'red', fact: { kind: 'heap', reason: 'full', ...numbers } }];
  if (percent <= thresholds.usageYellow) return [];
  return [{ level: 'yellow', fact: { kind: 'heap', reason: 'nearly full', ...numbers } }];
}
