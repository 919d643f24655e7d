import type { FollowedChange, FollowedContainer, FollowedValue } from '../model/follow-up.ts';
import { bytesOf, type Workload, workloadKey } from '../model/workload.ts';

/**
 * Of changes that were proposed and not merged, those that somebody has made by hand: the template declares as much (or as
 * little) as was proposed. They are followed by the values that it declares. `workloads` are all of the cluster.
 */
export function recogniseByHand(
  proposed: readonly FollowedChange[],
  workloads: readonly Workload[],
): readonly FollowedChange[] {
  const byKey = new Map(workloads.map((workload) => [workloadKey(workload.ref), workload]));
  return proposed.flatMap((change) => {
    const containers = change.containers.flatMap((one) => {
      const values = madeValues(one, byKey.get(workloadKey(one.workload)));
      return values === undefined ? [] : [{ ...one, values }];
    });
    return containers.length === 0 ? [] : [{ ...change, how: 'by hand' as const, containers }];
  });
}

/** The values that are declared now, where each goes as far as was proposed; a verdict needs none. */
function madeValues(one: FollowedContainer, workload: Workload | undefined): readonly FollowedValue[] | undefined {
  if (one.verdict.kind !== 'open' || one.rollout.state === 'rolled out') return one.values;
  const template = workload?.containers.find(({ name }) => name === one.container);
  if (template === undefined) return undefined;
  const values = one.values.map((value): FollowedValue | undefined => {
    const now = bytesOf(template[value.field]);
    if (now === undefined || now === value.from) return undefined;
    const isMade = one.direction === 'raise' ? now >= value.to : now <= value.to;
    return isMade ? { ...value, to: now } : undefined;
  });
  const made = values.filter((value) => value !== undefined);
  return made.length === values.length ? made : undefined;
}
