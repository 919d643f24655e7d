import { posix } from 'node:path';
import { MIB } from '../bytes.ts';
import { FileTooLarge, UserError } from '../errors.ts';
import type { RepositoryFile, RepositoryFiles } from '../model/repository-files.ts';
import { SUBMODULE, SYMLINK, type TreeFile, type TreeFiles } from './git-tree.ts';
import type { Objects } from './objects.ts';

/** The files of one commit, as git holds them: without a checkout, its filters and its line ends. */
export interface OpenedCommit {
  /** Absent before the first commit of all, when there are no files. */
  readonly sha?: string;
  /** No file of more than 256 MiB is read. */
  readonly files: RepositoryFiles;
  /**
   * The text of a file, or `undefined` where there is none. Throws `FileTooLarge` for one of more than `mostBytes`, and a
   * `UserError` for a symbolic link.
   */
  read(path: string, mostBytes?: number): Promise<string | undefined>;
  /** Paths of the files directly in a folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** Larger than any file that is read; git holds it in memory whole. */
const LARGEST_FILE = 256 * MIB;

/** `sizes` are those of the blobs, in bytes by SHA. */
export function openCommitTree(
  sha: string | undefined,
  tree: TreeFiles,
  sizes: ReadonlyMap<string, number>,
  objects: Objects,
): OpenedCommit {
  const sizeOf = (file: TreeFile) => (file.mode === SUBMODULE ? 0 : (sizes.get(file.sha) ?? 0));
  const files = Array.from(tree, ([path, file]): RepositoryFile => ({ path, size: sizeOf(file), type: typeOf(file) }));

  function readFile(path: string, file: TreeFile, mostBytes: number): Promise<Buffer> {
    const most = Math.min(mostBytes, LARGEST_FILE);
    if (sizeOf(file) > most) throw new FileTooLarge(path, most);
    return objects.read(file.sha);
  }

  return {
    sha,
    files: {
      list: async () => files,
      async read(path) {
        const file = tree.get(path);
        if (file === undefined || file.mode === SUBMODULE) throw new Error(`not a file of the commit: ${path}`);
        return readFile(path, file, LARGEST_FILE);
      },
    },
    async read(path, mostBytes = LARGEST_FILE) {
      const name = normalize(path);
      const file = tree.get(name);
      if (file === undefined || file.mode === SUBMODULE) return undefined;
      if (file.mode === SYMLINK) throw new UserError(`The path "${path}" is a symbolic link. Use one that is a file.`);
      return (await readFile(name, file, mostBytes)).toString('utf8');
    },
    async list(folder) {
      const name = normalize(folder);
      const isIn = ({ path, type }: RepositoryFile) => type === 'file' && posix.dirname(path) === name;
      return files.filter(isIn).map(({ path }) => path);
    },
  };
}

function typeOf({ mode }: TreeFile): RepositoryFile['type'] {
  if (mode === SUBMODULE) return 'submodule';
  return mode === SYMLINK ? 'symlink' : 'file';
}

/** `./reports/` as git writes it: `reports`; the root is `.`. */
function normalize(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
