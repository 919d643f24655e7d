import type { JoinedWorkload } from '../judge/join.ts';
import type { FollowedChange, FollowedContainer, Rollout, TakenBack } from '../model/follow-up.ts';
import type { WorkloadRef } from '../model/workload.ts';
import { decideVerdict, whoTookBack } from './decide-verdict.ts';
import { addLook } from './looks.ts';
import { momentOf, useBefore, useSince } from './use-since.ts';

/** Worse is worse, but what nobody takes back within so many seconds stays. */
export const WORSE_FOR = 30 * 86_400;

/** Longer than that nothing is followed. */
const FOLLOWED_FOR = 60 * 86_400;
/** Of what was merged before, and nobody has followed yet, it is too late to tell what came of it. */
const BEGUN_WITHIN = 14 * 86_400;

/** Whether it is still to be found out what came of a change. */
export function isFollowed({ settled, at, begun, containers }: FollowedChange, now: number): boolean {
  if (settled || now - at > FOLLOWED_FOR) return false;
  if (begun) return true;
  const isKnown = containers.some(({ rollout, verdict }) => rollout.state === 'rolled out' || verdict.kind !== 'open');
  return isKnown || now - at <= BEGUN_WITHIN;
}

/** What changes are followed by. Times are unix seconds, lengths seconds. */
export interface Following {
  readonly at: number;
  readonly confirmAfter: number;
  readonly takenBack: TakenBack;
  /** The workload as it was observed; undefined where it was not, or has no pods. */
  joinedOf(ref: WorkloadRef): JoinedWorkload | undefined;
  rolloutOf(change: FollowedChange, container: FollowedContainer): Rollout;
  /** Percent of the limit above which a container is red. */
  usageRed(ref: WorkloadRef, container: string): number;
}

/**
 * Takes each change further: how far it has come, what it did since, and what is to be said of it. What an earlier run has
 * found out stays. Pure; run twice at the same time, it gives the same.
 */
export function follow(known: readonly FollowedChange[], following: Following): FollowedChange[] {
  return known.map((change) => {
    if (!isFollowed(change, following.at)) return change;
    const containers = change.containers.map((container) =>
      isBefore(change, container, following.at) ? container : followOne(change, container, following),
    );
    return { ...change, containers, settled: containers.every((one) => isSettled(one, following.at)) };
  });
}

/** Whether a run looks at a time before what is known: a recording, or the clocks differ. It tells nothing of it. */
function isBefore({ how, at: mergedAt }: FollowedChange, { rollout }: FollowedContainer, at: number): boolean {
  return (how === 'merged' && at < mergedAt) || (rollout.state === 'rolled out' && at < rollout.at);
}

function isSettled({ verdict, rollout }: FollowedContainer, at: number): boolean {
  if (verdict.kind === 'open') return false;
  if (verdict.kind !== 'worse') return true;
  return rollout.state === 'rolled out' && at - rollout.at > WORSE_FOR;
}

function followOne(change: FollowedChange, known: FollowedContainer, following: Following): FollowedContainer {
  const { verdict } = known;
  if (verdict.kind !== 'open' && verdict.kind !== 'worse') return known;
  const now = following.rolloutOf(change, known);
  const rollout = advance(known.rollout, now, change, following.at);
  const joined = following.joinedOf(known.workload);
  const before = beforeOf(change, known, rollout, joined, following);
  const seen = { ...known, rollout, ...(before && { before }) };
  const isBack = whoTookBack(change, known, following) !== undefined;
  const measured = rollout.state === 'rolled out' && joined !== undefined && !isBack;
  const moment = momentOf(change, known);
  const after = measured ? useSince(joined, known.container, { ...moment, since: rollout.at }) : known.after;
  const looked =
    measured && after ? addLook({ ...seen, after }, rollout.at, following) : { ...seen, ...(after && { after }) };
  // When it came is not forgotten with what ended it.
  const came = known.rollout.state === 'rolled out' ? known.rollout : rollout;
  const isTakenBack = now.state === 'waiting' && isOver(now);
  return { ...looked, rollout: came, verdict: decideVerdict(change, looked, joined, following, isTakenBack) };
}

/** What has rolled out once has, whatever its pods do afterwards; but what declares another value by now is over. */
function advance(known: Rollout, now: Rollout, { at: mergedAt }: FollowedChange, at: number): Rollout {
  if (known.state === 'rolled out') return isOver(now) ? { state: now.state === 'gone' ? 'gone' : 'replaced' } : known;
  return now.state === 'rolled out' ? { state: 'rolled out', at: Math.min(Math.max(now.at, mergedAt), at) } : now;
}

/** What has rolled out and is declared no longer has been changed, or taken back. */
function isOver(now: Rollout): boolean {
  if (now.state !== 'waiting') return now.state === 'replaced' || now.state === 'gone';
  return now.obstacle.kind === 'not applied' || now.obstacle.kind === 'not synced';
}

/** Asked for until it is rolled out; what the pull request remembers of it is what fills the gaps. */
function beforeOf(
  change: FollowedChange,
  one: FollowedContainer,
  rollout: Rollout,
  joined: JoinedWorkload | undefined,
  { at, confirmAfter }: Following,
): FollowedContainer['before'] {
  const { before, rollout: known, container, values } = one;
  if (known.state === 'rolled out' || joined === undefined) return before;
  const until = rollout.state === 'rolled out' ? rollout.at : at;
  const limit = values.find(({ field }) => field === 'limit')?.from;
  const seen = useBefore(joined, container, until, confirmAfter, momentOf(change, one));
  // The kills that led to it may lie further back than is looked now.
  const isMore = (before?.oomKills ?? 0) > (seen?.oomKills ?? 0);
  return { ...before, ...seen, ...(isMore && pickKills(before)), ...(limit && { limit }) };
}

function pickKills({ oomKills, days }: FollowedContainer['before'] = {}): FollowedContainer['before'] {
  return { ...(oomKills !== undefined && { oomKills }), ...(days !== undefined && { days }) };
}
