import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { formatMegabytes, MIB } from '../bytes.ts';
import { collectBytes, collectOutput } from '../collect-output.ts';
import type { RunEnvironment, Variables } from '../environment.ts';
import { messageOf, UserError } from '../errors.ts';

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** Git's own words, where it failed; also why it was ended. */
  readonly said: string;
}

export interface GitRun {
  readonly stdin?: string;
  /** Of standard output. */
  readonly mostBytes?: number;
  readonly seconds?: number;
  /** Lets it reach the remote, with these variables besides the others. */
  readonly network?: Variables;
}

/** Git, started directly, on one repository. */
export interface Git {
  readonly root: string;
  /** Runs to the end. Throws a `UserError` only where git cannot be started. */
  run(args: readonly string[], run?: GitRun): Promise<GitResult>;
  /** Starts what goes on until its input ends. It does not keep the process from ending. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
}

/** Of standard error, of which a line or two are shown. */
const MOST_SAID = 64 * 1024;

/**
 * Git on the repository that is checked out in `root`. No part of it runs anything that the repository's files name, and
 * nothing but `network` runs reaches a remote. Throws a `UserError` where nothing is checked out.
 */
export function openGit(root: string, environment: Pick<RunEnvironment, 'path' | 'home' | 'inherited'>): Git {
  // Named, not looked for: a checkout without one might hold files that look like a repository with settings of its own.
  const folder = join(root, '.git');
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    throw new UserError(
      `The gate compares two commits, but the workspace (${root}) is no git repository. Add a step with actions/checkout ` +
        'before this one, without its option path, and install git where the job runs in a container that lacks it.',
    );
  }
  const settings = [...SETTINGS, `safe.directory=${root}`].flatMap((setting) => ['-c', setting]);
  const fixed = { ...FIXED, GIT_DIR: folder, PATH: environment.path, HOME: environment.home };
  // What is missing is fetched at once: git by itself would ask for one object after the other.
  const local = { ...fixed, GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };
  return {
    root,
    run(args, run = {}) {
      const { network } = run;
      const env = network === undefined ? local : { ...fixed, ...wayOut(environment.inherited), ...network };
      return follow([...settings, ...args], { cwd: root, env }, run);
    },
    start(args) {
      const child = spawn('git', [...settings, ...args], { cwd: root, env: local, windowsHide: true });
      child.unref();
      for (const pipe of [child.stdin, child.stdout, child.stderr]) if ('unref' in pipe) (pipe.unref as () => void)();
      return child;
    },
  };
}

const SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'advice.graftFileDeprecated=false',
  'gc.auto=0',
  'maintenance.auto=false',
];

const FIXED: Variables = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // Neither may change what a commit is made of.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
};

/** By these a runner is told how it gets out of its network, and whom to believe there. */
const WAY_OUT = /^(https?_proxy|all_proxy|no_proxy|ssl_cert_(file|dir)|curl_ca_bundle|git_ssl_cainfo|ssh_auth_sock)$/i;

function wayOut(inherited: Variables): Variables {
  const passed = Object.entries(inherited).filter(([name]) => WAY_OUT.test(name));
  return { ...Object.fromEntries(passed), GIT_ALLOW_PROTOCOL: 'https:http:file:ssh' };
}

function follow(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Variables },
  { stdin = '', mostBytes = 128 * MIB, seconds = 60 }: GitRun,
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it starts to reach a remote ends with it.
    const child = spawn('git', args, { cwd, env, stdio: 'pipe', detached: true, windowsHide: true });
    let ended: string | undefined;
    const stop = (why: string) => {
      ended ??= why;
      endGroup(child);
    };
    const timer = setTimeout(() => stop(`git was ended after ${seconds} s`), seconds * 1000);
    const full = () => stop(`git was ended after ${formatMegabytes(mostBytes)} of output`);
    const stdout = collectBytes(child.stdout, mostBytes, full);
    const stderr = collectOutput(child.stderr, MOST_SAID);
    // One that ends before it has read its input breaks the pipe; its exit code says the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new UserError(whyNotStarted(cause), { cause }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const why = ended ?? (signal ? `git was ended by ${signal}` : '');
      resolve({
        exitCode: ended === undefined ? (code ?? 1) : 1,
        stdout: stdout(),
        said: `${stderr().trim()}\n${why}`.trim(),
      });
    });
  });
}

/** The sentence for a git that could not be started. */
export function whyNotStarted(cause: Error): string {
  if ('code' in cause && cause.code === 'ENOENT') {
    return 'git was not found on PATH. Install it in a step before actions/checkout; the runners of GitHub have it.';
  }
  return `git could not be started (${messageOf(cause)}). The gate needs it to compare two commits.`;
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself, or the system knows no groups.
    child.kill('SIGKILL');
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
}
