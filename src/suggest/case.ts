import { type Bytes, bytes } from '../bytes.ts';
import { countDays } from '../checks/days.ts';
import { highestFloor, type KillFloor, killFloorOf } from '../checks/kill-floor.ts';
import { spacing } from '../checks/statistics.ts';
import { restartTimes } from '../checks/stretches.ts';
import type {
  ContainerObservation,
  Findings,
  OomKill,
  SizingFacts,
  SizingProblem,
  Thresholds,
} from '../model/finding.ts';
import type { JudgedWorkloadContainer } from '../model/inspection.ts';
import type { ContainerHistory } from '../model/measurement.ts';
import type { NamespaceBounds, Setting, TemplateContainer, Workload } from '../model/workload.ts';

/** A container of one pod with what the checks found. */
export interface FoundContainer {
  readonly observation: ContainerObservation;
  readonly findings: Findings;
}

/** All that a suggestion for a workload's container is made from. `gone` holds pods that were OOM-killed in the window. */
export interface SizingCase {
  readonly workload: Workload;
  readonly container: string;
  readonly pods: readonly FoundContainer[];
  readonly gone: readonly FoundContainer[];
  /** Of all pods that the container had. */
  readonly histories: readonly ContainerHistory[];
  readonly bounds?: NamespaceBounds;
  readonly largestNode?: Bytes;
  readonly thresholds: Thresholds;
  readonly tighten: 'report' | 'pull-request';
  readonly skew?: JudgedWorkloadContainer['skew'];
}

/** The evidence of all pods taken together. Sizes are bytes. */
export interface Evidence {
  readonly problems: ReadonlyMap<SizingProblem['kind'], SizingProblem>;
  readonly limit: Setting;
  readonly request: Setting;
  /** Peak of the window without page cache, highest half-hour average, highest raw peak of window and sizing window. */
  readonly limitBase?: Bytes;
  /** The raw peak of the window alone. */
  readonly windowPeak?: Bytes;
  readonly requestBase?: Bytes;
  readonly peak?: Bytes;
  /** `peak` without the share of page cache that the window's own peak had. */
  readonly ownPeak?: Bytes;
  /** Days for which it has been near its limit without rising, where that is all that is wrong with the limit. */
  readonly flatDays?: number;
  /** Of the sizing window. */
  readonly killFloor: KillFloor;
  /** Of the window. */
  readonly kills: readonly OomKill[];
  /** Limits that killed within the slow window, before the window; oldest first. */
  readonly killedBefore: readonly Bytes[];
  readonly hoursSeen: number;
  readonly daysSeen: number;
  readonly podsSeen: number;
  /** Of the sizing window where it was asked for, else of the window. */
  readonly restarts: number;
  readonly template?: TemplateContainer;
  /** Whether request and limit are the same in the pods that run. */
  readonly guaranteed: boolean;
}

/** Takes all pods of a container together, the highest of them counting. */
export function gatherEvidence(sizing: SizingCase): Evidence {
  const { workload, container, pods, gone, histories } = sizing;
  const all = [...pods, ...gone];
  const facts = sizingFacts(pods);
  const ofGone = sizingFacts(gone);
  // A pod that is gone has no state to mend; only that it was killed counts.
  const kills = ofGone.flatMap(({ problems }) => problems.filter(({ kind }) => kind === 'OOMKilled'));
  const template = workload.containers.find(({ name }) => name === container);
  const live = highestOf(pods) ?? gone[0]?.observation;
  const rawPeaks = [
    ...all.map(({ observation }) => observation.measured?.peak),
    ...histories.flatMap(({ dailyPeaks }) => dailyPeaks.map(({ v }) => v)),
  ];
  const peak = highest(rawPeaks);
  return {
    problems: gatherProblems([...facts.flatMap(({ problems }) => problems), ...kills]),
    limit: settingOf(template?.limit, live?.limit),
    request: settingOf(template?.request, live?.request),
    limitBase: highest([...facts, ...ofGone].map(({ limitBase }) => limitBase)),
    windowPeak: highest(all.map(({ observation }) => observation.measured?.peak)),
    requestBase: highest(facts.map(({ requestBase }) => requestBase)),
    peak,
    ownPeak: peak === undefined ? undefined : bytes(peak * (1 - cacheShareOf([...facts, ...ofGone]))),
    flatDays: flatDaysOf([...facts, ...ofGone]),
    killFloor: highestFloor(all.map(({ observation }) => killFloorOf(observation))),
    kills: gatherKills(all),
    killedBefore: limitsThatKilledBefore(all),
    hoursSeen: hoursSeen(pods),
    daysSeen: daysSeen(sizing),
    podsSeen: new Set([...all.map(({ observation }) => observation.pod), ...histories.map(({ pod }) => pod)]).size,
    restarts: countRestarts(all, histories),
    template,
    guaranteed: live !== undefined && isGuaranteed(live),
  };
}

function sizingFacts(found: readonly FoundContainer[]): SizingFacts[] {
  return found.flatMap(({ findings }) => findings.sizing?.facts ?? []);
}

/** The fewest days of any pod near its limit; `undefined` where one of them was not flat, or was killed. */
function flatDaysOf(facts: readonly SizingFacts[]): number | undefined {
  const tooLow = facts.filter(({ problems }) =>
    problems.some(({ kind }) => kind === 'near limit' || kind === 'OOMKilled'),
  );
  const days = tooLow.flatMap(({ flatDays }) => flatDays ?? []);
  return days.length === 0 || days.length < tooLow.length ? undefined : Math.min(...days);
}

/** Of the pod that needs most without page cache. */
function cacheShareOf(facts: readonly SizingFacts[]): number {
  const [top] = [...facts].sort((a, b) => (b.limitBase ?? 0) - (a.limitBase ?? 0));
  return top?.cacheShare ?? 0;
}

/** The manifest's value where it has one; else what the pods run with, which an admission controller may have set. */
function settingOf(template: Setting | undefined, live: Setting | undefined): Setting {
  if (template?.state === 'set') return template;
  if (live !== undefined && live.state !== 'unknown') return live;
  return template ?? { state: 'unknown' };
}

function highestOf(pods: readonly FoundContainer[]): ContainerObservation | undefined {
  const used = ({ measured }: ContainerObservation) => measured?.peak ?? measured?.now?.workingSet ?? 0;
  return pods.map(({ observation }) => observation).sort((a, b) => used(b) - used(a))[0];
}

function gatherProblems(problems: readonly SizingProblem[]): Map<SizingProblem['kind'], SizingProblem> {
  const gathered = new Map<SizingProblem['kind'], SizingProblem>();
  for (const problem of problems) {
    const before = gathered.get(problem.kind);
    const level = before?.level === 'red' ? 'red' : problem.level;
    gathered.set(problem.kind, { ...problem, level, used: highest([before?.used, problem.used]) });
  }
  if (gathered.has('near limit') || gathered.has('OOMKilled')) gathered.delete('over-provisioned');
  return gathered;
}

/** Kills in the order in which they happened; those without a time first. */
function gatherKills(all: readonly FoundContainer[]): OomKill[] {
  return all
    .flatMap(({ observation }) => observation.oomKills)
    .sort((a, b) => (a.at ?? Number.NEGATIVE_INFINITY) - (b.at ?? Number.NEGATIVE_INFINITY));
}

/** In the order of the kills; of all pods that the workload had, which each of those that run knows. */
function limitsThatKilledBefore(all: readonly FoundContainer[]): Bytes[] {
  const known = all.find(({ observation }) => observation.history !== undefined)?.observation;
  if (known === undefined) return [];
  const { at, windows, history } = known;
  return (history?.kills ?? [])
    .filter((kill) => kill.at !== undefined && kill.at > at - windows.slowWindow && kill.at <= at - windows.window)
    .flatMap(({ limit }) => limit ?? []);
}

function isGuaranteed({ limit, request }: ContainerObservation): boolean {
  return limit.state === 'set' && request.state === 'set' && limit.bytes === request.bytes;
}

function highest(values: readonly (number | undefined)[]): Bytes | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : bytes(Math.max(...known));
}

/** Restarts of all pods: of each as many as the window or its history tells of. */
function countRestarts(all: readonly FoundContainer[], histories: readonly ContainerHistory[]): number {
  const byPod = new Map(all.map(({ observation }) => [observation.pod, observation.restartsInWindow]));
  for (const { pod, starts = [], restarts = [] } of histories) {
    const seen = restartTimes({ starts, restarts }, Number.NEGATIVE_INFINITY).length;
    byPod.set(pod, Math.max(seen, byPod.get(pod) ?? 0));
  }
  return [...byPod.values()].reduce((sum, restarts) => sum + restarts, 0);
}

/** Hours of the window for which the pod that was seen longest has averages. */
function hoursSeen(pods: readonly FoundContainer[]): number {
  const series = pods.map(({ observation }) => observation.measured?.averages ?? []);
  const filled = Math.max(0, ...series.map(({ length }) => length));
  // All are of one grid, which a single series with gaps need not show.
  const grid = series.flat().sort((a, b) => a.t - b.t);
  const slot = spacing(grid, (pods[0]?.observation.windows.window ?? 0) / 48);
  return (filled * slot) / 3600;
}

/** Whole days of data over all pods. */
function daysSeen({ pods, gone, histories }: SizingCase): number {
  const slow = new Set<number>();
  for (const { observation } of [...pods, ...gone]) {
    for (const { t } of observation.measured?.slowAverages ?? []) slow.add(t);
  }
  const at = pods[0]?.observation.at ?? gone[0]?.observation.at ?? 0;
  const dailyPeaks = histories.flatMap((history) => history.dailyPeaks);
  return countDays(at, dailyPeaks, slow.size);
}
