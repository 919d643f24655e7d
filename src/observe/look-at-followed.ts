import { readDeliveries } from '../cluster/read-deliveries.ts';
import { readRefusals } from '../cluster/read-refusals.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { type FollowedTarget, howDeclared } from '../model/followed-values.ts';
import type { Observation } from '../model/observation.ts';
import { type Workload, workloadKey } from '../model/workload.ts';

/**
 * The observation with what merged changes wait for that is not seen without being asked for: what says that which applies
 * a workload whose template lacks one, and why no pod can be made of one that has it. Asks nothing where nothing waits.
 */
export async function lookAtFollowed(
  kubectl: Kubectl,
  seen: Observation,
  targets: readonly FollowedTarget[],
): Promise<Observation> {
  if (targets.length === 0) return seen;
  const workloads = new Map(seen.cluster.workloads.map((one) => [workloadKey(one.ref), one]));
  const unapplied = new Map<string, Workload>();
  const lacking = new Map<string, Workload>();
  for (const target of targets) {
    const key = workloadKey(target.workload);
    const workload = workloads.get(key);
    if (workload === undefined) continue;
    const declared = howDeclared(workload, target);
    if (declared === 'former') unapplied.set(key, workload);
    if (declared === 'new' && lacksPods(workload)) lacking.set(key, workload);
  }
  const [deliveries, refusals] = await Promise.all([
    readDeliveries(kubectl, [...unapplied.values()]),
    readRefusals(
      kubectl,
      [...lacking.values()].map(({ ref }) => ref),
    ),
  ]);
  if (refusals.size === 0) return { ...seen, deliveries };
  const told = seen.cluster.workloads.map((one): Workload => {
    const refused = refusals.get(workloadKey(one.ref));
    return refused === undefined || one.rollout === undefined ? one : { ...one, rollout: { ...one.rollout, refused } };
  });
  return { ...seen, cluster: { ...seen.cluster, workloads: told }, deliveries };
}

/** Whether there are fewer pods than there shall be, and its status does not say why. */
function lacksPods({ ref, replicas = 0, rollout, pods }: Workload): boolean {
  const silent = ref.kind === 'StatefulSet' || ref.kind === 'DaemonSet';
  if (!silent || !rollout?.observed || rollout.refused !== undefined) return false;
  return pods.filter(({ deleting }) => !deleting).length < replicas;
}
