import type { ContainerObservation, Run, WorkloadHistory } from '../model/finding.ts';
import { WHOLE_POD } from '../model/workload.ts';
import { addTo } from '../text/add-to.ts';
import { gatherRuns } from './gather-runs.ts';
import type { Histories } from './histories.ts';
import type { JoinedWorkload } from './join.ts';

/** The workload with what the days before the window tell of each of its containers. */
export function withDaysBefore(workload: JoinedWorkload, histories: Histories): JoinedWorkload {
  return withRuns(withHistories(workload, histories), histories);
}

/** Tells every container what is known of its workload beyond the window. */
function withHistories({ workload, pods, gone }: JoinedWorkload, histories: Histories): JoinedWorkload {
  const all = [...pods.flatMap(({ containers }) => containers), ...gone];
  const sharing = new Set(all.flatMap(({ sharesLimit, container }) => (sharesLimit ? container : [])));
  const told = new Map<string, WorkloadHistory | undefined>();
  for (const { container } of all) {
    if (told.has(container)) continue;
    const kills = all.filter((one) => one.container === container).flatMap(({ oomKills }) => oomKills);
    // The pod's limit is what killed those that share it.
    const earlier = container === WHOLE_POD ? histories.killsOfPods(workload.ref, sharing) : [];
    told.set(container, histories.ofWorkload(workload.ref, container, [...earlier, ...kills]));
  }
  const add = (one: ContainerObservation): ContainerObservation => {
    const history = told.get(one.container);
    return history === undefined ? one : { ...one, history };
  };
  return {
    workload,
    pods: pods.map(({ pod, containers }) => ({ pod, containers: containers.map(add) })),
    gone: gone.map(add),
  };
}

/** Tells every container of the pods that exist which runs its workload's container had, those of pods that are gone included. */
function withRuns({ workload, pods, gone }: JoinedWorkload, histories: Histories): JoinedWorkload {
  const runsOf = (one: ContainerObservation, running: boolean): Run[] => {
    const { at, windows, namespace, pod, container, measured } = one;
    const history = histories.ofContainer(namespace, pod, container);
    const kills = [...histories.killsOf(namespace, pod, container), ...one.oomKills];
    return gatherRuns({ at, windows, pod, running, measured, history, kills });
  };
  const byName = new Map<string, Run[]>();
  for (const one of gone) for (const run of runsOf(one, false)) addTo(byName, one.container, run);
  for (const one of pods.flatMap(({ containers }) => containers)) {
    for (const run of runsOf(one, true)) addTo(byName, one.container, run);
  }
  // Most containers have run all the time: no run ended, so none is compared with another.
  const ended = new Map([...byName].filter(([, runs]) => runs.some(({ end }) => end !== 'goes on')));
  if (ended.size === 0) return { workload, pods, gone };
  const add = (one: ContainerObservation): ContainerObservation => {
    const runs = ended.get(one.container);
    return runs === undefined ? one : { ...one, runs };
  };
  return { workload, pods: pods.map(({ pod, containers }) => ({ pod, containers: containers.map(add) })), gone };
}
