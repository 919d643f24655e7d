import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What stands at a path: a text, bytes, or anything with a mode. */
export type Entry = string | Buffer | { readonly mode: string; readonly content: string };

/** Of a path that is no UTF-8, the bytes as latin1 behind this. */
export const RAW = 'raw:';

export interface TestRepository {
  readonly folder: string;
  readonly url: string;
  git(...args: string[]): string;
  /** Makes a commit with exactly these files; the parents' order is kept. */
  commit(files: Readonly<Record<string, Entry>>, ...parents: string[]): string;
}

const IDENTITY = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

const made: string[] = [];

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'commits-')));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function runGit(folder: string, args: readonly string[], input?: Buffer): string {
  const env = { PATH: process.env.PATH, HOME: folder, ...IDENTITY };
  const stdio = ['pipe', 'pipe', 'pipe'] as const;
  return execFileSync('git', args, { cwd: folder, env, input: input ?? '', stdio: [...stdio] })
    .toString()
    .trim();
}

/** A bare repository that gives any commit to whoever asks for it by SHA, as GitHub does. */
export function createRepository(): TestRepository {
  const folder = temporaryFolder();
  runGit(folder, ['init', '--quiet', '--bare']);
  for (const name of ['allowAnySHA1InWant', 'allowFilter']) runGit(folder, ['config', `uploadpack.${name}`, 'true']);
  let count = 0;
  return {
    folder,
    url: `file://${folder}`,
    git: (...args) => runGit(folder, args),
    commit(files, ...parents) {
      const ref = `refs/heads/made-${++count}`;
      const [from, ...merges] = parents;
      const head = [
        `commit ${ref}`,
        `committer a <a@example.com> ${1_700_000_000 + count} +0000`,
        'data 0',
        ...(from === undefined ? [] : [`from ${from}`]),
        ...merges.map((parent) => `merge ${parent}`),
        'deleteall',
      ];
      const entries = Object.entries(files).flatMap(([path, entry]) => [...writeEntry(path, entry), '\n']);
      const parts = [`${head.join('\n')}\n`, ...entries].map((part) => Buffer.from(part));
      runGit(folder, ['fast-import', '--quiet'], Buffer.concat(parts));
      return runGit(folder, ['rev-parse', ref]);
    },
  };
}

function writeEntry(path: string, entry: Entry): (string | Buffer)[] {
  const isPlain = typeof entry === 'string' || Buffer.isBuffer(entry);
  const { mode, content } = isPlain ? { mode: '100644', content: entry } : entry;
  const bytes = path.startsWith(RAW) ? Buffer.from(path.slice(RAW.length), 'latin1') : Buffer.from(path);
  const name = `"${Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
  if (mode === '160000') return [`M ${mode} ${content} ${name}`];
  return [`M ${mode} inline ${name}\ndata ${Buffer.byteLength(content)}\n`, Buffer.from(content)];
}

/** A checkout as actions/checkout makes it: only this commit, so many commits deep (0: all of them). */
export function checkOut(url: string, commit: string, depth: number, ...options: string[]): string {
  const folder = temporaryFolder();
  runGit(folder, ['init', '--quiet']);
  runGit(folder, ['remote', 'add', 'origin', url]);
  const how = [...(depth === 0 ? [] : [`--depth=${depth}`]), ...options];
  const what = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : [];
  const fetch = ['fetch', '--quiet', '--no-tags', '--prune', '--no-recurse-submodules', ...how];
  runGit(folder, [...fetch, 'origin', ...what, `+${commit}:refs/remotes/pull/7/merge`]);
  runGit(folder, ['checkout', '--quiet', '--force', 'refs/remotes/pull/7/merge']);
  return folder;
}
