import { type Bytes, bytes } from '../bytes.ts';
import { spacing } from '../checks/statistics.ts';
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
  readonly kills: readonly OomKill[];
  readonly hoursSeen: number;
  readonly daysSeen: number;
  readonly podsSeen: number;
  readonly restarts: number;
  readonly template?: TemplateContainer;
  /** Whether request and limit are the same in the pods that run. */
  readonly guaranteed: boolean;
}

const DAY = 86_400;
const SLOW_SLOT = 3 * 3600;

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
  return {
    problems: gatherProblems([...facts.flatMap(({ problems }) => problems), ...kills]),
    limit: settingOf(template?.limit, live?.limit),
    request: settingOf(template?.request, live?.request),
    limitBase: highest([...facts, ...ofGone].map(({ limitBase }) => limitBase)),
    windowPeak: highest(all.map(({ observation }) => observation.measured?.peak)),
    requestBase: highest(facts.map(({ requestBase }) => requestBase)),
    peak: highest(rawPeaks),
    kills: gatherKills(all),
    hoursSeen: hoursSeen(pods),
    daysSeen: daysSeen(sizing),
    podsSeen: new Set([...all.map(({ observation }) => observation.pod), ...histories.map(({ pod }) => pod)]).size,
    restarts: all.reduce((sum, { observation }) => sum + observation.restartsInWindow, 0),
    template,
    guaranteed: live !== undefined && isGuaranteed(live),
  };
}

function sizingFacts(found: readonly FoundContainer[]): SizingFacts[] {
  return found.flatMap(({ findings }) => findings.sizing?.facts ?? []);
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

function isGuaranteed({ limit, request }: ContainerObservation): boolean {
  return limit.state === 'set' && request.state === 'set' && limit.bytes === request.bytes;
}

function highest(values: readonly (number | undefined)[]): Bytes | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : bytes(Math.max(...known));
}

/** Hours of the window for which any running pod has averages. */
function hoursSeen(pods: readonly FoundContainer[]): number {
  const slots = new Set<number>();
  let slot = 0;
  for (const { observation } of pods) {
    const averages = observation.measured?.averages ?? [];
    for (const { t } of averages) slots.add(t);
    slot = Math.max(slot, spacing(averages, observation.windows.window / 48));
  }
  return (slots.size * slot) / 3600;
}

/** Whole days of data over all pods: more than seven by the daily peaks, up to seven by the three-hour averages, whose gaps show. */
function daysSeen({ pods, gone, histories }: SizingCase): number {
  const slow = new Set<number>();
  for (const { observation } of [...pods, ...gone]) {
    for (const { t } of observation.measured?.slowAverages ?? []) slow.add(t);
  }
  const at = pods[0]?.observation.at ?? gone[0]?.observation.at ?? 0;
  const days = new Set(histories.flatMap(({ dailyPeaks }) => dailyPeaks.map(({ t }) => Math.floor((at - t) / DAY))));
  const slowDays = Math.floor((slow.size * SLOW_SLOT) / DAY);
  if (days.size > 7 || slow.size === 0) return days.size;
  return days.size === 0 ? slowDays : Math.min(days.size, Math.max(slowDays, days.size - 1));
}
