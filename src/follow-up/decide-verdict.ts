import type { JoinedWorkload } from '../judge/join.ts';
import { type FollowedChange, type FollowedContainer, keyOfFollowed, type Verdict } from '../model/follow-up.ts';
import type { Following } from './follow.ts';
import { takesBack } from './join-known.ts';
import { killSince, momentOf } from './use-since.ts';

/**
 * What is to be said of a change to one container, with what is known of it by now. `isFormer`: the old values are
 * declared.
 */
export function decideVerdict(
  change: FollowedChange,
  container: FollowedContainer,
  joined: JoinedWorkload | undefined,
  following: Following,
  isFormer: boolean,
): Verdict {
  const { rollout, verdict } = container;
  const by = whoTookBack(change, container, following);
  if (by !== undefined) return { kind: 'reverted', by };
  if (rollout.state === 'gone') return { kind: 'gone' };
  const since = rollout.state === 'rolled out' ? { since: rollout.at } : {};
  const moment = { ...momentOf(change, container), ...since };
  const { limit } = moment;
  const kill = joined && killSince(joined, container.container, moment);
  if (rollout.state === 'replaced') {
    const isWorse = verdict.kind === 'worse' || (kill !== undefined && limit !== undefined);
    return isWorse && isFormer ? { kind: 'reverted' } : { kind: 'replaced' };
  }
  // It ran and is undone, both before a run saw it.
  if (isFormer && rollout.state === 'waiting' && kill !== undefined) return { kind: 'reverted' };
  if (verdict.kind === 'worse') return verdict;
  const isOut = rollout.state === 'rolled out';
  // Going back is not tried again, whatever comes of it.
  if (isOut && kill !== undefined && takesBack(change, container))
    return { kind: 'not confirmed', why: 'killed since' };
  if (kill !== undefined && limit !== undefined && !takesBack(change, container)) {
    const killed = decideKilled(container, kill.at);
    if (isOut || killed.kind === 'worse') return killed;
  }
  if (!isOut) return verdict;
  if (following.at < rollout.at + following.confirmAfter || !isWhole(joined, container)) return { kind: 'open' };
  return decideAtEnd(container, following);
}

/** The number of the merged pull request that took a change to one container back. */
export function whoTookBack(
  { number }: FollowedChange,
  container: FollowedContainer,
  { takenBack }: Pick<Following, 'takenBack'>,
): number | undefined {
  return number === undefined ? undefined : takenBack.get(number)?.get(keyOfFollowed(container));
}

/** A kill at a lowered limit is the change's doing; one at a raised limit says that size was not the matter, where kills led to it. */
function decideKilled({ direction, before }: FollowedContainer, at: number | undefined): Verdict {
  const killedAt = at === undefined ? {} : { killedAt: at };
  if (direction === 'lower') return { kind: 'worse', why: 'killed after lowering', ...killedAt };
  if ((before?.oomKills ?? 0) > 0) return { kind: 'worse', why: 'still killed after raising', ...killedAt };
  return { kind: 'not confirmed', why: 'killed since' };
}

/** Whether a run saw enough to tell the end: one that looked elsewhere, or got parts only, leaves that to another. */
function isWhole(joined: JoinedWorkload | undefined, { container }: FollowedContainer): boolean {
  if (joined === undefined) return false;
  const seen = [...joined.pods.flatMap(({ containers }) => containers), ...joined.gone];
  return !seen.some((one) => one.container === container && one.partial);
}

function decideAtEnd(container: FollowedContainer, { usageRed }: Following): Verdict {
  const { after, values, workload } = container;
  if (after?.peak === undefined) return { kind: 'not confirmed', why: 'not measured' };
  const limit = values.find(({ field }) => field === 'limit')?.to;
  if (limit === undefined) return { kind: 'confirmed' };
  const isRed = after.used !== undefined && (after.used / limit) * 100 > usageRed(workload, container.container);
  if (isRed) return { kind: 'not confirmed', why: 'still over the red line' };
  return { kind: 'confirmed', backtestHeld: after.peak <= limit };
}
