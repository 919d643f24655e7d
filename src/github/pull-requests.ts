import type { PullRequestOptions } from '../deliver/delivery-input.ts';
import type { Github } from './create-github.ts';
import { explainGithubError, readFailure } from './explain-github-error.ts';

/** A pull request as far as a run looks at it. */
export interface Pull {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly title: string;
  readonly body: string | null;
  /** Who opened it; null where the account is gone. */
  readonly user: { readonly login: string; readonly type: string } | null;
  readonly merged_at: string | null;
  readonly closed_at: string | null;
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly full_name: string } | null };
  readonly base: { readonly ref: string };
  /** Set where it is to be merged by itself once its checks and reviews are there. */
  readonly auto_merge?: object | null;
}

/** All pull requests of a branch of this repository, the newest first. One of a fork that is gone names no repository. */
export async function listPulls(github: Github, branch: string): Promise<Pull[]> {
  const { owner, repo } = github;
  const pulls: Pull[] = [];
  for (let page = 1; ; page++) {
    const query = { state: 'all', head: `${owner}:${branch}`, sort: 'created', direction: 'desc' } as const;
    const { data } = await github.request('GET /repos/{owner}/{repo}/pulls', {
      owner,
      repo,
      ...query,
      per_page: 100,
      page,
    });
    pulls.push(...data);
    if (data.length < 100) break;
  }
  const full = `${owner}/${repo}`.toLowerCase();
  return pulls.filter(({ head }) => head.ref === branch && head.repo?.full_name.toLowerCase() === full);
}

/** Whether the pull request conflicts with its base; false while GitHub has not worked it out. */
export async function conflicts(github: Github, number: number): Promise<boolean> {
  const { owner, repo } = github;
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const { data } = await github.request(route, { owner, repo, pull_number: number });
  return data.mergeable_state === 'dirty';
}

export async function updatePull(
  github: Github,
  number: number,
  change: { readonly title?: string; readonly body?: string; readonly state?: 'closed' },
): Promise<Pull> {
  const { owner, repo } = github;
  const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
  const { data } = await github.request(route, { owner, repo, pull_number: number, ...change });
  return data;
}

export interface NewPull {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

/** Opens it; undefined where there is one already. A plan without drafts gets it without. */
export async function createPull(github: Github, pull: NewPull): Promise<Pull | undefined> {
  const { owner, repo } = github;
  try {
    const { data } = await github.request('POST /repos/{owner}/{repo}/pulls', { owner, repo, ...pull });
    return data;
  } catch (error) {
    const failure = readFailure(error);
    if (/pull request already exists/i.test(failure.message)) return undefined;
    if (pull.draft && failure.status === 422 && /draft/i.test(failure.message)) {
      github.log.warn('This repository does not take draft pull requests; it is opened as a plain one.');
      return createPull(github, { ...pull, draft: false });
    }
    throw error;
  }
}

/** Asks for labels, reviewers, teams and assignees. What GitHub refuses is said and never stops the run. */
export async function finishPull(github: Github, number: number, options: PullRequestOptions): Promise<void> {
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
        name === 'team-reviewers' ? ' GITHUB_TOKEN cannot see teams: give github-token the token of a GitHub App.' : '';
      const attempt = { doing: `set the ${name} of pull request #${number}`, permission: 'pull-requests: write' };
      github.log.warn(explainGithubError(error, attempt) + teams);
    }
  }
}

/** Whether anything is to be asked for after the pull request was opened. */
export function hasFinish(options: PullRequestOptions): boolean {
  return [options.labels, options.reviewers, options.teamReviewers, options.assignees].some((list) => list.length > 0);
}
