import { type Bytes, bytes } from '../../bytes.ts';
import type { GateFinding, SizedField } from '../../model/gate.ts';
import { bytesOf } from '../../model/workload.ts';
import { groupBy } from '../../text/format.ts';
import { countOnce, sizesOfPod } from '../counted.ts';
import type { WeighedCase } from '../rule.ts';

/**
 * What the ResourceQuota of each namespace has not left for all changes in it together, said of every change that takes
 * more of it than before.
 */
export function weighQuota(cases: readonly WeighedCase[]): ReadonlyMap<WeighedCase, readonly GateFinding[]> {
  const findings = new Map<WeighedCase, GateFinding[]>();
  const here = countOnce(cases.filter(({ isHere, namespace }) => isHere && namespace !== undefined));
  for (const own of groupBy(here, ({ namespace }) => namespace).values()) {
    for (const field of ['limit', 'request'] as const) {
      const found = weighNamespace(own, field);
      if (found === undefined) continue;
      for (const one of found.takers) findings.set(one, [...(findings.get(one) ?? []), found.finding]);
    }
  }
  return findings;
}

interface Exceeded {
  readonly finding: GateFinding;
  readonly takers: readonly WeighedCase[];
}

function weighNamespace(cases: readonly WeighedCase[], field: SizedField): Exceeded | undefined {
  const left = leftOf(cases[0], field);
  if (left === undefined) return undefined;
  const taken = cases.map((one) => ({ one, ...takenBy(one, field) }));
  const more = taken.reduce((sum, { size }) => sum + size, 0);
  const takers = taken.filter(({ size }) => size > 0);
  if (more <= left || takers.length === 0) return undefined;
  const pods = takers.reduce((sum, taker) => sum + taker.pods, 0);
  const finding: GateFinding = { level: 'red', fact: { kind: 'quota', field, more: bytes(more), left, pods } };
  return { finding, takers: takers.map(({ one }) => one) };
}

function leftOf(one: WeighedCase | undefined, field: SizedField): Bytes | undefined {
  return field === 'limit' ? one?.bounds?.quotaLimitsLeft : one?.bounds?.quotaRequestsLeft;
}

/** What is in force counts for a quota, where that is more than the manifest said. */
function takenBy(one: WeighedCase, field: SizedField): { readonly size: number; readonly pods: number } {
  const { evidence, pods = 1 } = one;
  const sizes = sizesOfPod(one, field);
  if (sizes === undefined) return { size: 0, pods };
  const inForce = bytesOf(evidence?.actual?.[field]) ?? 0;
  return { size: (sizes.after - Math.max(sizes.before, inForce)) * pods, pods };
}
