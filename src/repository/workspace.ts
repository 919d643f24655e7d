import { randomUUID } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MIB } from '../bytes.ts';
import { FileTooLarge, UserError } from '../errors.ts';

/** The checked-out repository on disk. Every path is relative to its root and stays inside it. */
export interface Workspace {
  readonly root: string;
  /** The text of a file, or `undefined` where there is none. Throws `FileTooLarge` for one of more than `mostBytes`. */
  read(path: string, mostBytes?: number): string | undefined;
  readBytes(path: string, mostBytes?: number): Uint8Array | undefined;
  /** Names of the files in a folder; empty where there is none. */
  list(folder: string): readonly string[];
  /** Writes the whole file or nothing, creating its folders. */
  write(path: string, content: string | Uint8Array): void;
}

/**
 * Opens the folder `root` as a workspace. Paths that leave it, by `..`, by being absolute or through a symlink, end in a
 * `UserError` that names `option`.
 */
export function openWorkspace(root: string): Workspace {
  const realRoot = realpathSync(root);
  return {
    root: realRoot,
    read: (path, mostBytes) => explained(path, () => readIfPresent(realRoot, path, mostBytes)?.toString('utf8')),
    readBytes: (path, mostBytes) => explained(path, () => readIfPresent(realRoot, path, mostBytes)),
    list: (folder) => explained(folder, () => listFiles(inside(realRoot, folder))),
    write: (path, content) => explained(path, () => writeWhole(inside(realRoot, path), content)),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'part of it is a file, not a folder: choose another one',
  EEXIST: 'part of it is a file, not a folder: choose another one',
  EISDIR: 'it is a folder, not a file: choose another one',
  EACCES: 'the job has no permission: check who owns the workspace',
  EPERM: 'the job has no permission: check who owns the workspace',
  EROFS: 'the file system is read-only: use a runner with a writable workspace',
  ENOSPC: 'the disk is full: make room in a step before this one',
  ENAMETOOLONG: 'it is too long: choose a shorter one',
};

function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = REASONS[code];
    if (reason === undefined) throw cause;
    throw new UserError(`The path "${path}" in the workspace cannot be used (${code}): ${reason}.`, { cause });
  }
}

function inside(root: string, path: string): string {
  const target = resolve(root, path);
  if (isAbsolute(path) || !isBelow(root, target)) {
    throw new UserError(
      `The path "${path}" leaves the workspace. Use one relative to the repository's root, without "..".`,
    );
  }
  const existing = deepestExisting(root, target);
  if (!isBelow(root, realpathSync(existing)) || isSymlink(target)) {
    throw new UserError(`The path "${path}" goes through a symbolic link. Use one that does not.`);
  }
  return target;
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function deepestExisting(root: string, target: string): string {
  let path = target;
  while (path !== root && lstatSync(path, { throwIfNoEntry: false }) === undefined) path = dirname(path);
  return path;
}

function isSymlink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** What is read without a bound of its own. */
const LARGEST_FILE = 256 * MIB;

function readIfPresent(root: string, path: string, mostBytes = LARGEST_FILE): Buffer | undefined {
  const file = inside(root, path);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  if (found.size > mostBytes) throw new FileTooLarge(path, mostBytes);
  return readFileSync(file);
}

function listFiles(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  // Nobody can have put a link where the name is not known and the file has to be new.
  const half = join(dirname(path), `.${randomUUID()}.half-written`);
  try {
    writeFileSync(half, content, { flag: 'wx' });
    renameSync(half, path);
  } finally {
    rmSync(half, { force: true });
  }
}
