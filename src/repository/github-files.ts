import { UserError } from '../errors.ts';
import { blobShaOf, readBlob, readTree, type TreeEntry } from '../github/commit-files.ts';
import type { Github } from '../github/create-github.ts';
import { explainGithubError } from '../github/explain-github-error.ts';
import { type Repository, readBranch, readRepository } from '../github/repository.ts';
import type { RepositoryFile, RepositoryFiles } from '../model/repository-files.ts';

/** What a change is made upon: the head of the default branch as it was when the run looked. */
export interface Base {
  readonly repository: Repository;
  readonly branch: string;
  readonly commit: string;
  readonly tree: string;
  /** Mode (`100644`) and blob SHA of every file, by path. */
  readonly entries: ReadonlyMap<string, { readonly mode: string; readonly sha: string }>;
  readonly files: RepositoryFiles;
}

/** Where bytes may lie that need not be fetched: the checked-out repository. */
export interface LocalBytes {
  readBytes(path: string): Uint8Array | undefined;
}

/**
 * The repository's files at the head of the default branch. Bytes come from the workspace where they are the very same
 * (by git's blob SHA-1; a checkout may convert line ends or be of another commit), else from GitHub.
 */
export async function readBaseFiles(github: Github, workspace: LocalBytes): Promise<Base> {
  const repository = await readRepository(github);
  const branch = repository.defaultBranch;
  try {
    const commit = await readBranch(github, branch);
    if (commit === undefined) throw new UserError(`The repository has no branch ${branch}. Push a first commit.`);
    const { sha: tree, entries } = await readWholeTree(github, commit);
    const blobs = entries.filter((entry) => entry.type === 'blob');
    const known = new Map(blobs.map(({ path, mode, sha }) => [path, { mode, sha }]));
    return { repository, branch, commit, tree, entries: known, files: openFiles(github, workspace, entries, known) };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const attempt = { doing: `read the files of ${branch}`, branch, permission: 'contents: read' };
    throw new UserError(explainGithubError(cause, attempt), { cause });
  }
}

function openFiles(
  github: Github,
  workspace: LocalBytes,
  entries: readonly TreeEntry[],
  known: Base['entries'],
): RepositoryFiles {
  const listed = entries.flatMap((entry): RepositoryFile[] => {
    const type = entry.type === 'commit' ? 'submodule' : entry.mode === '120000' ? 'symlink' : 'file';
    return entry.type === 'tree' ? [] : [{ path: entry.path, size: entry.size ?? 0, type }];
  });
  return {
    list: async () => listed,
    async read(path) {
      const entry = known.get(path);
      if (entry === undefined) throw new Error(`not a file of the base: ${path}`);
      const local = entry.mode === '120000' ? undefined : readLocal(workspace, path);
      return local !== undefined && blobShaOf(local) === entry.sha ? local : readBlob(github, entry.sha);
    },
  };
}

function readLocal(workspace: LocalBytes, path: string): Uint8Array | undefined {
  try {
    return workspace.readBytes(path);
  } catch {
    // A symlink on the way, or no right to read: GitHub has the bytes as well.
    return undefined;
  }
}

/** A tree that is too large for one answer is read folder by folder. */
async function readWholeTree(github: Github, sha: string): Promise<{ sha: string; entries: readonly TreeEntry[] }> {
  const whole = await readTree(github, sha, true);
  if (!whole.truncated) return whole;
  const top = await readTree(github, sha, false);
  const entries: TreeEntry[] = [];
  for (const entry of top.entries) {
    if (entry.type !== 'tree') {
      entries.push(entry);
      continue;
    }
    const below = await readWholeTree(github, entry.sha);
    for (const one of below.entries) entries.push({ ...one, path: `${entry.path}/${one.path}` });
  }
  return { sha: whole.sha, entries };
}
