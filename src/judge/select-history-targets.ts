import type { JudgedPod } from '../model/inspection.ts';
import type { HistoryTarget, Observation } from '../model/observation.ts';
import { WHOLE_POD } from '../model/workload.ts';
import { judge } from './judge.ts';
import type { JudgeSettings } from './settings.ts';

/**
 * The containers for which more than the window matters: there is, or may be, something to suggest, or they were
 * restarted within the slow window. Only for these is the history worth its queries.
 */
export function selectHistoryTargets(observation: Observation, settings: JudgeSettings): HistoryTarget[] {
  const targets = new Map<string, HistoryTarget>();
  for (const { workload, containers, pods } of judge(observation, settings).workloads) {
    const candidates = new Set(pods.flatMap(candidatesOf));
    const restarted = new Set(pods.flatMap((pod) => restartedOf(pod, observation)));
    for (const { name, suggestion, withheld } of containers) {
      const sized = suggestion !== undefined || withheld !== undefined || candidates.has(name);
      if (!sized && !restarted.has(name)) continue;
      const { namespace } = workload.ref;
      const parts = workload.containers.flatMap(({ kind, name: part }) => (kind === 'pod' ? [] : part));
      for (const container of name === WHOLE_POD ? parts : [name]) {
        const key = `${namespace}/${container}`;
        const runs = restarted.has(container) || targets.get(key)?.runs === true;
        targets.set(key, { namespace, container, runs });
      }
    }
  }
  return [...targets.values()];
}

/** Containers that a kill or another end stopped in the slow window, whether or not the window shows it. */
function restartedOf({ containers }: JudgedPod, { at, windows }: Observation): string[] {
  return containers.flatMap(({ name, observation, ignored }) => {
    const { live, oomKills, restartsInWindow } = observation;
    const finishedAt = live?.lastTermination?.finishedAt ?? Number.NEGATIVE_INFINITY;
    const stopped =
      oomKills.length > 0 || restartsInWindow > 0 || (finishedAt > at - windows.slowWindow && finishedAt <= at);
    return ignored === undefined && stopped ? [name] : [];
  });
}

function candidatesOf({ containers }: JudgedPod): string[] {
  return containers.flatMap(({ name, findings, ignored }) =>
    ignored === undefined && findings.sizing?.facts.candidate !== undefined ? [name] : [],
  );
}
