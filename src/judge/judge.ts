import { bytes } from '../bytes.ts';
import { checkHeap } from '../checks/heap.ts';
import { checkSizing } from '../checks/sizing.ts';
import { median } from '../checks/statistics.ts';
import { checkTrend } from '../checks/trend.ts';
import { checkUsage } from '../checks/usage.ts';
import {
  CHECKS,
  type Check,
  type CheckName,
  type ContainerObservation,
  type FactsOf,
  type Findings,
  type Thresholds,
} from '../model/finding.ts';
import type {
  Ignored,
  Inspection,
  JudgedContainer,
  JudgedPod,
  JudgedWorkload,
  JudgedWorkloadContainer,
  Totals,
  WorstFinding,
  WorstFindings,
} from '../model/inspection.ts';
import { bySeverity, type Level, worse, worst } from '../model/level.ts';
import type { Observation } from '../model/observation.ts';
import { bytesOf, type NamespaceBounds, WHOLE_POD, type Workload, type WorkloadRef } from '../model/workload.ts';
import { suggest } from '../suggest/suggest.ts';
import { groupBy } from '../text/format.ts';
import { gatherUse } from './gather-use.ts';
import { collectHistories, type Histories } from './histories.ts';
import { findIgnoreMark, listUnreadMarks } from './ignore-marks.ts';
import { type JoinedWorkload, joinWorkloads } from './join.ts';
import type { ContainerName, JudgeSettings } from './settings.ts';

const CHECK_OF: { readonly [C in CheckName]: Check<C> } = {
  usage: checkUsage,
  trend: checkTrend,
  sizing: checkSizing,
  heap: checkHeap,
};
/** Beyond every time, so that what has no end comes after what has one. */
const NO_END = 1e15;
/** Orders findings of the same level: the one with the larger number first; of trends the one that reaches the limit first. */
const WEIGHT_OF: { readonly [C in CheckName]: (facts: FactsOf[C]) => number } = {
  usage: ({ percent }) => percent ?? 0,
  trend: ({ growth = -1e9, reachesLimitAt }) => (reachesLimitAt === undefined ? growth - NO_END : -reachesLimitAt),
  sizing: ({ limitBase, resize }) => (resize === undefined ? (limitBase ?? 0) : Number.MAX_SAFE_INTEGER),
  heap: ({ percent }) => percent ?? 0,
};
const PODS_FOR_SKEW = 3;

/** Judges all that was observed: the findings of every container, the levels above them, and the suggestions. Pure. */
export function judge(observation: Observation, settings: JudgeSettings): Inspection {
  const histories = collectHistories(observation);
  const workloads = joinWorkloads(observation, histories).map((joined) =>
    judgeWorkload(joined, observation, settings, histories),
  );
  const totals = countPods(workloads.flatMap(({ pods }) => pods));
  return {
    at: observation.at,
    namespaces: observation.cluster.namespaces,
    access: observation.access,
    queries: observation.queries,
    availability: observation.availability,
    verdict: workloads.length === 0 ? 'unknown' : worst(workloads.map(({ level }) => level)),
    totals,
    workloads,
    notes: [...observation.cluster.notes, ...observation.notes],
    unreadMarks: workloads.flatMap(({ workload }) => listUnreadMarks(workload)),
  };
}

function judgeWorkload(
  joined: JoinedWorkload,
  observation: Observation,
  settings: JudgeSettings,
  histories: Histories,
): JudgedWorkload {
  const { workload } = joined;
  const pods = joined.pods.map(({ pod, containers }): JudgedPod => {
    const judged = containers.map((container) => judgeContainer(container, workload, settings));
    return { name: pod.name, level: worst(judged.map(({ level }) => level)), containers: judged };
  });
  const names = [...new Set(joined.pods.flatMap(({ containers }) => containers.map(({ container }) => container)))];
  const killedNames = joined.gone.filter(({ oomKills }) => oomKills.length > 0).map(({ container }) => container);
  const templated = new Set(workload.containers.map(({ name }) => name));
  const all = new Set([...names, ...killedNames.filter((name) => templated.has(name))]);
  const containers = [...all].map((name) => judgeAcrossPods(name, pods, joined, observation, settings, histories));
  const nothingRuns = pods.length === 0 && workload.replicas !== 0;
  const levels: Level[] = [...pods.map(({ level }) => level), ...containers.map(({ level }) => level)];
  return { workload, level: worst(nothingRuns ? [...levels, 'unknown'] : levels), pods, containers };
}

function judgeContainer(
  observation: ContainerObservation,
  workload: Workload,
  settings: JudgeSettings,
): JudgedContainer {
  const findings = runChecks(observation, thresholdsOf(settings, nameOf(workload.ref, observation.container)));
  const ignored = findIgnored(workload, observation.container, settings);
  const found = observation.uncertain === true ? worse(levelOf(findings), 'unknown') : levelOf(findings);
  const level = ignored === undefined ? found : 'green';
  return { name: observation.container, level, findings, observation, ignored };
}

function nameOf(ref: WorkloadRef, container: string): ContainerName {
  return { namespace: ref.namespace, kind: ref.kind, name: ref.name, container };
}

/** The config file's entry comes first: it went through a review. */
function findIgnored(workload: Workload, container: string, { ignoredBy, date }: JudgeSettings): Ignored | undefined {
  return ignoredBy?.(nameOf(workload.ref, container)) ?? findIgnoreMark(workload, container, date);
}

function thresholdsOf(settings: JudgeSettings, name: ContainerName): Thresholds {
  return settings.thresholdsFor?.(name) ?? settings.thresholds;
}

function runChecks(observation: ContainerObservation, thresholds: Thresholds): Findings {
  const found = CHECKS.map((check) => [check, CHECK_OF[check](observation, thresholds)] as const);
  return Object.fromEntries(found.filter(([, finding]) => finding !== undefined));
}

function levelOf(findings: Findings): Level {
  return worst(CHECKS.flatMap((check) => findings[check]?.level ?? []));
}

/** Takes a container over all pods, those gone included where they were OOM-killed in the window. */
function judgeAcrossPods(
  name: string,
  pods: readonly JudgedPod[],
  joined: JoinedWorkload,
  observation: Observation,
  settings: JudgeSettings,
  histories: Histories,
): JudgedWorkloadContainer {
  const { workload } = joined;
  const thresholds = thresholdsOf(settings, nameOf(workload.ref, name));
  const ignored = findIgnored(workload, name, settings) !== undefined;
  const live = pods.flatMap((pod) => pod.containers.filter((container) => container.name === name));
  const gone = joined.gone.filter(({ container, oomKills }) => container === name && oomKills.length > 0);
  const judgedGone = gone.map((one) => ({ findings: killFindings(one, thresholds), observation: one }));
  const worstFindings = findWorst([...live, ...judgedGone]);
  const levels = [...live.map(({ level }) => level), ...judgedGone.map(({ findings }) => levelOf(findings))];
  const skew = findSkew(live);
  const drifts = groupPods(live, ({ drift }) => drift);
  const resizes = groupPods(live, ({ resize }) => resize);
  const past = histories.ofPods(workload.ref, name);
  const advice = ignored
    ? {}
    : suggest({
        workload,
        container: name,
        pods: live.map(({ observation, findings }) => ({ observation, findings })),
        gone: judgedGone,
        histories: past,
        bounds: boundsFor(name, workload, observation),
        largestNode: observation.cluster.largestNodeAllocatable,
        thresholds,
        tighten: settings.tighten,
        skew,
      });
  const judged = {
    name,
    level: ignored ? ('green' as const) : worst(levels),
    worst: worstFindings,
    skew,
    ...(drifts.length > 0 && { drifts }),
    ...(resizes.length > 0 && { resizes }),
    ...advice,
  };
  const use = gatherUse({
    workload,
    container: name,
    live: live.map((one) => one.observation),
    gone: joined.gone.filter(({ container }) => container === name),
    histories: past,
    pods: pods.length,
    judged,
  });
  return { ...judged, use };
}

/** A LimitRange's bounds are those of a container; a container may have no more than its pod as a whole. */
function boundsFor(name: string, workload: Workload, { cluster }: Observation): NamespaceBounds | undefined {
  const { namespace } = workload.ref;
  const found = cluster.bounds.find((one) => one.namespace === namespace);
  const whole = bytesOf(workload.containers.find(({ kind }) => kind === 'pod')?.limit);
  if (whole === undefined) return found;
  if (name === WHOLE_POD) return found && { ...found, containerMax: undefined, containerMin: undefined };
  const podMax = bytes(Math.min(whole, found?.podMax ?? whole));
  return { ...found, namespace, podMax };
}

/** What was observed of the pods, each kind of it once, with the pods that have it; the most frequent first. */
function groupPods<T extends object>(
  live: readonly JudgedContainer[],
  read: (one: ContainerObservation) => T | undefined,
): readonly (T & { readonly pods: readonly string[] })[] {
  const seen = live.flatMap(({ observation }) => {
    const value = read(observation);
    return value === undefined ? [] : [{ value, pod: observation.pod }];
  });
  // Each pod is resized at a time of its own.
  const kinds = groupBy(seen, ({ value }) => JSON.stringify({ ...value, at: undefined }));
  return [...kinds.values()]
    .flatMap((same) => (same[0] === undefined ? [] : [{ ...same[0].value, pods: same.map(({ pod }) => pod) }]))
    .sort((a, b) => b.pods.length - a.pods.length);
}

/** Of a pod that is gone only its kill counts: what it used is no longer anybody's state. */
function killFindings(gone: ContainerObservation, thresholds: Thresholds): Findings {
  const { usage, sizing } = runChecks(gone, thresholds);
  return { ...(usage && { usage }), ...(sizing && { sizing }) };
}

interface JudgedObservation {
  readonly findings: Findings;
  readonly observation: ContainerObservation;
}

function findWorst(judged: readonly JudgedObservation[]): WorstFindings {
  const found = CHECKS.map((check) => [check, findWorstOf(check, judged)] as const);
  return Object.fromEntries(found.filter(([, worstOne]) => worstOne !== undefined));
}

function findWorstOf<C extends CheckName>(check: C, judged: readonly JudgedObservation[]): WorstFinding<C> | undefined {
  const weightOf = WEIGHT_OF[check];
  const found = judged.flatMap(({ findings, observation }) => {
    const finding = findings[check];
    return finding === undefined ? [] : [{ finding, pod: observation.pod, weight: weightOf(finding.facts) }];
  });
  const [first] = found.sort((a, b) => bySeverity(a.finding.level, b.finding.level) || b.weight - a.weight);
  return first && { finding: first.finding, pod: first.pod };
}

function findSkew(live: readonly JudgedContainer[]): JudgedWorkloadContainer['skew'] {
  const used = live.flatMap(({ observation }) => {
    const workingSet = observation.measured?.now?.workingSet;
    return workingSet === undefined ? [] : [{ pod: observation.pod, used: workingSet }];
  });
  if (used.length < PODS_FOR_SKEW) return undefined;
  const middle = median(used.map((one) => one.used));
  const top = used.reduce((a, b) => (b.used > a.used ? b : a));
  return top.used > 2 * middle ? { ...top, median: bytes(middle) } : undefined;
}

function countPods(pods: readonly JudgedPod[]): Totals {
  const count = (level: Level) => pods.filter((pod) => pod.level === level).length;
  return {
    total: pods.length,
    healthy: count('green'),
    attention: count('yellow'),
    atRisk: count('red'),
    unknown: count('unknown'),
  };
}
