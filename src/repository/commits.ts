import type { RunEnvironment } from '../environment.ts';
import { UserError } from '../errors.ts';
import type { Trigger } from '../event/trigger.ts';
import { chooseCommits, type FoundCommit } from './choose-commits.ts';
import { type OpenedCommit, openCommitTree } from './commit-tree.ts';
import { type Credentials, fetchMissing } from './fetch-missing.ts';
import { followLines } from './follow-lines.ts';
import { type Git, openGit } from './git.ts';
import { findLacking, readSizes, readTreeFiles, SUBMODULE, type TreeFiles } from './git-tree.ts';
import { openObjects } from './objects.ts';

export type { OpenedCommit } from './commit-tree.ts';

/** Which commits, of what. */
export interface CommitsRequest extends Credentials {
  /** The workspace, in which the repository is checked out. */
  readonly root: string;
  readonly trigger: Trigger;
  /** The commit that the job was started for (`GITHUB_SHA`). */
  readonly commit?: string;
  readonly environment: Pick<RunEnvironment, 'path' | 'home' | 'inherited'>;
}

/** What a change is between, read from git's objects: nothing of the head is checked out or run. */
export interface Commits {
  readonly base: OpenedCommit;
  readonly head: OpenedCommit & { readonly sha: string };
  /** Paths whose content or mode differs, or that only one of them has. */
  readonly changed: ReadonlySet<string>;
  /**
   * Where GitHub shows a line of the head: annotations belong to the pull request's last commit, whose file may differ from
   * the merged one. `undefined` where that has no such line, as for what the base changed. Lines count from 1.
   */
  shownLine(path: string, line: number): Promise<number | undefined>;
  /** The line of the head's file in the place of one of the base's; `undefined` where the head has no such file. */
  lineOfRemoval(path: string, baseLine: number): Promise<number | undefined>;
  /** Ends git. Nothing can be read afterwards. */
  close(): void;
}

/**
 * Opens base and head; what a shallow checkout lacks is fetched. Throws a `UserError` where there is no checkout, no git,
 * or a commit cannot be had.
 */
export async function openCommits(request: CommitsRequest): Promise<Commits> {
  const { root, trigger, commit, token, serverUrl } = request;
  const credentials = { token, serverUrl };
  const git = openGit(root, request.environment);
  const pair = await chooseCommits(git, { trigger, commit, credentials });
  await fetchContents(
    git,
    [pair.base, pair.head].flatMap((one) => one?.header.tree ?? []),
    credentials,
  );
  const [base, head] = await Promise.all([readTree(git, pair.base), readTree(git, pair.head)]);
  const sizes = await readSizes(git, blobsOf([base, head]));
  const objects = openObjects(git);
  const lines = followLines(sizes, objects);
  const shown = once(() => readTree(git, pair.shown ?? pair.head));
  return {
    base: openCommitTree(pair.base?.sha, base, sizes, objects),
    head: { ...openCommitTree(pair.head.sha, head, sizes, objects), sha: pair.head.sha },
    changed: compareTrees(base, head),
    async shownLine(path, line) {
      if (!(await lines.hasLine(head, path, line))) return undefined;
      const there = await shown();
      if (!there.has(path)) return undefined;
      const map = await lines.map(head, there, path);
      return map === undefined ? line : map.same(line);
    },
    lineOfRemoval: async (path, baseLine) => (await lines.map(base, head, path))?.inPlace(baseLine),
    close: objects.close,
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

async function readTree(git: Git, commit: FoundCommit | undefined): Promise<TreeFiles> {
  return commit === undefined ? new Map() : readTreeFiles(git, commit.header.tree);
}

/** A checkout may have left out contents (its option `filter`): they are fetched together. */
async function fetchContents(git: Git, commits: readonly string[], credentials: Credentials): Promise<void> {
  const lacking = await findLacking(git, commits);
  if (lacking.length === 0) return;
  const said = await fetchMissing(git, lacking, credentials);
  if (said === undefined) return;
  throw new UserError(
    `The checkout left out ${lacking.length} files that the change is made of, and git could not fetch them from origin: ` +
      `${said}. Let actions/checkout fetch them (without its option filter), or give the job the permission contents: read.`,
  );
}

function blobsOf(trees: readonly TreeFiles[]): ReadonlySet<string> {
  const files = trees.flatMap((tree) => [...tree.values()]);
  return new Set(files.filter(({ mode }) => mode !== SUBMODULE).map(({ sha }) => sha));
}

function compareTrees(base: TreeFiles, head: TreeFiles): ReadonlySet<string> {
  const differs = (path: string) => {
    const [before, after] = [base.get(path), head.get(path)];
    return before?.sha !== after?.sha || before?.mode !== after?.mode;
  };
  return new Set([...base.keys(), ...head.keys()].filter(differs));
}
