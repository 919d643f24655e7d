import { kindOf } from '../model/kinds.ts';
import type { ClusterState, Workload, WorkloadRef } from '../model/workload.ts';
import { addTo } from '../text/add-to.ts';

/**
 * Finds the workload that a pod belongs to, gone pods included: by the pods that exist, else by the exact pattern by
 * which its controller names pods. Where several fit, the longest workload name wins.
 */
export function findWorkloadOf(cluster: ClusterState): (namespace: string, pod: string) => Workload | undefined {
  const byPod = new Map<string, Workload>();
  const byNamespace = new Map<string, Workload[]>();
  for (const workload of cluster.workloads) {
    const { namespace } = workload.ref;
    for (const pod of workload.pods) byPod.set(`${namespace}/${pod.name}`, workload);
    addTo(byNamespace, namespace, workload);
  }
  for (const workloads of byNamespace.values()) workloads.sort((a, b) => b.ref.name.length - a.ref.name.length);
  return (namespace, pod) =>
    byPod.get(`${namespace}/${pod}`) ?? byNamespace.get(namespace)?.find(({ ref }) => namesPod(ref, pod));
}

function namesPod(ref: WorkloadRef, pod: string): boolean {
  return pod.startsWith(ref.name) && (kindOf(ref.kind)?.podSuffix?.test(pod.slice(ref.name.length)) ?? false);
}
