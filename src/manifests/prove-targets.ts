import type { Location, TextEdit } from '../model/location.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { workloadKey } from '../model/workload.ts';
import { applyEdits, distinctSplices, OverlapError } from '../text/apply-edits.ts';
import { checkEdit } from './check-edit.ts';
import { type EditPlan, planEdit } from './edit-memory.ts';
import type { FileTarget } from './file-target.ts';
import type { Miss, WhyNot } from './readable.ts';
import type { FoundPlace } from './way.ts';

/** What was found for a suggestion. */
export interface FoundFor {
  readonly suggestion: Suggestion;
  readonly found: FoundPlace;
}

interface Planned extends FileTarget {
  readonly suggestion: Suggestion;
  readonly plan: EditPlan;
}

/** Plans and proves the edits of plain files, in the order given; all else is handed on. */
export function proveTargets(all: readonly FoundFor[]): (Miss | Location)[] {
  const planned = all.map(({ suggestion, found }) =>
    'reason' in found || 'state' in found ? found : planOne(found, suggestion),
  );
  const plans = planned.filter((one): one is Planned => 'plan' in one);
  const alone = new Map(plans.map((one) => [one, proveTogether([one])]));
  const groups = groupShared(plans, alone);
  return planned.map((one) => {
    if (!('plan' in one)) return one;
    const group = groups.find((members) => members.includes(one));
    if (group) return located(one, one === group[0] ? group : []);
    const refusal = alone.get(one);
    return refusal ? { ...refusal, why: `${one.path}: ${refusal.why}`, lookedAt: [one.path] } : located(one, [one]);
  });
}

/** Containers of one workload that share a value and all get the same one: they are changed by one edit, or not at all. */
function groupShared(plans: readonly Planned[], alone: ReadonlyMap<Planned, WhyNot | undefined>): Planned[][] {
  const groups: Planned[][] = [];
  for (const one of plans) {
    if (alone.get(one)?.reason !== 'shared anchor' || groups.some((group) => group.includes(one))) continue;
    const near = plans.filter((other) => sharesPullRequest(one, other) && !groups.flat().includes(other));
    const failing = near.filter((other) => alone.get(other) !== undefined);
    const group = [failing, near].find((members) => members.length > 1 && proveTogether(members) === undefined);
    if (group) groups.push(group);
  }
  return groups;
}

function planOne(found: FileTarget, suggestion: Suggestion): Planned | Miss {
  const plan = planEdit(found.text, found.parsed, found.target);
  if ('reason' in plan) return { reason: plan.reason, why: `${found.path}: ${plan.why}`, lookedAt: [found.path] };
  return { ...found, suggestion, plan };
}

function sharesPullRequest(one: Planned, other: Planned): boolean {
  const { direction, delivery } = one.suggestion;
  const samePull = direction === other.suggestion.direction && delivery.kind === other.suggestion.delivery.kind;
  const sameWorkload = workloadKey(one.suggestion.workload) === workloadKey(other.suggestion.workload);
  return sameWorkload && one.path === other.path && samePull;
}

function proveTogether(group: readonly Planned[]): ReturnType<typeof checkEdit> {
  const [first] = group;
  if (!first) return undefined;
  try {
    const after = applyEdits(
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
    if (!(thrown instanceof OverlapError)) throw thrown;
    return { reason: 'shared anchor', why: 'containers that share the value would need different ones' };
  }
}

function located(one: Planned, group: readonly Planned[]): Location {
  const splices = distinctSplices(group.flatMap(({ plan }) => plan.splices));
  const edits = splices.map((splice): TextEdit => ({ path: one.path, ...splice }));
  const how = `${one.path} was parsed again after the edit: only the memory of this container differs.`;
  const proof = { kind: 'parsed' as const, how };
  const { suggestion, path, plan, reaches } = one;
  const places = reaches === undefined ? {} : { reaches };
  return { state: 'located', suggestion, path, line: plan.line, edits, newFiles: [], proof, ...places };
}
