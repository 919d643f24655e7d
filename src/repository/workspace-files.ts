import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from '@actions/exec';
import type { RunEnvironment, Variables } from '../environment.ts';
import type { RepositoryFile } from '../model/repository-files.ts';
import type { Base } from './github-files.ts';
import type { Workspace } from './workspace.ts';

/** Of all lines together, in characters. */
const LARGEST_LIST = 64 * 1024 * 1024;

/**
 * The files of the checked-out repository that git knows, as they lie in the workspace; `undefined` where there is no git
 * repository or no git. What an earlier step wrote there is left out.
 */
export async function readWorkspaceFiles(
  workspace: Workspace,
  { path, home }: Pick<RunEnvironment, 'path' | 'home'>,
): Promise<Pick<Base, 'entries' | 'files'> | undefined> {
  const listing = await listTracked(workspace.root, { PATH: path, HOME: home });
  if (listing === undefined) return undefined;
  const entries = new Map<string, { mode: string; sha: string }>();
  const files: RepositoryFile[] = [];
  for (const line of listing) {
    const tab = line.indexOf('\t');
    const [mode = '', sha = ''] = line.slice(0, tab).split(' ');
    const path = unquote(line.slice(tab + 1));
    if (tab < 0 || path === '') continue;
    const found = lstatSync(join(workspace.root, path), { throwIfNoEntry: false });
    if (found === undefined || entries.has(path)) continue;
    entries.set(path, { mode, sha });
    const type = mode === '160000' ? 'submodule' : found.isFile() && mode !== '120000' ? 'file' : 'symlink';
    files.push({ path, size: found.size, type });
  }
  return {
    entries,
    files: {
      list: async () => files,
      async read(path) {
        const content = workspace.readBytes(path);
        if (content === undefined) throw new Error(`not a file of the workspace: ${path}`);
        return content;
      },
    },
  };
}

/** Git's list of the index, a line a file; `undefined` where there is no git, no repository or no end. */
async function listTracked(root: string, variables: Variables): Promise<readonly string[] | undefined> {
  // A checkout often belongs to another user than the one in the container; listing runs nothing of it.
  const settings = ['-c', `safe.directory=${root}`, '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=true'];
  const lines: string[] = [];
  let size = 0;
  const stdline = (line: string) => {
    size += line.length;
    if (size <= LARGEST_LIST) lines.push(line);
  };
  const env = Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  try {
    // Lines in ASCII: the toolkit reads the one long line of `-z` in quadratic time, and cuts characters in two.
    const args = [...settings, 'ls-files', '--stage'];
    const code = await exec('git', args, {
      cwd: root,
      env,
      silent: true,
      ignoreReturnCode: true,
      listeners: { stdline },
    });
    return code === 0 && size <= LARGEST_LIST ? lines : undefined;
  } catch {
    return undefined;
  }
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A path as git writes it: between quotes, with the escapes of C, where it is more than plain ASCII. */
function unquote(written: string): string {
  if (!/^".*"$/.test(written)) return written;
  const bytes: Buffer[] = [];
  for (const [part, escaped] of written.slice(1, -1).matchAll(/\\([0-7]{3}|.)|[^\\]+/g)) {
    if (escaped === undefined) bytes.push(Buffer.from(part));
    else if (escaped.length === 3) bytes.push(Buffer.from([Number.parseInt(escaped, 8)]));
    else bytes.push(Buffer.from([ESCAPES[escaped] ?? escaped.charCodeAt(0)]));
  }
  return Buffer.concat(bytes).toString();
}
