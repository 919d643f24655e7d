import { branchFolder, directionOfSlug, isSlug } from './branch-names.ts';
import { changeKey, type ProposedChange, type PullRequestInput } from './delivery-input.ts';
import type { KnownPulls, OwnPull } from './own-pulls.ts';
import { byUrgency, changedPaths, groupChanges, markChanges, type Proposal } from './proposal.ts';
import { isBeyond } from './quiet.ts';

/** A change that an open pull request makes already which is not this run's to touch. */
export interface Elsewhere {
  readonly change: ProposedChange;
  readonly pull: OwnPull;
}

export interface Assigned {
  /** The most urgent first. */
  readonly proposals: readonly Proposal[];
  readonly elsewhere: readonly Elsewhere[];
}

type Input = Pick<PullRequestInput, 'changes' | 'options' | 'scope' | 'base'>;

/**
 * Groups the changes into proposals. A change stays with the open pull request that carries it, also where the grouping was
 * changed since; where one of another prefix or cluster makes the same change to the same file, it is not proposed again.
 */
export function assignChanges(input: Input, pulls: KnownPulls): Assigned {
  const folder = branchFolder(input.options);
  const open = pulls.own.filter(({ state, base }) => state === 'open' && base === input.base.branch);
  const mine = open.filter(({ head }) => head.branch.startsWith(folder) && isSlug(head.branch.slice(folder.length)));
  const others = open.filter((pull) => !mine.includes(pull));
  const carried = new Map<string, ProposedChange[]>();
  const elsewhere: Elsewhere[] = [];
  const left: ProposedChange[] = [];
  for (const change of input.changes) {
    const carrier = mine.find((pull) => carries(pull, change, folder));
    const rival = others.find((pull) => makes(pull, change));
    if (carrier !== undefined) addTo(carried, carrier.head.branch, change);
    else if (rival !== undefined) elsewhere.push({ change, pull: rival });
    else left.push(change);
  }
  return { proposals: merge(groupChanges({ ...input, changes: left }), carried), elsewhere };
}

function addTo(groups: Map<string, ProposedChange[]>, branch: string, change: ProposedChange): void {
  const group = groups.get(branch);
  if (group === undefined) groups.set(branch, [change]);
  else group.push(change);
}

function carries({ head, marker }: OwnPull, change: ProposedChange, folder: string): boolean {
  const key = changeKey(change);
  const direction = directionOfSlug(head.branch.slice(folder.length));
  return direction === change.location.suggestion.direction && marker.changes.some((marked) => marked[0] === key);
}

/** Whether a pull request sets a container's values in the same file, and as far as they are needed. */
function makes({ marker }: OwnPull, change: ProposedChange): boolean {
  const raising = change.location.suggestion.direction === 'raise';
  const key = changeKey(change);
  const set = new Map(marker.changes.filter((marked) => marked[0] === key).map(([, field, size]) => [field, size]));
  const isMade = markChanges([change]).every(([, field, size]) => {
    const other = set.get(field);
    return other !== undefined && ((raising ? other >= size : other <= size) || !isBeyond(other, size));
  });
  return isMade && changedPaths([change]).every((path) => marker.paths.includes(path));
}

/** The proposals with what open pull requests carry, each where its most urgent change stands. */
function merge(grouped: readonly Proposal[], carried: ReadonlyMap<string, readonly ProposedChange[]>): Proposal[] {
  const all = new Map(grouped.map((proposal) => [proposal.branch, proposal]));
  for (const [branch, changes] of carried) {
    const together = [...changes, ...(all.get(branch)?.changes ?? [])].sort(byUrgency);
    const direction = together[0]?.location.suggestion.direction ?? 'raise';
    all.set(branch, { branch, direction, changes: together });
  }
  const first = ({ changes }: Proposal) => changes[0];
  return [...all.values()].sort((a, b) => {
    const [left, right] = [first(a), first(b)];
    return left === undefined || right === undefined ? 0 : byUrgency(left, right);
  });
}
