import type { Drift, SizeDrift } from '../model/finding.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { bytesOf, type Setting } from '../model/workload.ts';
import type { Evidence, FoundContainer, SizingCase } from './case.ts';
import { jvmNotes } from './jvm.ts';
import { aboveWaiting, type FieldProposal } from './limit.ts';

type Value = Extract<FieldProposal, { readonly kind: 'value' }>;

/** Sizes that only the pods have and that are right: what the manifest should say. */
export interface CatchUp {
  readonly limit?: Value;
  readonly request?: Value;
  /** Why it is only reported: somebody else's program set the sizes. */
  readonly onlyReport?: string;
}

/**
 * What the manifest has to catch up with: all pods were raised in place alike, nothing steers them, and what they use is
 * under the red line of what they have, which is not far too much. Taken exactly, because it is what runs.
 */
export function catchUp(sizing: SizingCase, evidence: Evidence): CatchUp {
  const drift = uniformDrift(sizing.pods);
  if (drift === undefined || !isRight(sizing, evidence)) return {};
  const why = `its pods run with it already, resized in place${drift.by === undefined ? '' : ` by ${drift.by}`}`;
  const limit = raise(drift.limit, why);
  const implied = evidence.template?.request.state === 'absent';
  const request = implied || sizing.workload.memoryHpa === 'steered' ? undefined : raise(drift.request, why);
  const notes = limit === undefined ? [] : jvmNotes(sizing, evidence, limit.value.to, 'raise');
  return {
    ...(limit && { limit: { ...limit, notes } }),
    ...(request && { request }),
    ...(!drift.byHand && { onlyReport: sayOther(drift) }),
  };
}

/** The proposal for a field, or what the pods have where that is more or where nothing was proposed. */
export function orWhatRuns(proposed: FieldProposal, runs: Value | undefined): FieldProposal {
  if (runs === undefined) return proposed;
  return proposed.kind === 'value' && proposed.value.to > runs.value.to ? proposed : runs;
}

/** A suggestion of sizes that a program set is only said: it may set others tomorrow. */
export function asReport(suggestion: Suggestion, { limit, request, onlyReport }: CatchUp): Suggestion {
  const runs = [limit?.value, request?.value];
  const caughtUp = [suggestion.limit, suggestion.request].some((value) => value !== undefined && runs.includes(value));
  if (!caughtUp || onlyReport === undefined || suggestion.delivery.kind === 'report') return suggestion;
  return { ...suggestion, delivery: { kind: 'report', why: onlyReport } };
}

function sayOther({ by }: Drift): string {
  return `${by === undefined ? 'An unknown program' : by} resized the pods and may do so again`;
}

function uniformDrift(pods: readonly FoundContainer[]): Drift | undefined {
  const drifts = pods.map(({ observation }) => observation.drift);
  const [first] = drifts;
  if (first === undefined || first.how !== 'in place' || first.steered) return undefined;
  const key = (drift: Drift | undefined) => JSON.stringify([drift?.limit, drift?.request, drift?.how, drift?.steered]);
  const isSettled = pods.every(({ observation }) => observation.resize === undefined);
  return isSettled && drifts.every((drift) => key(drift) === key(first)) ? first : undefined;
}

/** Whether the pods have enough and not too much: none is near its limit, and none was killed at it. */
function isRight(sizing: SizingCase, { problems, killFloor }: Evidence): boolean {
  const { pods, gone, thresholds } = sizing;
  if (problems.has('near limit') || problems.has('over-provisioned')) return false;
  if (pods.some(({ findings }) => findings.usage?.facts.percent === undefined)) return false;
  const limits = pods.flatMap(({ observation }) => bytesOf(observation.limit) ?? []);
  const killed = killFloor.kind === 'none' ? undefined : killFloor.limit;
  if (killed !== undefined && limits.some((limit) => limit <= killed)) return false;
  const waiting = aboveWaiting(sizing, thresholds.usageRed / 100);
  if (limits.some((limit) => limit < waiting)) return false;
  const since = Math.min(...pods.map(({ observation }) => observation.drift?.at ?? Number.POSITIVE_INFINITY));
  return [...pods, ...gone]
    .flatMap(({ observation }) => observation.oomKills)
    .every(
      ({ at, limit }) =>
        (at !== undefined && at < since) || (limit !== undefined && limits.every((one) => limit < one)),
    );
}

function raise(change: SizeDrift | undefined, why: string): Value | undefined {
  const from: Setting | undefined = change?.from;
  const to = bytesOf(change?.to);
  if (from?.state !== 'set' || to === undefined || to <= from.bytes) return undefined;
  return { kind: 'value', value: { from, to, why }, direction: 'raise', notes: [] };
}
