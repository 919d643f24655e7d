import { createHash } from 'node:crypto';
import { FileTooLarge } from '../errors.ts';
import type { Github } from './create-github.ts';

export interface TreeEntry {
  /** Relative to the tree that was asked for. */
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size?: number;
}

export interface GitTree {
  readonly sha: string;
  readonly entries: readonly TreeEntry[];
  readonly truncated: boolean;
}

/** The files of one commit, read from GitHub piece by piece; folders and files are fetched once. */
export interface CommitFiles {
  /** The text of a file; undefined where there is none. Throws `FileTooLarge` for one of more than `mostBytes`. */
  read(path: string, mostBytes?: number): Promise<string | undefined>;
  /** Paths of the files directly in a folder. */
  list(folder: string): Promise<string[]>;
  /** What git calls the content of a file (`blobShaOf`); undefined where there is none. */
  sha(path: string): Promise<string | undefined>;
}

export async function readTree(github: Github, sha: string, recursive: boolean): Promise<GitTree> {
  const { owner, repo } = github;
  const { data } = await github.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    owner,
    repo,
    tree_sha: sha,
    ...(recursive ? { recursive: '1' } : {}),
  });
  const entries = data.tree.map(({ path, mode, type, sha: id, size }) => ({ path, mode, type, sha: id, size }));
  return { sha: data.sha, entries, truncated: data.truncated };
}

export async function readBlob(github: Github, sha: string): Promise<Uint8Array> {
  const { owner, repo } = github;
  const route = 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}';
  const { data } = await github.request(route, { owner, repo, file_sha: sha });
  return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
}

/** The SHA-1 by which git names a content: equal ones need not be fetched to be compared. */
export function blobShaOf(content: string | Uint8Array): string {
  const bytes = Buffer.from(content);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

export function openCommit(github: Github, commit: string): CommitFiles {
  const trees = new Map<string, Promise<GitTree>>();
  const blobs = new Map<string, Promise<string>>();
  const treeOf = (sha: string) => remember(trees, sha, () => readTree(github, sha, false));

  async function folderOf(segments: readonly string[]): Promise<GitTree | undefined> {
    let tree = await treeOf(commit);
    for (const segment of segments) {
      const next = tree.entries.find((entry) => entry.path === segment && entry.type === 'tree');
      if (next === undefined) return undefined;
      tree = await treeOf(next.sha);
    }
    return tree;
  }

  async function blobOf(path: string): Promise<TreeEntry | undefined> {
    const segments = path.split('/');
    const name = segments.pop();
    const folder = await folderOf(segments);
    return folder?.entries.find((entry) => entry.path === name && entry.type === 'blob');
  }

  return {
    async read(path, mostBytes = Number.POSITIVE_INFINITY) {
      const blob = await blobOf(path);
      if (blob === undefined) return undefined;
      const { sha, size = 0 } = blob;
      if (size > mostBytes) throw new FileTooLarge(path, mostBytes);
      return remember(blobs, sha, async () => Buffer.from(await readBlob(github, sha)).toString('utf8'));
    },
    async list(folder) {
      const segments = folder.split('/').filter((segment) => segment !== '' && segment !== '.');
      const tree = await folderOf(segments);
      const files = tree?.entries.filter((entry) => entry.type === 'blob' && entry.mode !== '120000') ?? [];
      return files.map((entry) => [...segments, entry.path].join('/'));
    },
    sha: async (path) => (await blobOf(path))?.sha,
  };
}

function remember<Value>(known: Map<string, Promise<Value>>, key: string, read: () => Promise<Value>): Promise<Value> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = read();
  known.set(key, value);
  return value;
}
