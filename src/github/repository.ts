import { UserError } from '../errors.ts';
import type { Github } from './create-github.ts';
import { explainGithubError, readFailure } from './explain-github-error.ts';
import { untilUnlocked } from './until-there.ts';

/** What a ref must be to be created, or becomes when it is deleted. */
const NO_COMMIT = '0000000000000000000000000000000000000000';

export interface Repository {
  /** `owner/name` as it is now: the run may have been started under an older name, which GitHub redirects. */
  readonly fullName: string;
  readonly nodeId: string;
  readonly defaultBranch: string;
  readonly htmlUrl: string;
}

/** Throws a UserError when the repository cannot be seen. */
export async function readRepository(github: Github): Promise<Repository> {
  const { owner, repo } = github;
  try {
    const { data } = await github.request('GET /repos/{owner}/{repo}', { owner, repo });
    return {
      fullName: data.full_name,
      nodeId: data.node_id,
      defaultBranch: data.default_branch,
      htmlUrl: data.html_url,
    };
  } catch (cause) {
    const text = explainGithubError(cause, {
      doing: `read the repository ${owner}/${repo}`,
      permission: 'contents: read',
    });
    throw new UserError(text, { cause });
  }
}

/** The same client under the repository's present name: not everything that takes a name is redirected. */
export function underPresentName(github: Github, { fullName }: Repository): Github {
  const [owner = github.owner, repo = github.repo] = fullName.split('/');
  return { ...github, owner, repo };
}

/** The commit that a branch points to; undefined where there is no such branch. */
export async function readBranch(github: Github, branch: string): Promise<string | undefined> {
  const { owner, repo } = github;
  try {
    const ref = `heads/${branch}`;
    const { data } = await github.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo, ref });
    return data.object.sha;
  } catch (error) {
    if (readFailure(error).status === 404) return undefined;
    throw error;
  }
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

export async function readCommit(github: Github, sha: string): Promise<Commit> {
  const { owner, repo } = github;
  const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
  const { data } = await github.request(route, { owner, repo, commit_sha: sha });
  return { sha, tree: data.tree.sha, parents: data.parents.map((parent) => parent.sha), message: data.message };
}

/** Names and commits of the branches whose name starts with `prefix`. */
export async function listBranches(github: Github, prefix: string): Promise<ReadonlyMap<string, string>> {
  const { owner, repo } = github;
  const ref = `heads/${prefix}`;
  const { data } = await github.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', { owner, repo, ref });
  return new Map(data.map((one) => [one.ref.replace(/^refs\/heads\//, ''), one.object.sha]));
}

const UPDATE_REFS = `mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`;

export type BranchUpdate =
  | { readonly state: 'moved' }
  /** It is where it was to go, but somebody else may have brought it there. */
  | { readonly state: 'there' }
  /** Someone else moved it: `now` is where it points (undefined: gone). */
  | { readonly state: 'raced'; readonly now: string | undefined };

/**
 * Moves, creates (`before` undefined) or deletes (`after` undefined) a branch, only if it still points to `before`. An
 * answer that was lost is looked up; a refusal is thrown.
 */
export async function moveBranch(
  github: Github,
  repositoryId: string,
  branch: string,
  before: string | undefined,
  after: string | undefined,
): Promise<BranchUpdate> {
  const refUpdate = {
    name: `refs/heads/${branch}`,
    beforeOid: before ?? NO_COMMIT,
    afterOid: after ?? NO_COMMIT,
    force: true,
  };
  try {
    await untilUnlocked(github, () =>
      github.graphql(UPDATE_REFS, { input: { repositoryId, refUpdates: [refUpdate] } }),
    );
    return { state: 'moved' };
  } catch (error) {
    const now = await readBranch(github, branch);
    if (now === after) return { state: after === undefined ? 'there' : 'moved' };
    if (now !== before) return { state: 'raced', now };
    throw error;
  }
}
