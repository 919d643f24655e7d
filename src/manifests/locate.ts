import type { Location, RepositoryFiles, TextEdit } from '../model/delivery.ts';
import type { Suggestion } from '../model/inspection.ts';
import { type Workload, workloadKey } from '../model/workload.ts';
import type { Mapping } from '../options/config-only.ts';
import { matches } from '../options/match.ts';
import { applySplices, checkEdit } from './check-edit.ts';
import { type EditPlan, planEdit } from './edit-memory.ts';
import type { ManifestIndex } from './index-manifests.ts';
import { aimAtMapped } from './locate-mapped.ts';
import { type Aim, aimAtPlain, type Miss } from './locate-plain.ts';
import { snippetOf } from './snippet.ts';

export interface LocateContext {
  readonly index: ManifestIndex;
  readonly files: RepositoryFiles;
  /** Every workload inspected: their templates are what a manifest's values must equal. */
  readonly workloads: readonly Workload[];
  readonly mappings?: readonly Mapping[];
}

interface Planned extends Aim {
  readonly suggestion: Suggestion;
  readonly plan: EditPlan;
}

/**
 * Where each suggestion belongs in the repository, in the order given: the proved edit, or the reason for none with a
 * snippet. Offsets are into the file's text as it was indexed; edits of several locations of one file do not overlap,
 * except that the same edit may occur in more than one (`applyEdits` counts it once).
 */
export async function locate(suggestions: readonly Suggestion[], context: LocateContext): Promise<Location[]> {
  const live = new Map(context.workloads.map((workload) => [workloadKey(workload.ref), workload]));
  const aims = await Promise.all(
    suggestions.map(async (suggestion) => aim(suggestion, live.get(workloadKey(suggestion.workload)), context)),
  );
  const planned = aims.map((found, index) => {
    const suggestion = suggestions[index];
    return suggestion && !('reason' in found) ? planOne(found, suggestion) : found;
  });
  return suggestions.map((suggestion, index) => {
    const found = planned[index];
    if (found === undefined || 'reason' in found) return notLocated(suggestion, found);
    return prove(found as Planned, planned as readonly (Planned | Miss)[]);
  });
}

async function aim(
  suggestion: Suggestion,
  workload: Workload | undefined,
  context: LocateContext,
): Promise<Aim | Miss> {
  if (!workload) return { reason: 'no manifest', why: 'the workload is no longer in the cluster', lookedAt: [] };
  if (!workload.edit.allowed) return { reason: 'not editable', why: workload.edit.why, lookedAt: [] };
  const container = workload.containers.find((one) => one.name === suggestion.container);
  if (!container) {
    const why = `the workload's template has no container ${suggestion.container}: something adds it to the pods`;
    return { reason: 'injected', why, lookedAt: [] };
  }
  const subject = { ...suggestion.workload, container: suggestion.container };
  const mapping = context.mappings?.find((one) => matches(one.match, subject));
  if (mapping) return aimAtMapped(suggestion, container, mapping, context.files);
  return aimAtPlain(suggestion, container, context.index, context.workloads);
}

function planOne(found: Aim, suggestion: Suggestion): Planned | Miss {
  const plan = planEdit(found.text, found.parsed, found.target);
  if ('reason' in plan) return { reason: plan.reason, why: `${found.path}: ${plan.why}`, lookedAt: [found.path] };
  return { ...found, suggestion, plan };
}

/** Alone if it can be; a value that containers of one workload share is changed where all of them get the same. */
function prove(one: Planned, all: readonly (Planned | Miss)[]): Location {
  const alone = proveTogether([one]);
  if (alone === undefined) return located(one, [one]);
  if (alone.reason === 'shared anchor') {
    const group = all.filter((other): other is Planned => !('reason' in other) && sharesPullRequest(one, other));
    if (group.length > 1 && proveTogether(group) === undefined) return located(one, group);
  }
  return notLocated(one.suggestion, { ...alone, why: `${one.path}: ${alone.why}`, lookedAt: [one.path] });
}

function sharesPullRequest(one: Planned, other: Planned): boolean {
  const sameWorkload = workloadKey(one.suggestion.workload) === workloadKey(other.suggestion.workload);
  return sameWorkload && one.path === other.path && one.suggestion.direction === other.suggestion.direction;
}

function proveTogether(group: readonly Planned[]): ReturnType<typeof checkEdit> {
  const [first] = group;
  if (!first) return undefined;
  try {
    const after = applySplices(
      first.text,
      group.flatMap((one) => one.plan.splices),
    );
    return checkEdit(
      first.parsed,
      first.text,
      after,
      group.map((one) => one.target),
    );
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { reason: 'shared anchor', why: 'containers that share the value would need different ones' };
  }
}

function located(one: Planned, group: readonly Planned[]): Location {
  const edits = group.flatMap(({ path, plan }) => plan.splices.map((splice): TextEdit => ({ path, ...splice })));
  const how = `${one.path} was parsed again after the edit: only the memory of this container differs.`;
  const proof = { kind: 'parsed' as const, how };
  const { suggestion, path, plan } = one;
  return { state: 'located', suggestion, path, line: plan.line, edits, newFiles: [], proof };
}

function notLocated(suggestion: Suggestion, miss: Miss | undefined): Location {
  const { reason, why, lookedAt } = miss ?? { reason: 'no manifest' as const, why: 'nothing was found', lookedAt: [] };
  return { state: 'not located', suggestion, reason, why, lookedAt, snippet: snippetOf(suggestion) };
}

/** A file's text with its edits applied; those of other files are passed over. Throws a RangeError where two overlap. */
export function applyEdits(path: string, text: string, edits: readonly TextEdit[]): string {
  return applySplices(
    text,
    edits.filter((edit) => edit.path === path),
  );
}
