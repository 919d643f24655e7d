import type { Observation } from '../model/observation.ts';
import { judge } from './judge.ts';
import type { JudgeSettings } from './settings.ts';

/** A container of a namespace, over all workloads that have one of this name. */
export interface SizingTarget {
  readonly namespace: string;
  readonly container: string;
}

/** The containers for which there is, or may be, something to suggest: only for these are the long peaks worth a query. */
export function selectSizingTargets(observation: Observation, settings: JudgeSettings): SizingTarget[] {
  const targets = new Map<string, SizingTarget>();
  for (const { workload, containers } of judge(observation, settings).workloads) {
    for (const { name, suggestion, withheld } of containers) {
      if (suggestion === undefined && withheld === undefined) continue;
      const { namespace } = workload.ref;
      targets.set(`${namespace}/${name}`, { namespace, container: name });
    }
  }
  return [...targets.values()];
}
