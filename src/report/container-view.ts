import type { Bytes } from '../bytes.ts';
import { CHECKS, type CheckName, type FactsOf, type Findings } from '../model/finding.ts';
import type {
  Ignored,
  Inspection,
  JudgedContainer,
  JudgedPod,
  JudgedWorkload,
  JudgedWorkloadContainer,
} from '../model/inspection.ts';
import { bySeverity, type Level } from '../model/level.ts';
import { type WorkloadRef, workloadContainerKey } from '../model/workload.ts';
import { compareText } from '../text/format.ts';

/** What a reader is told to do first, in the order of the report. */
const URGENCIES = ['killed', 'at limit', 'heap', 'at risk', 'leak', 'attention', 'unknown', 'healthy'] as const;

/** Seconds. */
const DAY = 86_400;

export type Urgency = (typeof URGENCIES)[number];

/** A workload's container as the report speaks of it. */
export interface ContainerView {
  /** `namespace/kind/name/container`. */
  readonly key: string;
  readonly ref: WorkloadRef;
  /** Plain text, as short as it is unique: `namespace/name`, with kind and container where they tell apart. */
  readonly label: string;
  readonly workload: JudgedWorkload;
  readonly container: JudgedWorkloadContainer;
  readonly level: Level;
  readonly urgency: Urgency;
  /** The worst of each check over the pods. */
  readonly findings: Findings;
  readonly facts: FactsByCheck;
  /** Unix seconds, the time of the inspection where the limit is reached already; only where usage or trend tell. */
  readonly reachesLimitAt?: number;
  /** Red, and not a leak that leaves a day or more. */
  readonly imminent: boolean;
  readonly pods: readonly PodContainerView[];
  readonly ignored?: Ignored;
}

export type FactsByCheck = { readonly [C in CheckName]?: FactsOf[C] };

/** One container of one pod. */
export interface PodContainerView {
  readonly pod: JudgedPod;
  readonly container: JudgedContainer;
  readonly facts: FactsByCheck;
  readonly level: Level;
}

/** All containers of all workloads, the most urgent first; ties go by when the limit is reached, share of it, growth and name. */
export function listContainers(inspection: Inspection): ContainerView[] {
  const labels = new Map<string, number>();
  for (const { workload } of inspection.workloads) {
    const short = `${workload.ref.namespace}/${workload.ref.name}`;
    labels.set(short, (labels.get(short) ?? 0) + 1);
  }
  return inspection.workloads
    .flatMap((judged) => {
      const { namespace, name, kind } = judged.workload.ref;
      const short = `${namespace}/${name}`;
      const label = (labels.get(short) ?? 0) > 1 ? `${short} (${kind})` : short;
      return judged.containers.map((container) => viewContainer(judged, container, label, inspection.at));
    })
    .sort(byUrgency);
}

function viewContainer(
  judged: JudgedWorkload,
  container: JudgedWorkloadContainer,
  label: string,
  now: number,
): ContainerView {
  const ref = judged.workload.ref;
  const alone =
    judged.containers.length === 1 && (container.name === ref.name || judged.workload.containers.length <= 1);
  const pods = judged.pods.flatMap((pod) =>
    pod.containers
      .filter((candidate) => candidate.name === container.name)
      .map((candidate) => viewPodContainer(pod, candidate)),
  );
  const ignored = pods.find((view) => view.container.ignored !== undefined)?.container.ignored;
  const findings: Findings = Object.fromEntries(CHECKS.map((check) => [check, container.worst[check]?.finding]));
  const facts = factsOf(findings);
  const reachesLimitAt = whenLimitIsReached(facts, now);
  const urgency = urgencyOf(container, ignored !== undefined);
  return {
    key: workloadContainerKey(ref, container.name),
    ref,
    label: alone ? label : `${label} · ${container.name}`,
    workload: judged,
    container,
    level: container.level,
    urgency,
    imminent: isImminent(urgency, reachesLimitAt, now),
    findings,
    facts,
    ...(reachesLimitAt === undefined ? {} : { reachesLimitAt }),
    pods,
    ...(ignored === undefined ? {} : { ignored }),
  };
}

function viewPodContainer(pod: JudgedPod, container: JudgedContainer): PodContainerView {
  return { pod, container, facts: factsOf(container.findings), level: container.level };
}

/** The facts of each finding. */
function factsOf(findings: Findings): FactsByCheck {
  return Object.fromEntries(CHECKS.map((check) => [check, findings[check]?.facts]));
}

function urgencyOf(container: JudgedWorkloadContainer, ignored: boolean): Urgency {
  if (container.level === 'green' || ignored) return 'healthy';
  if (container.level === 'unknown') return 'unknown';
  if (container.level === 'yellow') return 'attention';
  const usage = container.worst.usage?.finding;
  if (usage?.level === 'red') return usage.facts.oomKill === undefined ? 'at limit' : 'killed';
  if (container.worst.trend?.finding.level === 'red') return 'leak';
  if (container.worst.heap?.finding.level === 'red') return 'heap';
  return 'at risk';
}

function isImminent(urgency: Urgency, reachesLimitAt: number | undefined, now: number): boolean {
  if (urgency === 'leak') return reachesLimitAt !== undefined && reachesLimitAt < now + DAY;
  return URGENCIES.indexOf(urgency) < URGENCIES.indexOf('leak');
}

/** A leak that leaves less than a day comes right after what is at its limit. */
function rankOf({ urgency, imminent }: ContainerView): number {
  return URGENCIES.indexOf(urgency === 'leak' && imminent ? 'at limit' : urgency);
}

/** When usage meets the limit: unix seconds, `now` where it has already; `undefined` where nothing tells. */
function whenLimitIsReached({ usage, trend }: FactsByCheck, now: number): number | undefined {
  return (usage?.percent ?? 0) >= 100 ? now : trend?.reachesLimitAt;
}

/** What reaches its limit first comes first; what has no such time last. */
function compareEnds(a: ContainerView, b: ContainerView): number {
  return (a.reachesLimitAt ?? Number.MAX_SAFE_INTEGER) - (b.reachesLimitAt ?? Number.MAX_SAFE_INTEGER);
}

function byUrgency(a: ContainerView, b: ContainerView): number {
  return (
    bySeverity(a.level, b.level) ||
    rankOf(a) - rankOf(b) ||
    Number(a.urgency === 'leak') - Number(b.urgency === 'leak') ||
    compareEnds(a, b) ||
    (b.facts.usage?.percent ?? -1) - (a.facts.usage?.percent ?? -1) ||
    (b.facts.trend?.growth ?? -1e9) - (a.facts.trend?.growth ?? -1e9) ||
    compareText(a.key, b.key)
  );
}

/** The pod that uses the largest share of its limit, or most where none has one. */
export function highestPod(view: ContainerView): PodContainerView | undefined {
  return [...view.pods].sort(
    (a, b) =>
      (b.facts.usage?.percent ?? -1) - (a.facts.usage?.percent ?? -1) ||
      (b.facts.usage?.used ?? -1) - (a.facts.usage?.used ?? -1) ||
      compareText(a.pod.name, b.pod.name),
  )[0];
}

/** What it uses now, in bytes; `undefined` where that was not measured. */
export function usedNow({ facts, container }: PodContainerView): Bytes | undefined {
  return facts.usage?.used ?? container.observation.measured?.now?.workingSet;
}

/** Its peak in the window, in bytes; `undefined` where that was not measured. */
export function peakSeen({ facts, container }: PodContainerView): Bytes | undefined {
  return facts.usage?.peak ?? container.observation.measured?.peak;
}

/** One pod's container with what the tables need of its workload, the worst first. */
export interface PodRow {
  readonly view: ContainerView;
  readonly pod: PodContainerView;
}

/** The pods that are yellow or red, the most urgent first. */
export function listProblemPods(views: readonly ContainerView[]): PodRow[] {
  return views
    .filter((view) => view.urgency !== 'healthy' && view.urgency !== 'unknown')
    .flatMap((view) =>
      view.pods.filter((pod) => pod.level === 'red' || pod.level === 'yellow').map((pod) => ({ view, pod })),
    )
    .sort(
      (a, b) =>
        bySeverity(a.pod.level, b.pod.level) ||
        rankOf(a.view) - rankOf(b.view) ||
        (b.pod.facts.usage?.percent ?? -1) - (a.pod.facts.usage?.percent ?? -1) ||
        compareText(a.view.key, b.view.key) ||
        compareText(a.pod.pod.name, b.pod.pod.name),
    );
}
