import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openGit } from '../../src/repository/git.ts';
import { removeFolders, temporaryFolder } from './git-repository.ts';

afterAll(removeFolders);

/** A stand-in for git, with a script's own idea of what to do. */
function fakeGit(script: string, inherited: Record<string, string> = {}) {
  const root = temporaryFolder();
  const bin = temporaryFolder();
  mkdirSync(join(root, '.git'));
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'git'), 0o755);
  const path = `${bin}:/usr/bin:/bin`;
  return { root, git: openGit(root, { path, home: '/home/runner', inherited: { ...inherited, PATH: path } }) };
}

test('a git that takes too long is ended with all that it started', async () => {
  const pids = join(temporaryFolder(), 'pids');
  const { git } = fakeGit(`sleep 1000 &\necho "$$ $!" > ${pids}\necho 'still at it' >&2\nwait`);
  const { exitCode, said } = await git.run(['fetch'], { seconds: 2 });
  expect(exitCode).toBe(1);
  expect(said).toBe('still at it\ngit was ended after 2 s');
  const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
  expect(started).toHaveLength(2);
  await vi.waitFor(() => expect(started.filter(isRunning)).toEqual([]));
});

/** A process that has ended and that nobody has asked about is still in the system's list. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a git that says too much is ended', async () => {
  const { git } = fakeGit('exec yes');
  const { exitCode, stdout, said } = await git.run(['ls-tree'], { mostBytes: 1024 * 1024 });
  expect([exitCode, stdout.length, said]).toEqual([1, 1024 * 1024, 'git was ended after 1 MB of output']);
});

const OF_THE_JOB = {
  GIT_DIR: '/elsewhere',
  GIT_CONFIG_PARAMETERS: "'core.pager'='x'",
  GIT_EXTERNAL_DIFF: 'x',
  INPUT_TOKEN: 'secret',
  HTTPS_PROXY: 'http://proxy.example',
  no_proxy: 'git.example',
};

test('git gets nothing of the job, and beyond the machine only the way out', async () => {
  const { root, git } = fakeGit('env', OF_THE_JOB);
  const names = async (network?: Record<string, string>) => {
    const { stdout } = await git.run(['fetch'], { network });
    const lines = stdout.toString().trim().split('\n');
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  };
  const local = await names();
  expect(local).toMatchObject({ GIT_DIR: join(root, '.git'), GIT_ALLOW_PROTOCOL: 'none', HOME: '/home/runner' });
  const reaching = await names({ GIT_CONFIG_COUNT: '0' });
  expect(reaching).toMatchObject({
    HTTPS_PROXY: 'http://proxy.example',
    no_proxy: 'git.example',
    GIT_CONFIG_COUNT: '0',
  });
  for (const env of [local, reaching]) {
    for (const name of ['INPUT_TOKEN', 'GIT_CONFIG_PARAMETERS', 'GIT_EXTERNAL_DIFF'])
      expect(env).not.toHaveProperty(name);
  }
  expect(local).not.toHaveProperty('HTTPS_PROXY');
});
