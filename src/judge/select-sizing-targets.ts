import type { JudgedPod } from '../model/inspection.ts';
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
  for (const { workload, containers, pods } of judge(observation, settings).workloads) {
    const candidates = new Set(pods.flatMap(candidatesOf));
    for (const { name, suggestion, withheld } of containers) {
      if (suggestion === undefined && withheld === undefined && !candidates.has(name)) continue;
      const { namespace } = workload.ref;
      targets.set(`${namespace}/${name}`, { namespace, container: name });
    }
  }
  return [...targets.values()];
}

function candidatesOf({ containers }: JudgedPod): string[] {
  return containers.flatMap(({ name, findings, ignored }) =>
    ignored === undefined && findings.sizing?.facts.candidate !== undefined ? [name] : [],
  );
}
