import { messageOf } from '../errors.ts';
import { blobShaOf, type CommitFiles, openCommit } from '../github/commit-files.ts';
import type { Github } from '../github/create-github.ts';
import { explainGithubError, type GithubFailure, readFailure } from '../github/explain-github-error.ts';
import {
  moveBranch,
  type Repository,
  readBranch,
  readCommit,
  readRepository,
  underPresentName,
} from '../github/repository.ts';
import { isLocked } from '../github/until-there.ts';
import { type FileChanges, splitCommit } from './split-commit.ts';

export interface ReportCommitInput {
  /** The option `report-branch`; the default branch where absent. Created from the default branch when missing. */
  readonly branch?: string;
  readonly headline: string;
  readonly body?: string;
  /**
   * The files to write, from what is on the branch now, those that link others last; called again when the branch has
   * moved.
   */
  files(current: Pick<CommitFiles, 'read' | 'list'>): Promise<FileChanges>;
  /** Takes out of a text what changes with every run (the time); texts that are then equal make no commit. */
  withoutTime?(path: string, text: string): string;
  /** Whether a file only shows in another way what the others hold: where it is there, it makes no commit of its own. */
  isDerived?(path: string): boolean;
}

export type ReportCommit =
  /** `sha` is the last commit of the series. */
  | { readonly state: 'committed'; readonly sha: string; readonly url: string; readonly branch: string }
  /** `sha` is the branch's head, which has the same report already. */
  | { readonly state: 'unchanged'; readonly sha: string; readonly branch: string }
  /** `why` is one sentence that names the setting, the permission or the option. */
  | { readonly state: 'failed'; readonly why: string };

/** How often in a row no commit may be made, and in all for each commit that the report takes at first. */
const RETRIES = 5;

const CREATE_COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } }
}`;

/**
 * Commits the report on top of whatever the branch is at, and never over somebody else's commit: a branch that has moved
 * is read again and the files are made anew. It is one commit, or a series where one would be too large. What is there
 * already is not committed, so a series that was cut off goes on where it ended. A commit whose answer was lost is found
 * again.
 */
export async function commitReport(github: Github, input: ReportCommitInput): Promise<ReportCommit> {
  let branch = input.branch ?? 'the default branch';
  try {
    const repository = await readRepository(github);
    branch = input.branch ?? repository.defaultBranch;
    return await commitOnBranch(underPresentName(github, repository), repository, branch, input);
  } catch (thrown) {
    if (readFailure(thrown).status === undefined && readFailure(thrown).types.length === 0)
      return { state: 'failed', why: `Could not commit the report: ${messageOf(thrown)}` };
    const attempt = {
      doing: `commit the report to ${branch}`,
      branch,
      branchOption: 'report-branch',
      permission: 'contents: write',
    } as const;
    return { state: 'failed', why: explainGithubError(thrown, attempt) };
  }
}

async function commitOnBranch(
  github: Github,
  repository: Repository,
  branch: string,
  input: ReportCommitInput,
): Promise<ReportCommit> {
  const tried = new Set<string>();
  let most: number | undefined;
  let failures = 0;
  let inARow = 0;
  let unanswered: { readonly head: string; readonly error: unknown } | undefined;
  for (;;) {
    const head = (await readBranch(github, branch)) ?? (await createBranch(github, repository, branch));
    const changes = await findChanges(openCommit(github, head), input);
    if (changes === undefined) {
      const own = tried.size === 0 ? undefined : await findOwnCommit(github, repository, head, tried, input.headline);
      return own === undefined ? { state: 'unchanged', sha: head, branch } : { state: 'committed', ...own, branch };
    }
    if (unanswered?.head === head) throw unanswered.error;
    const series = splitCommit(changes);
    most ??= RETRIES * series.length;
    const made = await createCommits(github, branch, head, series, input);
    if (made.state === 'committed') return { ...made, branch };
    const failure = readFailure(made.error);
    failures++;
    inARow = made.head === head ? inARow + 1 : 1;
    if (inARow > RETRIES || failures > most || !mayTryAgain(failure)) throw made.error;
    // Whether it was made is looked up, but one that was not is not asked for again: the client did, and each costs minutes.
    unanswered = failure.unanswered ? made : undefined;
    tried.add(made.head);
    // A read may be behind the branch's move: at once, it would show the same again.
    if (inARow > 1) await github.pause(2 ** (inARow - 2));
    github.log.debug(`${branch} has moved or the answer was lost; reading it again (${failures})`);
  }
}

type Made =
  | { readonly state: 'committed'; readonly sha: string; readonly url: string }
  /** `head` is where the branch was to be when the commit was refused or its answer lost. */
  | { readonly state: 'stopped'; readonly head: string; readonly error: unknown };

/** Makes each commit upon the one before, as long as nobody else moves the branch. */
async function createCommits(
  github: Github,
  branch: string,
  start: string,
  series: readonly FileChanges[],
  input: ReportCommitInput,
): Promise<Made> {
  let head = start;
  let url = '';
  for (const [index, changes] of series.entries()) {
    // The last one has the plain headline: with it, the report is whole.
    const part = index + 1 < series.length ? ` (part ${index + 1} of ${series.length})` : '';
    try {
      const commit = await createCommit(github, branch, head, changes, { ...input, headline: input.headline + part });
      head = commit.oid;
      url = commit.url;
    } catch (error) {
      return { state: 'stopped', head, error };
    }
  }
  return { state: 'committed', sha: head, url };
}

function mayTryAgain({ types, status = 0, message }: GithubFailure): boolean {
  const hasFailed = status >= 500 || /Something went wrong while executing/i.test(message);
  return hasFailed || types.includes('STALE_DATA') || isLocked(message);
}

async function createBranch(github: Github, repository: Repository, branch: string): Promise<string> {
  const start = await readBranch(github, repository.defaultBranch);
  if (start === undefined) throw new Error('the repository is empty. Push a first commit.');
  const update = await moveBranch(github, repository.nodeId, branch, undefined, start);
  return update.state === 'raced' && update.now !== undefined ? update.now : start;
}

/** What differs from the branch in more than the time; undefined where nothing does. */
async function findChanges(current: CommitFiles, input: ReportCommitInput): Promise<FileChanges | undefined> {
  const wanted = await input.files(current);
  const withoutTime = input.withoutTime ?? ((_path: string, text: string) => text);
  const additions: { path: string; text: string }[] = [];
  let material = false;
  for (const { path, text } of wanted.additions) {
    refuseUnsafe(path);
    const before = await current.sha(path);
    if (before === blobShaOf(text)) continue;
    additions.push({ path, text });
    if (before !== undefined && input.isDerived?.(path)) continue;
    material ||=
      before === undefined || withoutTime(path, (await current.read(path)) ?? '') !== withoutTime(path, text);
  }
  const written = new Set(wanted.additions.map(({ path }) => path));
  const deletions: string[] = [];
  for (const path of new Set(wanted.deletions)) {
    refuseUnsafe(path);
    if (!written.has(path) && (await current.sha(path)) !== undefined) deletions.push(path);
  }
  return material || deletions.length > 0 ? { additions, deletions } : undefined;
}

function refuseUnsafe(path: string): void {
  const segments = path.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..') || segments[0] === '.github')
    throw new Error(`a report may not be written to ${path}. Change report-directory.`);
}

async function createCommit(
  github: Github,
  branch: string,
  expectedHeadOid: string,
  changes: FileChanges,
  { headline, body }: Pick<ReportCommitInput, 'headline' | 'body'>,
): Promise<{ oid: string; url: string }> {
  const additions = changes.additions.map(({ path, text }) => ({
    path,
    contents: Buffer.from(text).toString('base64'),
  }));
  const deletions = changes.deletions.map((path) => ({ path }));
  const answer = await github.graphql<{ createCommitOnBranch: { commit: { oid: string; url: string } } }>(
    CREATE_COMMIT,
    {
      input: {
        branch: { repositoryNameWithOwner: `${github.owner}/${github.repo}`, branchName: branch },
        expectedHeadOid,
        message: { headline, ...(body === undefined ? {} : { body }) },
        // GitHub takes empty lists for a failed query.
        fileChanges: { ...(additions.length > 0 ? { additions } : {}), ...(deletions.length > 0 ? { deletions } : {}) },
      },
    },
  );
  return answer.createCommitOnBranch.commit;
}

/** A commit of this run whose answer was lost: it has the headline and stands upon a head that was tried. */
async function findOwnCommit(
  github: Github,
  repository: Repository,
  head: string,
  tried: ReadonlySet<string>,
  headline: string,
): Promise<{ sha: string; url: string } | undefined> {
  let sha: string | undefined = head;
  for (let depth = 0; depth < 10 && sha !== undefined; depth++) {
    const commit = await readCommit(github, sha);
    const parent = commit.parents[0];
    if (parent !== undefined && tried.has(parent) && commit.message.split('\n')[0] === headline)
      return { sha, url: `${repository.htmlUrl}/commit/${sha}` };
    sha = parent;
  }
  return undefined;
}
