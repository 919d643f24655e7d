import type { Github } from './create-github.ts';
import { readFailure } from './explain-github-error.ts';

/** A pull request as GitHub has it at this moment. */
export interface PullNow {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  /** Unix seconds. */
  readonly createdAt: number;
  readonly title: string;
  readonly body: string;
  readonly base: string;
  readonly head: string;
  /** Whether it can be merged; GitHub works that out only after it was asked. */
  readonly merges: 'clean' | 'conflicts' | 'unknown';
}

export async function readPull(github: Github, number: number): Promise<PullNow> {
  const { owner, repo } = github;
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const { data } = await github.request(route, { owner, repo, pull_number: number });
  const merges = data.mergeable_state === 'dirty' ? 'conflicts' : data.mergeable === null ? 'unknown' : 'clean';
  return { ...toPullNow(data), merges };
}

/** Seconds before GitHub is asked once more whether a pull request merges. */
const WAITS = [1, 2, 3, 5];

/** Whether a pull request merges. GitHub begins to work it out when it is asked, so it is asked a few times. */
export async function readMerges(github: Github, number: number): Promise<PullNow['merges']> {
  let { state, merges } = await readPull(github, number);
  for (const seconds of WAITS) {
    if (merges !== 'unknown' || state !== 'open') break;
    await github.pause(seconds);
    ({ state, merges } = await readPull(github, number));
  }
  return merges;
}

export type PullUpdate = { readonly title?: string; readonly body?: string; readonly state?: 'closed' };
export type UpdatedPull = Omit<PullNow, 'merges'>;

export async function updatePull(github: Github, number: number, change: PullUpdate): Promise<UpdatedPull> {
  const { owner, repo } = github;
  const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
  const { data } = await github.request(route, { owner, repo, pull_number: number, ...change });
  return toPullNow(data);
}

export interface NewPull {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

/** Opens it; undefined where there is one already. A plan without drafts gets it without. */
export async function createPull(github: Github, pull: NewPull): Promise<UpdatedPull | undefined> {
  const { owner, repo } = github;
  try {
    const { data } = await github.request('POST /repos/{owner}/{repo}/pulls', { owner, repo, ...pull });
    return toPullNow(data);
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

/** Takes a label off; one that is off already is no failure. */
export async function removeLabel(github: Github, number: number, name: string): Promise<void> {
  const { owner, repo } = github;
  try {
    const route = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
    await github.request(route, { owner, repo, issue_number: number, name });
  } catch (error) {
    if (readFailure(error).status !== 404) throw error;
  }
}

interface AnsweredPull {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly created_at: string;
  readonly title: string;
  readonly body: string | null;
  readonly base: { readonly ref: string };
  readonly head: { readonly sha: string };
}

function toPullNow(pull: AnsweredPull): UpdatedPull {
  const { number, html_url: url, title, body, base, head } = pull;
  const state = pull.state === 'open' ? 'open' : 'closed';
  const createdAt = Date.parse(pull.created_at) / 1000;
  return { number, url, state, createdAt, title, body: body ?? '', base: base.ref, head: head.sha };
}
