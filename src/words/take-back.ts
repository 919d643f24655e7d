import { formatBytes } from '../bytes.ts';
import type { FollowedChange, FollowedContainer, UseOverTime } from '../model/follow-up.ts';
import type { Reverted, Suggestion, Withheld } from '../model/suggestion.ts';
import { bytesOf } from '../model/workload.ts';
import { count } from '../text/format.ts';

/** Why a value is to be what it was; plain text. */
export function sayReverted({ number }: FollowedChange, { verdict }: FollowedContainer): string {
  const what = number === undefined ? 'the change' : `#${number}`;
  return verdict.kind === 'worse' && verdict.why === 'still killed after raising'
    ? `what it was before ${what}: a leak, not the size`
    : `what it was before ${what}`;
}

/** Why a request goes down with the limit that is taken back; plain text. */
export function sayHeldToLimit(): string {
  return 'no more than its limit';
}

/** Why what was tried is not proposed again; plain text. */
export function sayTried({ number }: FollowedChange, { direction, verdict }: FollowedContainer): Pick<Withheld, 'why'> {
  const what = number === undefined ? 'A change by hand' : `#${number}`;
  const by = verdict.kind === 'reverted' && verdict.by !== undefined ? ` with #${verdict.by}` : '';
  const did =
    direction === 'lower' ? 'lowered it, and it was OOM-killed' : 'raised it, and it was OOM-killed all the same';
  const then = direction === 'lower' ? '' : ': look for a leak';
  return { why: `${what} ${did}; that was taken back${by}, and is not proposed again for 30 days${then}` };
}

/** What a change did that is taken back; one sentence or two of plain text, after the container's name. */
export function sayTakenBack({ number, why, before, after }: Reverted, suggestion: Suggestion): string {
  const what = number === undefined ? 'a change' : `#${number}`;
  const to = bytesOf(suggestion.limit?.from);
  const from = suggestion.limit?.to;
  const verb = why === 'killed after lowering' ? 'lowered' : 'raised';
  const values =
    from === undefined || to === undefined
      ? 'changed it'
      : `${verb} its limit from ${formatBytes(from)} to ${formatBytes(to)}`;
  const end =
    why === 'killed after lowering'
      ? 'This takes it back.'
      : 'More memory did not help, which is what a leak looks like. This takes the raise back; look for the leak.';
  return `was OOM-killed since ${what} ${values}. Before: ${sayUse(before)}. Since: ${sayUse(after)}. ${end}`;
}

function sayUse(use: UseOverTime | undefined): string {
  if (use === undefined) return 'not known';
  const kills = use.oomKills ?? 0;
  return [
    ...(use.peak === undefined ? [] : [`at most ${formatBytes(use.peak)}`]),
    kills === 0 ? 'no OOM kill' : count(kills, 'OOM kill'),
  ].join(', ');
}
