import type { Pull } from '../github/list-pulls.ts';
import { bytesOf } from '../model/workload.ts';
import { changeKey, type ProposedChange } from './delivery-input.ts';
import type { MarkedChange, Marker } from './marker.ts';
import { type KnownPulls, mayBeOurs, type OwnPull } from './own-pulls.ts';
import { changedPaths, markChanges } from './proposal.ts';
import { isBeyond } from './quiet.ts';
import { readSeal, readValues } from './seal.ts';
import { refusedUntil, wantsRebase } from './wishes.ts';

/** Values that a person said no to, and by which pull request. `at` is unix seconds. */
export interface Refusal {
  readonly pull: Pull;
  readonly how: 'closed' | 'taken back';
  readonly at: number;
  readonly changes: readonly MarkedChange[];
}

export interface Sifted {
  readonly kept: readonly ProposedChange[];
  readonly refused: readonly { readonly change: ProposedChange; readonly refusal: Refusal }[];
}

/** Of a run, what it takes to tell whether a person decided about the same change. */
export interface Asking {
  readonly cluster?: string;
  /** Unix seconds. */
  readonly at: number;
}

/** Sorts out the changes that a person has refused and that have not got worse, on whatever branch that was. */
export function siftRefused(changes: readonly ProposedChange[], pulls: KnownPulls, asking: Asking): Sifted {
  const decided = findDecided(pulls);
  const refused: { change: ProposedChange; refusal: Refusal }[] = [];
  const kept = changes.filter((change) => {
    const refusal = findRefusal(change, decided, asking);
    if (refusal === undefined || isWorse(change, refusal)) return true;
    refused.push({ change, refusal });
    return false;
  });
  return { kept, refused };
}

/** A pull request that came to an end, and what it held; without a marker its commit tells. */
interface Decided {
  readonly pull: Pull;
  readonly changes: readonly MarkedChange[];
  readonly marker?: Marker;
}

/** Those that people ended, the newest first. */
function findDecided({ own, others }: KnownPulls): Decided[] {
  const marked = own.flatMap((pull): Decided[] =>
    pull.state === 'open' || wasClosedByRun(pull) ? [] : [{ pull, marker: pull.marker, changes: pull.marker.changes }],
  );
  const unmarked = others.flatMap((pull): Decided[] => {
    const { commit } = pull.head;
    if (pull.state === 'open' || !mayBeOurs(pull) || commit === undefined) return [];
    return readSeal(commit) === undefined ? [] : [{ pull, changes: readValues(commit.message) }];
  });
  return [...marked, ...unmarked].sort((a, b) => b.pull.number - a.pull.number);
}

/** A person may have reopened what a run had closed, and closed it again: who closed it last decides, where GitHub tells. */
function wasClosedByRun({ state, marker, closedBy, author }: OwnPull): boolean {
  if (state !== 'closed' || marker.closedByRun !== true) return false;
  return closedBy === undefined || closedBy.isBot || closedBy.login === author?.login;
}

/** The newest pull request that held the same change decides, whatever its end. */
function findRefusal(change: ProposedChange, decided: readonly Decided[], asking: Asking): Refusal | undefined {
  const newest = decided.find((one) => holdsSame(one, change, asking));
  if (newest === undefined || wantsRebase(newest.pull)) return undefined;
  const { pull } = newest;
  const changes = newest.changes.filter(([key]) => key === changeKey(change));
  if (pull.state === 'closed') {
    const until = refusedUntil(pull);
    return until !== undefined && asking.at >= until
      ? undefined
      : { pull, how: 'closed', at: pull.closedAt ?? 0, changes };
  }
  const takenBack = changes.filter((marked) => isTakenBack(change, marked));
  return takenBack.length === 0 ? undefined : { pull, how: 'taken back', at: pull.mergedAt ?? 0, changes: takenBack };
}

/** The same container of the same cluster, or of another where the change is to the same file. */
function holdsSame({ changes, marker }: Decided, change: ProposedChange, { cluster }: Asking): boolean {
  const key = changeKey(change);
  if (!changes.some((marked) => marked[0] === key)) return false;
  if (marker === undefined || marker.scope?.cluster === cluster) return true;
  return changedPaths([change]).some((path) => marker.paths.includes(path));
}

/**
 * Whether a merged value has been taken back since: what the manifest has now is short of it, however that came to be. A
 * merge that is not rolled out yet is none: its manifest differs from what runs, and no change is proposed.
 */
function isTakenBack({ location: { suggestion } }: ProposedChange, [, field, size]: MarkedChange): boolean {
  const now = bytesOf(suggestion[field]?.from);
  if (now === undefined) return false;
  return suggestion.direction === 'raise' ? now < size : now > size;
}

/**
 * Whether a change that was refused has got worse since: a new OOMKill, a limit that was not in question, or a value that
 * goes clearly further than the refused one.
 */
function isWorse(change: ProposedChange, refusal: Refusal): boolean {
  const killed = change.evidence?.oomKilledAt;
  if (killed !== undefined && killed > refusal.at) return true;
  const raising = change.location.suggestion.direction === 'raise';
  const old = new Map(refusal.changes.map(([, field, size]) => [field, size]));
  return markChanges([change]).some(([, field, size]) => {
    const before = old.get(field);
    if (before === undefined) return field === 'limit' && refusal.how === 'closed';
    return isBeyond(before, size) && (raising ? size > before : size < before);
  });
}
