import { formatBytes } from '../bytes.ts';
import { swapInUse } from '../checks/pressure.ts';
import type { SizingProblem } from '../model/finding.ts';
import { type Level, worst } from '../model/level.ts';
import type { Suggestion, Withheld } from '../model/suggestion.ts';
import { formatHours } from '../text/format.ts';
import { sumEffect, tryBackwards } from './backtest.ts';
import { type Evidence, gatherEvidence, type SizingCase } from './case.ts';
import { asReport, catchUp, orWhatRuns } from './catch-up.ts';
import { rateConfidence } from './confidence.ts';
import { splitHeap } from './heap-split.ts';
import { type FieldProposal, proposeLimit } from './limit.ts';
import { proposeRequest } from './request.ts';
import { sumReserved } from './reserve.ts';

const HOURS_NEEDED = 6;

/** What should change, and what should but is held back. Both, when one field can change and the other cannot. */
export interface Advice {
  readonly suggestion?: Suggestion;
  readonly withheld?: Withheld;
}

/** A new request and limit for a workload's container from the findings of all its pods, or why there is none. Pure. */
export function suggest(sizing: SizingCase): Advice {
  const evidence = gatherEvidence(sizing);
  if (evidence.problems.size === 0) return {};
  // What it shares with others is sized as the pod's.
  if (sizing.pods.some(({ observation }) => observation.sharesLimit)) return {};
  const obstacle = findObstacle(sizing, evidence);
  if (obstacle !== undefined) return { withheld: withhold(sizing, evidence, [obstacle], false) };

  const caught = catchUp(sizing, evidence);
  const limit = orWhatRuns(proposeLimit(sizing, evidence), caught.limit);
  const newLimit = limit.kind === 'value' ? limit.value.to : undefined;
  const request = orWhatRuns(proposeRequest(sizing, evidence, newLimit), caught.request);
  // Without a request of its own, a container asks for as much as its limit.
  const depends =
    newLimit !== undefined && (evidence.request.state === 'absent' || dependsOnRequest(evidence, newLimit));
  if (request.kind === 'withheld' && depends) {
    return { withheld: withhold(sizing, evidence, [request.why]) };
  }
  const why = limit.kind === 'value' ? whyOnlySaid(sizing, evidence, limit.direction) : undefined;
  if (limit.kind === 'value' && why !== undefined) return onlySaid(sizing, evidence, limit, request, why);
  const advice = build(sizing, evidence, limit, request);
  return advice.suggestion === undefined ? advice : { ...advice, suggestion: asReport(advice.suggestion, caught) };
}

/** What stands against any suggestion at all. */
function findObstacle({ workload, pods, gone }: SizingCase, { hoursSeen }: Evidence): string | undefined {
  if (workload.vpa === 'steered') return `${sayWho(workload)} manages this workload: change its policy instead`;
  if ([...pods, ...gone].some(({ observation }) => observation.partial)) {
    return 'Prometheus returned only part of the data, so nothing is suggested';
  }
  if (hoursSeen >= HOURS_NEEDED) return undefined;
  const seen = hoursSeen === 0 ? 'No data' : `Only ${formatHours(hoursSeen)} of data`;
  return `${seen} in this window: a suggestion needs ${HOURS_NEEDED} h`;
}

function sayWho({ steeredBy }: SizingCase['workload']): string {
  if (steeredBy === undefined || steeredBy.name === 'VPA') {
    return steeredBy?.mode === undefined ? 'A VPA' : `A VPA (mode ${steeredBy.mode})`;
  }
  return steeredBy.mode === undefined ? steeredBy.name : `${steeredBy.name} (mode ${steeredBy.mode})`;
}

/** Whether the limit can only move together with the request. */
function dependsOnRequest({ guaranteed, request }: Evidence, limit: number): boolean {
  return guaranteed || (request.state === 'set' && request.bytes > limit);
}

/** Why a new limit is only said, and no change. */
function whyOnlySaid(sizing: SizingCase, { flatDays }: Evidence, direction: 'raise' | 'lower'): string | undefined {
  if (direction === 'lower') {
    return sizing.tighten === 'report'
      ? 'New and lower limits become changes only with `tighten: pull-request`'
      : undefined;
  }
  if (flatDays === undefined || isLeaking(sizing)) return undefined;
  return 'Its usage is flat, so a larger limit is for you to decide';
}

/** A limit that is only said; a raise of the request beside it is a change of its own. */
function onlySaid(
  sizing: SizingCase,
  evidence: Evidence,
  limit: Extract<FieldProposal, { kind: 'value' }>,
  request: FieldProposal,
  because: string,
): Advice {
  const isRaise = request.kind === 'value' && request.direction === 'raise';
  if (!isRaise || dependsOnRequest(evidence, limit.value.to)) return build(sizing, evidence, limit, request);
  const current = proposeRequest(sizing, evidence, undefined);
  const why = `A limit would be ${formatBytes(limit.value.to)} (${limit.value.why}). ${because}`;
  return build(sizing, evidence, { kind: 'withheld', why }, current);
}

function build(sizing: SizingCase, evidence: Evidence, limit: FieldProposal, request: FieldProposal): Advice {
  const reasons = [limit, request].flatMap((proposal) => (proposal.kind === 'withheld' ? [proposal.why] : []));
  const withheld = reasons.length === 0 ? undefined : withhold(sizing, evidence, reasons, limit.kind !== 'value');
  if (limit.kind !== 'value' && request.kind !== 'value') return withheld === undefined ? {} : { withheld };
  const direction = limit.kind === 'value' ? limit.direction : 'raise';
  const leaks = isLeaking(sizing);
  const values = {
    ...(limit.kind === 'value' && { limit: limit.value }),
    ...(request.kind === 'value' && { request: request.value }),
  };
  const drifts = sizing.pods.flatMap(({ observation }) => observation.drift ?? []);
  const reserves = sumReserved(sizing.workload, sizing.container, values, drifts);
  const backtest = values.limit === undefined ? undefined : tryBackwards(sizing, values.limit.to);
  const suggestion: Suggestion = {
    workload: sizing.workload.ref,
    container: sizing.container,
    ...values,
    direction,
    level: levelOf(evidence, limit.kind === 'value', request.kind === 'value'),
    delivery: deliver(sizing, evidence, limit.kind === 'value' ? limit.direction : undefined),
    confidence: rateConfidence(evidence, leaks),
    ...(backtest !== undefined && { backtest }),
    effect: sumEffect(sizing, evidence, values),
    ...(reserves !== undefined && { reserves }),
    ...(values.limit !== undefined && explainHeap(sizing, evidence, values.limit.to)),
    notes: [
      ...(limit.kind === 'value' ? limit.notes : []),
      ...(request.kind === 'value' ? request.notes : []),
      ...remarks(sizing, evidence, leaks && limit.kind === 'value'),
    ],
  };
  return withheld === undefined ? { suggestion } : { suggestion, withheld };
}

const ABOUT_REQUEST: readonly SizingProblem['kind'][] = ['low request', 'no request'];

function levelOf({ problems }: Evidence, limit: boolean, request: boolean): Level {
  const solved = [...problems.values()].filter(({ kind }) => {
    if (kind === 'sized in place') return limit || request;
    return kind !== 'resize not made' && (ABOUT_REQUEST.includes(kind) ? request : limit);
  });
  return worst(solved.map(({ level }) => level));
}

/** `ofLimit`: whether its limit is among what is not changed. */
function withhold(sizing: SizingCase, evidence: Evidence, reasons: readonly string[], ofLimit = true): Withheld {
  const { workload, container } = sizing;
  const { problems } = evidence;
  const level = worst([...problems.values()].map((problem) => problem.level));
  const isTooLow = problems.has('near limit') || problems.has('OOMKilled');
  const heap = ofLimit && isTooLow ? explainHeap(sizing, evidence) : undefined;
  return { workload: workload.ref, container, level, ...heap, why: [...new Set(reasons)].join('; ') };
}

function explainHeap(sizing: SizingCase, evidence: Evidence, newLimit?: number): Pick<Suggestion, 'heap'> {
  const heap = splitHeap(sizing, evidence, newLimit);
  return heap === undefined ? {} : { heap };
}

function deliver(sizing: SizingCase, evidence: Evidence, limit: 'raise' | 'lower' | undefined): Suggestion['delivery'] {
  const { workload, pods } = sizing;
  if (!workload.edit.allowed) return { kind: 'report', why: workload.edit.why };
  const injected =
    evidence.template === undefined || pods.some(({ observation }) => observation.live?.injected === true);
  if (injected) return { kind: 'report', why: 'The container is not in the manifest: something injects it' };
  const why = limit === undefined ? undefined : whyOnlySaid(sizing, evidence, limit);
  return why === undefined ? { kind: 'change' } : { kind: 'report', why };
}

function isLeaking({ pods }: SizingCase): boolean {
  return pods.some(({ findings }) => findings.trend?.level === 'red');
}

function remarks({ workload, pods, skew }: SizingCase, { template, limit }: Evidence, leaks: boolean): string[] {
  const notes: string[] = [];
  if (leaks) notes.push('It leaks: more memory only postpones the next OOM kill.');
  if (skew !== undefined) {
    const numbers = `${formatBytes(skew.used)} while half of the pods use at most ${formatBytes(skew.median)}`;
    notes.push(`One replica stands out: ${skew.pod} uses ${numbers}. A size that fits it is too large for the others.`);
  }
  const swap = pods.reduce((most, { observation }) => Math.max(most, swapInUse(observation) ?? 0), 0);
  if (swap > 0) notes.push(`It needs more than its working set shows: ${formatBytes(swap)} of it are in swap.`);
  if (workload.vpa === 'unknown') notes.push('Whether a VPA manages this workload could not be read.');
  if (workload.memoryHpa === 'unknown') notes.push('Whether an HPA scales on its memory could not be read.');
  if (template?.limit.state === 'absent' && limit.state === 'set') {
    notes.push(
      `The limit of ${formatBytes(limit.bytes)} is not in the manifest: a LimitRange or an admission controller sets it.`,
    );
  }
  return notes;
}
