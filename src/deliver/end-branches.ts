import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import { explainGithubError, isNotPermittedToCreate, readFailure } from '../github/explain-github-error.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { encodePath } from '../text/markdown.ts';
import { branchFolder } from './branch-names.ts';
import { takesPlace } from './claim-place.ts';
import { type CloseInput, closeBranch, explainClosing } from './close-pull-request.ts';
import type { DeliveryContext } from './deliverable.ts';
import type { KnownPulls } from './own-pulls.ts';
import { findUnseen } from './scope.ts';

/** The branches that this run proposes nothing for: how many take a place, and what is told of them. */
export interface Beside {
  readonly open: number;
  readonly results: readonly PullRequestResult[];
}

/** Ends those that nothing is left for. After an incomplete run all stay: what is missing may be what was not seen. */
export async function endOthers(
  input: CloseInput & Pick<DeliveryContext, 'complete'>,
  others: readonly (readonly [branch: string, head: string])[],
  pulls: KnownPulls,
): Promise<Beside> {
  const results: PullRequestResult[] = [];
  let open = 0;
  for (const [branch, head] of others) {
    const known = pulls.of(branch);
    if (!input.complete) {
      if (takesPlace(known, head)) open++;
      continue;
    }
    try {
      const ended = await closeBranch(input, branch, head, known);
      if (ended.open) open++;
      if (ended.result !== undefined) results.push(ended.result);
    } catch (error) {
      open++;
      const why = explain(error, 'close a pull request with nothing left to change', branch);
      results.push({ state: 'failed', branch, title: branch, suggestions: [], why });
    }
  }
  return { open, results };
}

/** Explains what an earlier run closed that died before it could say why. */
export async function explainClosings(input: CloseInput, { own }: KnownPulls): Promise<void> {
  if (input.options.dryRun) return;
  const folder = branchFolder(input.options);
  for (const pull of own) {
    const { marker, state, head, closedAt = 0 } = pull;
    const isOwed = state === 'closed' && marker.closedByRun === true && marker.unexplained === true;
    // One that was closed since this run began is being explained by the run that closed it.
    if (!isOwed || closedAt > input.at || !head.branch.startsWith(folder)) continue;
    if (findUnseen(input.scope, marker).length > 0) continue;
    try {
      await explainClosing(input, pull);
    } catch (error) {
      input.github.log.debug(`#${pull.number}: ${messageOf(error)}`);
    }
  }
}

/** A branch that could not be delivered, with the way to open its pull request by hand where only that is forbidden. */
export function tellFailed(
  github: Github,
  { base }: Pick<DeliveryContext, 'base'>,
  { branch, title, suggestions }: Pick<PullRequestResult, 'branch' | 'title' | 'suggestions'>,
  error: unknown,
): PullRequestResult {
  github.log.debug(`${branch}: ${messageOf(error)}`);
  const { htmlUrl } = base.repository;
  const address = `${htmlUrl}/compare/${encodePath(base.branch)}...${encodePath(branch)}?expand=1`;
  const byHand = isNotPermittedToCreate(readFailure(error))
    ? ` The branch exists: open the pull request by hand at ${address}`
    : '';
  const why = explain(error, 'open or update the pull request', branch) + byHand;
  return { state: 'failed', branch, title, suggestions, why };
}

export function explain(error: unknown, doing: string, branch: string): string {
  const failure = readFailure(error);
  if (failure.status === undefined && failure.types.length === 0) return `Could not ${doing}: ${messageOf(error)}`;
  return explainGithubError(error, {
    doing,
    branch,
    branchOption: 'pull-request-branch-prefix',
    permission: 'contents: write" and "pull-requests: write',
  });
}
