import type { Bytes } from '../bytes.ts';
import { checkUsage } from '../checks/usage.ts';
import { gatherUse } from '../judge/gather-use.ts';
import { collectHistories } from '../judge/histories.ts';
import { joinWorkloads } from '../judge/join.ts';
import { judge } from '../judge/judge.ts';
import type { JudgeSettings } from '../judge/settings.ts';
import type { ContainerChange, ContainerEvidence } from '../model/gate.ts';
import type { JudgedContainer, JudgedWorkload } from '../model/inspection.ts';
import { type Level, worst } from '../model/level.ts';
import type { Observation } from '../model/observation.ts';
import { type NamespaceBounds, workloadKey } from '../model/workload.ts';
import { matchesGlob } from '../text/glob.ts';
import type { ClusterEvidence, LiveMatch, Matched } from './cluster-evidence.ts';
import { type LiveCandidate, matchWorkload } from './match-workload.ts';

const DAY = 86_400;

interface LiveWorkload extends LiveCandidate {
  readonly judged: JudgedWorkload;
}

/**
 * What an observation tells, whose sizing window is the gate's: of the containers that change, histories have been asked
 * for. Judges it once, by the settings of the base.
 */
export function evidenceOfObservation(observation: Observation, settings: JudgeSettings): ClusterEvidence {
  const { cluster, at, windows } = observation;
  const inspection = judge(observation, settings);
  const workloads = inspection.workloads.map((judged): LiveWorkload => {
    const { namespace, group, kind, name } = judged.workload.ref;
    const sizesOf = (container: string) => judged.workload.containers.find((one) => one.name === container);
    return { namespace, group, kind, name, judged, sizesOf };
  });
  const bounds = new Map(cluster.bounds.map((one): [string, NamespaceBounds] => [one.namespace, one]));
  const useWithoutPods = findUseWithoutPods(observation);
  return {
    source: { kind: 'observation', at, days: Math.max(1, Math.round(windows.sizingWindow / DAY)) },
    match(change): Matched {
      const { namespace } = change.workload;
      const found = matchWorkload(change, workloads);
      if (found.state === 'matched') return describeMatch(change, found.found.judged, settings, useWithoutPods);
      if (found.state === 'unmatched') return { state: 'unmatched' };
      return { state: looksInto(observation, namespace ?? '', change.workload.kind) ? 'new' : 'not inspected' };
    },
    bounds: (namespace) => bounds.get(namespace),
    ...(cluster.largestNodeAllocatable !== undefined && { largestNode: cluster.largestNodeAllocatable }),
    notes: inspection.notes.map(({ text }) => text),
  };
}

type FindUse = (judged: JudgedWorkload, container: string) => ContainerEvidence | undefined;

function describeMatch(
  { container, workload }: ContainerChange,
  judged: JudgedWorkload,
  settings: JudgeSettings,
  useWithoutPods: FindUse,
): LiveMatch {
  const { ref, vpa, steeredBy, memoryHpa, containers, replicas } = judged.workload;
  const live = judged.pods.flatMap((pod) => pod.containers.filter(({ name }) => name === container));
  const evidence = judged.containers.find(({ name }) => name === container)?.use ?? useWithoutPods(judged, container);
  const jvm = containers.find(({ name }) => name === container)?.jvm;
  const name = { namespace: ref.namespace, kind: workload.kind, name: workload.name, container };
  const thresholds = settings.thresholdsFor?.(name) ?? settings.thresholds;
  const ignored = live.find((one) => one.ignored !== undefined)?.ignored;
  const isUncertain = live.some(({ observation }) => observation.uncertain);
  return {
    state: 'matched',
    ref,
    pods: replicas ?? judged.pods.length,
    ...(evidence && { evidence }),
    vpa,
    ...(steeredBy && { steeredBy }),
    memoryHpa,
    ...(jvm && { jvm }),
    ...(ignored && { ignored }),
    ...(containers.some(({ kind }) => kind === 'pod') && { sizedAsWhole: true }),
    ...(isUncertain && { uncertain: 'Prometheus returned only part of the data' }),
    usageAt: (limit) => usageAt(limit, live, thresholds),
  };
}

/** As the pods would be judged with another limit in force; kills happened with the one that they had. */
function usageAt(limit: Bytes, live: readonly JudgedContainer[], thresholds: JudgeSettings['thresholds']): Level {
  return worst(
    live.map(({ observation }) => {
      const changed = { ...observation, limit: { state: 'set', bytes: limit } as const, oomKills: [] };
      return checkUsage(changed, thresholds)?.level ?? 'green';
    }),
  );
}

/** Of a workload that has no pods now, what those tell that it had. */
function findUseWithoutPods(observation: Observation): FindUse {
  const histories = collectHistories(observation);
  let gone: ReadonlyMap<string, ReturnType<typeof joinWorkloads>[number]> | undefined;
  return ({ workload }, container) => {
    gone ??= new Map(joinWorkloads(observation, histories).map((one) => [workloadKey(one.workload.ref), one]));
    const own = gone.get(workloadKey(workload.ref))?.gone.filter((one) => one.container === container) ?? [];
    const past = histories.ofPods(workload.ref, container);
    if (own.length === 0 && past.length === 0) return undefined;
    return gatherUse({ workload, container, live: [], gone: own, histories: past, pods: 0 });
  };
}

/** Kinds whose pods come and go by themselves, which nobody inspects. */
const NOT_INSPECTED = ['Job', 'CronJob'];

/** Whether a workload would have been seen if it were there; one without a namespace only where all were looked at. */
function looksInto({ cluster }: Observation, namespace: string, kind: string): boolean {
  if (NOT_INSPECTED.includes(kind)) return false;
  const { inspected } = cluster;
  if (inspected === undefined) return cluster.namespaces.includes(namespace);
  const isOneOf = (globs: readonly string[]) => globs.some((glob) => matchesGlob(glob, namespace));
  return inspected.selector === undefined && isOneOf(inspected.namespaces) && !isOneOf(inspected.except);
}
