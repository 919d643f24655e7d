import { isRemembered, keepFollowUp } from '../deliver/keep-follow-up.ts';
import { messageOf } from '../errors.ts';
import { isFollowed } from '../follow-up/follow.ts';
import type { Github } from '../github/create-github.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { type FollowedChange, keyOfFollowed } from '../model/follow-up.ts';
import { type CommentContext, writeFollowUpComment } from '../report/follow-up-comment.ts';
import type { InspectionContext } from './context.ts';
import type { KnownChanges } from './read-changes.ts';

/** What waits for its rollout is told of after so many seconds. */
const PATIENCE = 86_400;

/** The states of a pull request that can be merged. */
const OPEN: readonly PullRequestResult['state'][] = ['opened', 'updated', 'unchanged', 'edited by a person'];

/**
 * Tells and remembers what came of the changes on their pull requests. Gives a sentence for each that failed; the others go
 * on.
 */
export async function keepFollowUps(
  context: InspectionContext,
  github: Github,
  pullRequests: readonly PullRequestResult[],
  reportUrl: string | undefined,
): Promise<readonly string[]> {
  const { followUps, observation, options, runner, known } = context;
  if (options.dryRun) return [];
  const failures: string[] = [];
  for (const change of followUps.changes) {
    if (!isToBeTold(change, known, observation.at)) continue;
    const comment = hasSomethingToTell(change, observation.at)
      ? writeFollowUpComment(change, commentContext(context, change, pullRequests, reportUrl))
      : undefined;
    try {
      await keepFollowUp(github, { change, comment, clusterName: options.clusterName });
      runner.log.step(`Followed up #${change.number}`);
    } catch (thrown) {
      failures.push(messageOf(thrown));
    }
  }
  return failures;
}

/** What was settled before this run has been told. */
function isToBeTold(change: FollowedChange, { merged, withdrawn }: KnownChanges, at: number): boolean {
  const before = [...merged, ...withdrawn].find(({ number }) => number === change.number);
  if (change.number === undefined || before === undefined || !isFollowed(before, at)) return false;
  // What holds it up, and what takes it back, is told as it is now; the rest stays from one look to the next.
  const isOnTheMove = change.containers.some(
    ({ rollout, verdict }) => verdict.kind === 'worse' || (verdict.kind === 'open' && rollout.state !== 'rolled out'),
  );
  return isOnTheMove || !isRemembered(before, change);
}

/** What this run did not see, another one tells: two jobs would else rewrite each other's words. */
function hasSomethingToTell({ at: mergedAt, unannounced, containers }: FollowedChange, at: number): boolean {
  // Of a new version nobody expects a comment on everything that was merged before it.
  if (unannounced) return containers.some(({ verdict }) => verdict.kind === 'worse' || verdict.kind === 'reverted');
  if (containers.some(({ rollout, verdict }) => rollout.state === 'not seen' && verdict.kind === 'open')) return false;
  return containers.some(
    ({ looks, verdict, rollout }) =>
      looks.length > 0 || verdict.kind !== 'open' || (rollout.state === 'waiting' && at - mergedAt >= PATIENCE),
  );
}

function commentContext(
  { options, inspection }: InspectionContext,
  change: FollowedChange,
  pullRequests: readonly PullRequestResult[],
  reportUrl: string | undefined,
): CommentContext {
  const worse = new Set(change.containers.filter(({ verdict }) => verdict.kind === 'worse').map(keyOfFollowed));
  const reverting = new Set(
    inspection.workloads.flatMap(({ containers }) =>
      containers.flatMap(({ suggestion }) =>
        suggestion?.reverts === undefined || suggestion.reverts.number !== change.number
          ? []
          : [keyOfFollowed(suggestion)],
      ),
    ),
  );
  const back = pullRequests.find(
    ({ number, state, suggestions }) =>
      number !== undefined && OPEN.includes(state) && suggestions.some((key) => worse.has(key) && reverting.has(key)),
  );
  return {
    clusterName: options.clusterName,
    timeZone: options.timeZone,
    reportUrl,
    confirmAfter: options.confirmAfter,
    revert: back?.number === undefined ? undefined : { number: back.number, url: back.url },
  };
}
