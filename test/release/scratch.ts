import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };

/** A folder that is there until the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function git(folder: string, ...words: readonly string[]): string {
  const env = { ...process.env, ...who, GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8', env, stdio: 'pipe' }).trim();
}

/** A repository with one commit of these files on `main`. */
export function repository(files: Readonly<Record<string, string>>): string {
  const folder = scratch();
  write(folder, files);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=all');
  return folder;
}

/** Runs one of the scripts in a folder, as npm would. */
export function runScript(folder: string, name: string, words: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const script = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));
  const done = spawnSync(process.execPath, [script, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GITHUB_OUTPUT: '', ...who, ...env },
  });
  return { status: done.status, out: done.stdout, complaints: done.stderr.split('\n').filter((line) => line !== '') };
}
