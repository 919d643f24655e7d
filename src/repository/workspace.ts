import { randomUUID } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
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
  /** The first so many bytes of a text, whose last character may be cut. */
  readStart(path: string, bytes: number): string | undefined;
  /** Names of the files in a folder; empty where there is none. */
  list(folder: string): readonly string[];
  /** Writes the whole file or nothing, creating its folders. */
  write(path: string, content: string | Uint8Array): void;
  /** Removes a file; nothing where there is none. */
  remove(path: string): void;
}

/**
 * Opens the folder `root` as a workspace. Paths that leave it, by `..`, by being absolute or through a symlink, end in a
 * `UserError`, as what the file system refuses does; it calls the folder by `name`.
 */
export function openWorkspace(root: string, name = 'the workspace'): Workspace {
  const realRoot = realpathSync(root);
  const inRoot = (path: string) => inside(realRoot, path, name);
  const explained = <T>(path: string, work: () => T) =>
    explainRefused(`The path "${path}" in ${name} cannot be used`, work);
  const read = (path: string, mostBytes?: number) =>
    explained(path, () => readIfPresent(inRoot(path), path, mostBytes));
  return {
    root: realRoot,
    read: (path, mostBytes) => read(path, mostBytes)?.toString('utf8'),
    readBytes: read,
    readStart: (path, bytes) => explained(path, () => readStartOf(inRoot(path), bytes)),
    list: (folder) => explained(folder, () => listFiles(inRoot(folder))),
    write: (path, content) => explained(path, () => writeWhole(inRoot(path), content)),
    remove: (path) => explained(path, () => rmSync(inRoot(path), { force: true })),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no folder can be made there: choose another one',
  ENOTDIR: 'part of it is a file, not a folder: choose another one',
  EEXIST: 'part of it is a file, not a folder: choose another one',
  EISDIR: 'it is a folder, not a file: choose another one',
  EACCES: 'there is no permission: check who owns it',
  EPERM: 'there is no permission: check who owns it',
  EROFS: 'the file system is read-only: choose a place that can be written',
  ENOSPC: 'the disk is full: make room first',
  ENAMETOOLONG: 'it is too long: choose a shorter one',
};

/** Does what the file system may refuse: then a `UserError` says `what`, and why. */
export function explainRefused<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause) || !('code' in cause)) throw cause;
    const code = String(cause.code);
    const reason = REASONS[code] ?? 'the file system refuses it: look at the path and the disk';
    throw new UserError(`${what} (${code}): ${reason}.`, { cause });
  }
}

/** Makes a folder and those above it, one by one: all at once, Node 20 never ends where the file system has no room for any. */
export function makeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function inside(root: string, path: string, name: string): string {
  const target = resolve(root, path);
  if (isAbsolute(path) || !isBelow(root, target)) {
    throw new UserError(`The path "${path}" leaves ${name}. Use one relative to its root, without "..".`);
  }
  const existing = realPathOf(deepestExisting(root, target));
  if (existing === undefined || !isBelow(root, existing) || isSymlink(target)) {
    throw new UserError(`The path "${path}" in ${name} goes through a symbolic link. Use one that does not.`);
  }
  return target;
}

/** `undefined` for a link that leads nowhere. */
function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (thrown) {
    if (!isSymlink(path)) throw thrown;
    return undefined;
  }
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

function readIfPresent(file: string, path: string, mostBytes = LARGEST_FILE): Buffer | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  if (found.size > mostBytes) throw new FileTooLarge(path, mostBytes);
  return readFileSync(file);
}

function readStartOf(file: string, bytes: number): string | undefined {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(bytes);
    return start.toString('utf8', 0, readSync(descriptor, start, 0, bytes, 0));
  } finally {
    closeSync(descriptor);
  }
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
