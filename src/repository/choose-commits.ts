import { UserError } from '../errors.ts';
import type { Trigger } from '../event/trigger.ts';
import { type Credentials, explainMissingCommit, fetchMissing } from './fetch-missing.ts';
import type { Git } from './git.ts';
import { type CommitHeader, readHeader } from './git-tree.ts';

/** A commit that is there. */
export interface FoundCommit {
  readonly sha: string;
  readonly header: CommitHeader;
}

/** The two commits that a change is between. */
export interface CommitPair {
  /** Absent for the first commit of all. */
  readonly base?: FoundCommit;
  readonly head: FoundCommit;
  /** The one that GitHub shows annotations on, where that is not `head` and is there. */
  readonly shown?: FoundCommit;
}

/** What the choice is made from. */
export interface WantedCommits {
  readonly trigger: Trigger;
  /** The commit that the job was started for (`GITHUB_SHA`); without it the one that is checked out. */
  readonly commit?: string;
  readonly credentials: Credentials;
}

/** What a commit is there for, in words. */
type Roles = Readonly<Record<string, string>>;

/**
 * The commits to compare; what is not there is fetched. Throws a `UserError` where one can neither be found nor fetched.
 *
 * A pull request is judged as it will be when it is merged: GitHub's trial merge against its first parent, so that what the
 * base has changed meanwhile is no change of the pull request. A merge group is its head against what it builds on, a push
 * its end against its beginning, anything else the last commit against its first parent.
 */
export async function chooseCommits(git: Git, wanted: WantedCommits): Promise<CommitPair> {
  const { trigger } = wanted;
  const commit = wanted.commit ?? (await readCheckedOut(git));
  if (trigger.kind === 'pull request') return chooseOfPull(git, wanted, commit, trigger);
  if (trigger.kind === 'merge group') {
    const { base, head } = trigger;
    const roles = { [base.sha]: 'which the merge group builds on', [head.sha]: 'the head of the merge group' };
    const found = await findAll(git, wanted, roles, 0);
    return { base: need(found, base.sha), head: need(found, head.sha) };
  }
  const started = { [commit]: 'which the job was started for' };
  const before = trigger.kind === 'push' ? trigger.before : undefined;
  if (before !== undefined && before !== commit) {
    const found = await findAll(git, wanted, { ...started, [before]: 'which was there before the push' }, 0);
    return { base: need(found, before), head: need(found, commit) };
  }
  const head = need(await findAll(git, wanted, started, 2), commit);
  const [parent] = head.header.parents;
  if (parent === undefined) return { head };
  const found = await findAll(git, wanted, { [parent]: 'the parent of the one that the job was started for' }, 2);
  return { base: need(found, parent), head };
}

/**
 * Where the job was not started for GitHub's trial merge of this head (a run by hand, an older event), the head itself is
 * held against the commit at which its branch began. A history that is cut off does not say which that is: then it is the
 * base's newest of the event, and what the base has got since then looks as if the pull request took it away.
 */
async function chooseOfPull(
  git: Git,
  wanted: WantedCommits,
  commit: string,
  { base, head }: Extract<Trigger, { kind: 'pull request' }>,
): Promise<CommitPair> {
  const merge = await findMerge(git, wanted, commit, head.sha);
  if (merge !== undefined) {
    const [first = ''] = merge.header.parents;
    const role = { [first]: 'which the pull request merges into' };
    // Only for the lines of annotations: the head may be missing.
    const found = await findAll(git, wanted, role, 2, head.sha);
    return { base: need(found, first), head: merge, shown: found.get(head.sha) };
  }
  const roles = { [base.sha]: "the pull request's base", [head.sha]: "the pull request's head" };
  const found = await findAll(git, wanted, roles, 0);
  const { exitCode, stdout } = await git.run(['merge-base', head.sha, base.sha]);
  const began = stdout.toString().trim();
  const start = exitCode === 0 ? await readHeader(git, began) : undefined;
  return { base: start ? { sha: began, header: start } : need(found, base.sha), head: need(found, head.sha) };
}

/** GitHub's trial merge of a head, where `commit` is that. */
async function findMerge(
  git: Git,
  wanted: WantedCommits,
  commit: string,
  head: string,
): Promise<FoundCommit | undefined> {
  if (commit === head) return undefined;
  const merge = (await findOrFetch(git, [commit], wanted.credentials)).found.get(commit);
  const [, second, ...more] = merge?.header.parents ?? [];
  return second === head && more.length === 0 ? merge : undefined;
}

async function readCheckedOut(git: Git): Promise<string> {
  const { exitCode, stdout } = await git.run(['rev-parse', '--verify', 'HEAD^{commit}']);
  if (exitCode === 0) return stdout.toString().trim();
  throw new UserError('The repository in the workspace has no commit. Let actions/checkout check one out.');
}

type Found = ReadonlyMap<string, FoundCommit>;

/** All commits that have a role; `welcome` is found as well where that is possible. */
async function findAll(
  git: Git,
  { credentials }: WantedCommits,
  roles: Roles,
  fetchDepth: 0 | 2,
  welcome?: string,
): Promise<Found> {
  const needed = Object.keys(roles);
  const isWhole = (found: Found) => needed.every((sha) => found.has(sha));
  let { found, said } = await findOrFetch(git, welcome === undefined ? needed : [...needed, welcome], credentials);
  // Of several, a remote sends all or none.
  if (!isWhole(found) && welcome !== undefined) ({ found, said } = await findOrFetch(git, needed, credentials));
  const missing = needed.find((sha) => !found.has(sha));
  if (missing !== undefined) throw explainMissingCommit(missing, roles[missing] ?? '', said, fetchDepth);
  return found;
}

function need(found: Found, sha: string): FoundCommit {
  const commit = found.get(sha);
  if (commit === undefined) throw new Error(`the commit ${sha} was not looked for`);
  return commit;
}

async function findOrFetch(git: Git, shas: readonly string[], credentials: Credentials) {
  const found = await findThere(git, shas);
  const missing = shas.filter((sha) => !found.has(sha));
  if (missing.length === 0) return { found, said: '' };
  const said = (await fetchMissing(git, missing, credentials)) ?? '';
  return { found: new Map([...found, ...(await findThere(git, missing))]), said };
}

async function findThere(git: Git, shas: readonly string[]): Promise<Found> {
  const headers = await Promise.all(shas.map(async (sha) => [sha, await readHeader(git, sha)] as const));
  return new Map(headers.flatMap(([sha, header]) => (header === undefined ? [] : [[sha, { sha, header }] as const])));
}
