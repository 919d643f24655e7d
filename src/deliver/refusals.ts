import type { Pull } from '../github/list-pulls.ts';
import type { Direction } from '../model/suggestion.ts';
import { bytesOf } from '../model/workload.ts';
import { directionOfSlug, isSlug } from './branch-names.ts';
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
  /** The folder of the run's branches, with the slash at its end. */
  readonly folder: string;
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
export function wasClosedByRun({ state, marker, closedBy, author }: OwnPull): boolean {
  if (state !== 'closed' || marker.closedByRun !== true) return false;
  return closedBy === undefined || closedBy.isBot || closedBy.login === author?.login;
}

/**
 * The newest pull request that held the same change decides, whatever its end. One in the other direction was about
 * something else; where it was merged, what was refused before it is over.
 */
function findRefusal(change: ProposedChange, decided: readonly Decided[], asking: Asking): Refusal | undefined {
  const { direction } = change.location.suggestion;
  const newest = decided.find(
    (one) => holdsSame(one, change, asking) && (directionOf(one) === direction || one.pull.state === 'merged'),
  );
  if (newest === undefined || directionOf(newest) !== direction || wantsRebase(newest.pull)) return undefined;
  const { pull, marker } = newest;
  const changes = newest.changes.filter(([key]) => key === changeKey(change));
  if (pull.state === 'closed') {
    const until = refusedUntil(pull);
    return until !== undefined && asking.at >= until
      ? undefined
      : { pull, how: 'closed', at: pull.closedAt ?? 0, changes };
  }
  const takenBack = changes.filter((marked) => isTakenBack(change, marked, marker));
  return takenBack.length === 0 ? undefined : { pull, how: 'taken back', at: pull.mergedAt ?? 0, changes: takenBack };
}

function directionOf({ pull }: Decided): Direction {
  return directionOfSlug(pull.head.branch.split('/').at(-1) ?? '');
}

/**
 * The same container in the same files. A no holds for other files as well where cluster and prefix are the same: they may
 * have been moved. Of two clusters, either may be told by its prefix alone, and what was merged for one is none's revert.
 */
function holdsSame({ pull, changes, marker }: Decided, change: ProposedChange, asking: Asking): boolean {
  const key = changeKey(change);
  if (!changes.some((marked) => marked[0] === key)) return false;
  if (marker !== undefined && changedPaths([change]).some((path) => marker.paths.includes(path))) return true;
  const { cluster, folder } = asking;
  const { branch } = pull.head;
  if (!branch.startsWith(folder) || !isSlug(branch.slice(folder.length))) return false;
  return marker === undefined || (pull.state === 'closed' && marker.scope?.cluster === cluster);
}

/**
 * Whether a merged value has been taken back since: it is gone, or on the way back to what it was. A value from before the
 * old one is somebody's later decision. A merge that is not rolled out yet is none: its manifest differs from what runs,
 * and no change is proposed.
 */
function isTakenBack(
  { location: { suggestion } }: ProposedChange,
  [key, field, size]: MarkedChange,
  marker: Marker | undefined,
): boolean {
  const setting = suggestion[field]?.from;
  if (setting?.state === 'absent') return true;
  const now = bytesOf(setting);
  if (now === undefined) return false;
  const old = marker?.was?.find((one) => one[0] === key && one[1] === field)?.[2] ?? now;
  return suggestion.direction === 'raise' ? now < size && now >= old : now > size && now <= old;
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
    if (before === undefined) return field === 'limit';
    return isBeyond(before, size) && (raising ? size > before : size < before);
  });
}
