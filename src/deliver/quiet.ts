import { GIB, MIB } from '../bytes.ts';
import type { Direction } from '../model/suggestion.ts';
import { changeKey, type ProposedChange } from './delivery-input.ts';
import { keysOf, type MarkedChange, type Marker } from './marker.ts';
import { isChangedByHand, isSettled, type Needs, type Uncertainty } from './needs.ts';
import { changedPaths, markChanges } from './proposal.ts';

const DAY = 86_400;
/** A need that has been gone for so many days is over. What has no pods now may be a weekly job. */
const DAYS = 3;
const DAYS_WITHOUT_PODS = 8;
/** Daily runs are some minutes early or late. */
const EARLY = 2 * 3600;

/** Whether a value differs from what was proposed by more than 10 %, and by more than what a rounding step makes of the same usage. */
export function isBeyond(was: number, now: number): boolean {
  const difference = Math.abs(now - was);
  return difference > was / 10 && difference > stepAt(Math.max(was, now));
}

/** The step to which suggestions are rounded. */
function stepAt(size: number): number {
  if (size >= GIB) return 256 * MIB;
  return size >= 256 * MIB ? 64 * MIB : 16 * MIB;
}

/** What was seen of the changes in an open pull request. */
export interface NeedsSince {
  /** Since when nothing is needed for a container, by key: what the marker shall remember. */
  readonly gone: Readonly<Record<string, number>>;
  /** Keys for which nothing is left to do: settled, or not needed for three days. */
  readonly over: ReadonlySet<string>;
  /** Why what is not proposed now may be needed all the same, by key. */
  readonly doubts: ReadonlyMap<string, Uncertainty>;
}

/**
 * How the needs of an open pull request have gone on. `now` are the keys that are still proposed, `at` is unix seconds;
 * `isTouched` tells whether one of its files has become another on the base. What could not be judged or located stays as
 * it was; what flickers around a line is still needed.
 */
export function followNeeds(
  marker: Marker,
  direction: Direction,
  now: ReadonlySet<string>,
  needs: Needs,
  at: number,
  isTouched: boolean,
): NeedsSince {
  const gone: [string, number][] = [];
  const over = new Set<string>();
  const doubts = new Map<string, Uncertainty>();
  for (const key of keysOf(marker.changes)) {
    if (now.has(key)) continue;
    if (isDone(marker, direction, needs, key, isTouched)) {
      over.add(key);
      continue;
    }
    const doubt = findDoubt(marker, direction, needs, key);
    if (doubt !== undefined) doubts.set(key, doubt);
    if (doubt === 'near the line') continue;
    const since = marker.gone?.[key] ?? (doubt === undefined ? at : undefined);
    if (since === undefined) continue;
    gone.push([key, since]);
    if (doubt === undefined && isOverAt(overAt(needs, key, since), at)) over.add(key);
  }
  return { gone: Object.fromEntries(gone), over, doubts };
}

/** Whether nothing is left to do at once: its change was made, its workload is gone, or it would do harm by now. */
function isDone(marker: Marker, direction: Direction, needs: Needs, key: string, isTouched: boolean): boolean {
  if (isSettled(needs, key, marker.changes, direction)) return true;
  return (isTouched && needs.drifted.has(key)) || (direction === 'lower' && needs.short.has(key));
}

/** Only what grows comes near the line for limits, and where somebody has chosen another value, that was the answer. */
function findDoubt(marker: Marker, direction: Direction, needs: Needs, key: string): Uncertainty | undefined {
  const doubt = needs.doubts.get(key);
  if (doubt === 'near the line' && direction === 'lower') return undefined;
  return isChangedByHand(needs, key, marker.was, direction) ? undefined : doubt;
}

/** When a need that has been gone since then will be over. */
export function overAt(needs: Needs, key: string, since: number): number {
  return needs.idle.has(key) ? since + DAYS_WITHOUT_PODS * DAY : overAfter(since);
}

/** The same of a need that does not depend on pods. */
export function overAfter(since: number): number {
  return since + DAYS * DAY;
}

/** Whether what ends at `end` has ended. */
export function isOverAt(end: number, at: number): boolean {
  return at >= end - EARLY;
}

/** Why what is proposed now is worth a push to an open pull request: approvals and checks are worth more than the newest number. */
export function isWorthPush(marker: Marker, changes: readonly ProposedChange[]): boolean {
  const before = new Map(marker.changes.map((change) => [nameOf(change), change[2]]));
  const moved = markChanges(changes).some((change) => {
    const was = before.get(nameOf(change));
    return was !== undefined && isBeyond(was, change[2]);
  });
  return moved || changes.some((change) => isNewRed(marker, change)) || hasMoved(marker, changes);
}

function nameOf([key, field]: MarkedChange): string {
  return `${key} ${field}`;
}

/** Whether a change is red that was not when the values were proposed. A marker of an earlier version does not tell that. */
export function isNewRed({ red, changes }: Marker, change: ProposedChange): boolean {
  if (change.location.suggestion.level !== 'red') return false;
  const key = changeKey(change);
  const isThere = changes.some((marked) => marked[0] === key);
  return !isThere || (red !== undefined && !red.includes(key));
}

/** Whether the same values belong into other files now. */
function hasMoved(marker: Marker, changes: readonly ProposedChange[]): boolean {
  return changes.some((change) => {
    const key = changeKey(change);
    const fields = marker.changes.filter((marked) => marked[0] === key).map(nameOf);
    const now = markChanges([change]).map(nameOf);
    const isSame = fields.length === now.length && now.every((field) => fields.includes(field));
    return isSame && !changedPaths([change]).every((path) => marker.paths.includes(path));
  });
}
