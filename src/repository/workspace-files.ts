import { execFile } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEnvironment, Variables } from '../environment.ts';
import type { RepositoryFile } from '../model/delivery.ts';
import type { Base } from './github-files.ts';
import type { Workspace } from './workspace.ts';

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
  for (const line of listing.split('\0')) {
    const tab = line.indexOf('\t');
    const [mode = '', sha = ''] = line.slice(0, tab).split(' ');
    const path = line.slice(tab + 1);
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

function listTracked(root: string, env: Variables): Promise<string | undefined> {
  // A checkout often belongs to another user than the one in the container; listing runs nothing of it.
  const settings = ['-c', `safe.directory=${root}`, '-c', 'core.fsmonitor=false'];
  const options = { cwd: root, env, maxBuffer: LARGEST_LIST, timeout: 60_000 };
  return new Promise((resolve) => {
    execFile('git', [...settings, 'ls-files', '--stage', '-z'], options, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}
