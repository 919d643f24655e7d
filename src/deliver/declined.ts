import { GIB, MIB } from '../bytes.ts';
import { type Change, changeKey } from './delivery-input.ts';
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
export interface Refusal {
  readonly number: number;
  readonly at: number;
  readonly changes: readonly MarkedChange[];
}

/** By container key: the newest pull request that held it decides, whatever its end. */
export function findRefusals(pulls: readonly PastPull[]): ReadonlyMap<string, Refusal> {
  const decided = new Map<string, Refusal | undefined>();
  for (const pull of [...pulls].sort((a, b) => b.number - a.number)) {
    const marker = readMarker(pull.body);
    if (marker === undefined || marker.closedByRun) continue;
    const refused = pull.state === 'closed' && pull.merged_at === null;
    for (const key of new Set(marker.changes.map((change) => change[0]))) {
      if (decided.has(key)) continue;
      const changes = marker.changes.filter((change) => change[0] === key);
      const at = pull.closed_at === null ? 0 : Date.parse(pull.closed_at) / 1000;
      decided.set(key, refused ? { number: pull.number, at, changes } : undefined);
    }
  }
  return new Map([...decided].flatMap(([key, refusal]) => (refusal === undefined ? [] : [[key, refusal] as const])));
}

/**
 * Whether a change that was refused has got worse since: a new OOMKill, a field that was not in question, or a value that
 * goes further than the refused one by more than 10 % and by more than one rounding step.
 */
export function isWorse(change: Change, refusal: Refusal): boolean {
  const killed = change.evidence?.oomKilledAt;
  if (killed !== undefined && killed > refusal.at) return true;
  const raising = change.location.suggestion.direction === 'raise';
  const old = new Map(refusal.changes.map(([, field, size]) => [field, size]));
  return markChanges([change]).some(([, field, size]) => {
    const refused = old.get(field);
    if (refused === undefined) return field === 'limit';
    return isBeyond(refused, size) && (raising ? size > refused : size < refused);
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
  readonly kept: readonly Change[];
  readonly refused: readonly { readonly change: Change; readonly refusal: Refusal }[];
}

/** Sorts out the changes that a person has refused and that have not got worse. */
export function siftRefused(changes: readonly Change[], pulls: readonly PastPull[]): Sifted {
  const refusals = findRefusals(pulls);
  const refused: { change: Change; refusal: Refusal }[] = [];
  const kept = changes.filter((change) => {
    const refusal = refusals.get(changeKey(change));
    if (refusal === undefined || isWorse(change, refusal)) return true;
    refused.push({ change, refusal });
    return false;
  });
  return { kept, refused };
}
