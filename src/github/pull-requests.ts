import type { Github } from './create-github.ts';
import { readFailure } from './explain-github-error.ts';

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
      github.log.warn('This repository does not support draft pull requests; opening a regular one instead.');
      return createPull(github, { ...pull, draft: false });
    }
    throw error;
  }
}
