import { type Bytes, bytes } from '../bytes.ts';
import type { OomKill, WorkloadHistory } from '../model/finding.ts';
import { type ContainerHistory, HISTORY_STEP, type Sample } from '../model/measurement.ts';
import { containerKey, type Observation } from '../model/observation.ts';
import { WHOLE_POD, type WorkloadRef, workloadContainerKey, workloadKey } from '../model/workload.ts';
import { addTo } from '../text/add-to.ts';
import { findWorkloadOf } from './controllers.ts';
import { killsFromExporter } from './oom-kills.ts';
import { sumHistories } from './whole-pod.ts';

/** What is known beyond the window. */
export interface Histories {
  ofContainer(namespace: string, pod: string, container: string): ContainerHistory | undefined;
  /** Of all pods that the workload's container had. */
  ofPods(ref: WorkloadRef, container: string): readonly ContainerHistory[];
  /** Before the window, with the limit in force at each; oldest first. */
  killsOf(namespace: string, pod: string, container: string): readonly OomKill[];
  /** Before the window, of all pods that the workload's containers had. */
  killsOfPods(ref: WorkloadRef, containers: ReadonlySet<string>): readonly OomKill[];
  /** All pods taken together; `kills` are those that the window tells of. `undefined` where nothing was asked for. */
  ofWorkload(ref: WorkloadRef, container: string, kills: readonly OomKill[]): WorkloadHistory | undefined;
}

/** Sorts the histories by the workloads that the pods belong, or belonged, to. */
export function collectHistories({ cluster, histories, at, windows }: Observation): Histories {
  const workloadOf = findWorkloadOf(cluster);
  const byContainer = new Map<string, ContainerHistory>();
  const byWorkload = new Map<string, ContainerHistory[]>();
  for (const history of histories) {
    const { namespace, pod, container } = history;
    byContainer.set(containerKey(namespace, pod, container), history);
    const workload = workloadOf(namespace, pod);
    if (workload !== undefined) addTo(byWorkload, workloadContainerKey(workload.ref, container), history);
  }
  const killsOf = (history: ContainerHistory | undefined): OomKill[] =>
    history === undefined ? [] : killsBefore(history, at - windows.sizingWindow, at - windows.window);
  const ofPods: Histories['ofPods'] = (ref, container) => {
    if (container !== WHOLE_POD) return byWorkload.get(workloadContainerKey(ref, container)) ?? [];
    const ofWorkload = [...byWorkload].filter(([key]) => key.startsWith(`${workloadKey(ref)}/`));
    return sumHistories(ofWorkload.flatMap(([, all]) => all));
  };
  return {
    ofContainer: (namespace, pod, container) => byContainer.get(containerKey(namespace, pod, container)),
    ofPods,
    killsOf: (namespace, pod, container) => killsOf(byContainer.get(containerKey(namespace, pod, container))),
    killsOfPods: (ref, containers) =>
      [...containers].flatMap((container) => ofPods(ref, container).flatMap((history) => killsOf(history))),
    ofWorkload(ref, container, kills) {
      const all = ofPods(ref, container);
      if (all.length === 0) return undefined;
      const earlier = all.flatMap(killsOf);
      return { dailyPeaks: highestByDay(all), kills: inOrder([...earlier, ...kills]) };
    },
  };
}

/** The limit that a history tells for a time: of the last sample up to it. */
export function limitInForce(history: ContainerHistory | undefined, time: number | undefined): Bytes | undefined {
  if (time === undefined) return undefined;
  const before = history?.limits?.findLast(({ t }) => t <= time);
  return before === undefined ? undefined : bytes(before.v);
}

function killsBefore(history: ContainerHistory, begin: number, end: number): OomKill[] {
  const { starts = [], restarts = [], oomReason = [] } = history;
  const evidence = { starts, restarts, oomReason, slot: HISTORY_STEP };
  const found = killsFromExporter(evidence, begin, (time) => limitInForce(history, time));
  return found.filter(({ at }) => at !== undefined && at <= end);
}

function highestByDay(histories: readonly ContainerHistory[]): Sample[] {
  const days = new Map<number, number>();
  for (const { dailyPeaks } of histories) {
    for (const { t, v } of dailyPeaks) days.set(t, Math.max(days.get(t) ?? 0, v));
  }
  return [...days].map(([t, v]) => ({ t, v })).sort((a, b) => a.t - b.t);
}

function inOrder(kills: readonly OomKill[]): OomKill[] {
  return [...kills].sort((a, b) => (a.at ?? Number.NEGATIVE_INFINITY) - (b.at ?? Number.NEGATIVE_INFINITY));
}
