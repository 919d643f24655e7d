import { isUtf8 } from 'node:buffer';
import { MIB } from '../bytes.ts';
import { UserError } from '../errors.ts';
import { toSingleLine } from '../text/markdown.ts';
import type { Git } from './git.ts';

/** What a commit holds, besides its files' contents. */
export interface CommitHeader {
  readonly tree: string;
  readonly parents: readonly string[];
}

/** A file, symlink or submodule of a tree, by path. */
export interface TreeFile {
  /** `100644`, `100755`, `120000` for a symlink, `160000` for a submodule. */
  readonly mode: string;
  /** Of the blob; of a submodule, of a commit elsewhere. */
  readonly sha: string;
}

export const SYMLINK = '120000';
export const SUBMODULE = '160000';

export type TreeFiles = ReadonlyMap<string, TreeFile>;

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * A commit as it stands in the repository, whatever a shallow checkout, grafts or replacements make of it; `undefined`
 * where it is not there.
 */
export async function readHeader(git: Git, commit: string): Promise<CommitHeader | undefined> {
  if (!SHA.test(commit)) return undefined;
  const { exitCode, stdout } = await git.run(['cat-file', 'commit', commit], { mostBytes: 16 * MIB });
  if (exitCode !== 0) return undefined;
  const [head = ''] = stdout.toString('latin1').split('\n\n', 1);
  const shasOf = (key: string) =>
    Array.from(head.matchAll(/^(\w+) ([0-9a-f]+)$/gm)).flatMap(([, name, sha = '']) => (name === key ? [sha] : []));
  const [tree] = shasOf('tree');
  return tree === undefined ? undefined : { tree, parents: shasOf('parent') };
}

/** Of all paths of a tree together. */
const LARGEST_LIST = 128 * MIB;

/** All files of a tree. Throws a `UserError` for a tree that cannot be listed, or that no checkout could hold. */
export async function readTreeFiles(git: Git, tree: string): Promise<TreeFiles> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', tree];
  const { exitCode, stdout, said } = await git.run(args, { mostBytes: LARGEST_LIST });
  if (exitCode !== 0) {
    throw new UserError(
      `The files of a commit could not be listed (${toSingleLine(said, 500)}). Let actions/checkout fetch them: without its ` +
        'option filter, or with filter: blob:none.',
    );
  }
  const files = new Map<string, TreeFile>();
  let at = 0;
  while (at < stdout.length) {
    const end = stdout.indexOf(0, at);
    const tab = stdout.indexOf(TAB, at);
    const [mode = '', , sha = ''] = stdout.toString('latin1', at, tab).split(' ');
    const path = decodePath(stdout.subarray(tab + 1, end));
    if (files.has(path) || IMPOSSIBLE.test(path)) throw new UserError(whyImpossible(path));
    files.set(path, { mode, sha });
    at = end + 1;
  }
  return files;
}

const TAB = 0x09;
/** What git itself never checks out. */
const IMPOSSIBLE = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;

function whyImpossible(path: string): string {
  return (
    `A commit holds the path ${JSON.stringify(path.slice(0, 300))} twice, or git would not check it out. ` +
    'It was not made by git: make the commit anew.'
  );
}

/** Git's paths are bytes. Those that are no UTF-8 are told apart by their escapes. */
function decodePath(path: Buffer): string {
  if (isUtf8(path)) return path.toString('utf8');
  return path.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** The size of each blob, in bytes. Throws a `UserError` where the repository lacks one. */
export async function readSizes(git: Git, blobs: Iterable<string>): Promise<ReadonlyMap<string, number>> {
  const stdin = Array.from(blobs, (sha) => `${sha}\n`).join('');
  const { stdout, exitCode, said } = await git.run(['cat-file', '--batch-check', '--buffer'], { stdin });
  const lines = stdout.toString('latin1').trimEnd().split('\n');
  const sizes = lines.map((line) => line.split(' ')).map(([sha = '', , size = '']) => [sha, Number(size)] as const);
  if (exitCode === 0 && !stdout.includes(' missing\n')) return new Map(sizes);
  throw new UserError(
    `The checked-out repository lacks contents of a commit (${toSingleLine(said, 500) || 'missing objects'}). Let a fresh ` +
      'checkout by actions/checkout replace it.',
  );
}

const FILTERED = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';

/**
 * What the commits hold that the repository lacks: nothing, unless it was cloned with a filter.
 */
export async function findLacking(git: Git, commits: readonly string[]): Promise<readonly string[]> {
  const filter = await git.run(['config', '--get-regexp', FILTERED]);
  if (filter.stdout.length === 0) return [];
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=print', '--no-walk', '--stdin'];
  const { stdout } = await git.run(args, { stdin: commits.map((sha) => `${sha}\n`).join('') });
  return Array.from(stdout.toString('latin1').matchAll(/^\?([0-9a-f]+)$/gm), ([, sha = '']) => sha);
}
