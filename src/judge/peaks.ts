import type { PeakHistory } from '../model/measurement.ts';
import type { Observation } from '../model/observation.ts';
import { type WorkloadRef, workloadKey } from '../model/workload.ts';
import { findWorkloadOf } from './controllers.ts';

export type PeaksOf = (ref: WorkloadRef, container: string) => readonly PeakHistory[];

/** The long peaks of a workload's container, of all pods that it had. */
export function collectPeaks({ cluster, peakHistories }: Observation): PeaksOf {
  const workloadOf = findWorkloadOf(cluster);
  const collected = new Map<string, PeakHistory[]>();
  for (const history of peakHistories) {
    const workload = workloadOf(history.namespace, history.pod);
    if (workload === undefined) continue;
    const key = `${workloadKey(workload.ref)}/${history.container}`;
    const list = collected.get(key);
    if (list === undefined) collected.set(key, [history]);
    else list.push(history);
  }
  return (ref, container) => collected.get(`${workloadKey(ref)}/${container}`) ?? [];
}
