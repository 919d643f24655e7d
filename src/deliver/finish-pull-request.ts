import type { Github } from '../github/create-github.ts';
import { explainGithubError } from '../github/explain-github-error.ts';
import type { PullRequestOptions } from './delivery-input.ts';

/** Asks for labels, reviewers, teams and assignees. What GitHub refuses is said and never stops the run. */
export async function finishPullRequest(github: Github, number: number, options: PullRequestOptions): Promise<void> {
  const { owner, repo } = github;
  const pull = { owner, repo, pull_number: number };
  const issue = { owner, repo, issue_number: number };
  const reviewers = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers';
  const steps: readonly [name: string, wanted: readonly string[], ask: (wanted: string[]) => Promise<unknown>][] = [
    [
      'labels',
      options.labels,
      (labels) => github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...issue, labels }),
    ],
    ['reviewers', options.reviewers, (names) => github.request(reviewers, { ...pull, reviewers: names })],
    ['team-reviewers', options.teamReviewers, (teams) => github.request(reviewers, { ...pull, team_reviewers: teams })],
    [
      'assignees',
      options.assignees,
      (assignees) =>
        github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', { ...issue, assignees }),
    ],
  ];
  for (const [name, wanted, ask] of steps) {
    if (wanted.length === 0) continue;
    try {
      await ask([...wanted]);
    } catch (error) {
      const teams =
        name === 'team-reviewers'
          ? ' GITHUB_TOKEN cannot see teams: set github-token to the token of a GitHub App.'
          : '';
      const attempt = { doing: `set the ${name} of pull request #${number}`, permission: 'pull-requests: write' };
      github.log.warn(explainGithubError(error, attempt) + teams);
    }
  }
}

/** Whether anything is to be asked for after the pull request was opened. */
export function hasFinish(options: PullRequestOptions): boolean {
  return [options.labels, options.reviewers, options.teamReviewers, options.assignees].some((list) => list.length > 0);
}
