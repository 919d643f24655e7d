import { GIB, MIB } from '../bytes.ts';
import { changeKey, type ProposedChange } from './delivery-input.ts';
import { type MarkedChange, readMarker } from './marker.ts';
import { markChanges } from './proposal.ts';

/** What is needed of a pull request to know what people decided. */
export interface PastPull {
  readonly number: number;
  readonly state: string;
  readonly body: string | null;
  readonly merged_at: string | null;
  readonly closed_at: string | null;
}

/** Values that a person said no to by closing a pull request. `at` is unix seconds. */
export interface Decline {
  readonly number: number;
  readonly at: number;
  readonly changes: readonly MarkedChange[];
}

/** By container key: the newest pull request that held it decides, whatever its end. */
function findDeclines(pulls: readonly PastPull[]): ReadonlyMap<string, Decline> {
  const decided = new Map<string, Decline | undefined>();
  for (const pull of [...pulls].sort((a, b) => b.number - a.number)) {
    const marker = readMarker(pull.body);
    if (marker === undefined || marker.closedByRun) continue;
    const declined = pull.state === 'closed' && pull.merged_at === null;
    for (const key of new Set(marker.changes.map((change) => change[0]))) {
      if (decided.has(key)) continue;
      const changes = marker.changes.filter((change) => change[0] === key);
      const at = pull.closed_at === null ? 0 : Date.parse(pull.closed_at) / 1000;
      decided.set(key, declined ? { number: pull.number, at, changes } : undefined);
    }
  }
  return new Map([...decided].flatMap(([key, decline]) => (decline === undefined ? [] : [[key, decline] as const])));
}

/**
 * Whether a change that was declined has got worse since: a new OOMKill, a field that was not in question, or a value that
 * goes further than the declined one by more than 10 % and by more than one rounding step.
 */
function isWorse(change: ProposedChange, decline: Decline): boolean {
  const killed = change.evidence?.oomKilledAt;
  if (killed !== undefined && killed > decline.at) return true;
  const raising = change.location.suggestion.direction === 'raise';
  const old = new Map(decline.changes.map(([, field, size]) => [field, size]));
  return markChanges([change]).some(([, field, size]) => {
    const declined = old.get(field);
    if (declined === undefined) return field === 'limit';
    return isBeyond(declined, size) && (raising ? size > declined : size < declined);
  });
}

/** Whether two sets of values differ in more than what a rounding step makes of the same usage. */
export function differMaterially(before: readonly MarkedChange[], after: readonly MarkedChange[]): boolean {
  const name = (change: MarkedChange) => `${change[0]} ${change[1]}`;
  const old = new Map(before.map((change) => [name(change), change[2]]));
  if (old.size !== after.length) return true;
  return after.some((change) => {
    const was = old.get(name(change));
    return was === undefined || isBeyond(was, change[2]);
  });
}

function isBeyond(was: number, now: number): boolean {
  const difference = Math.abs(now - was);
  return difference > was / 10 && difference > stepAt(Math.max(was, now));
}

/** The step to which suggestions are rounded. */
function stepAt(size: number): number {
  if (size >= GIB) return 256 * MIB;
  return size >= 256 * MIB ? 64 * MIB : 16 * MIB;
}

export interface Sifted {
  readonly kept: readonly ProposedChange[];
  readonly declined: readonly { readonly change: ProposedChange; readonly decline: Decline }[];
}

/** Sorts out the changes that a person has declined and that have not got worse. */
export function siftDeclined(changes: readonly ProposedChange[], pulls: readonly PastPull[]): Sifted {
  const declines = findDeclines(pulls);
  const declined: { change: ProposedChange; decline: Decline }[] = [];
  const kept = changes.filter((change) => {
    const decline = declines.get(changeKey(change));
    if (decline === undefined || isWorse(change, decline)) return true;
    declined.push({ change, decline });
    return false;
  });
  return { kept, declined };
}
