import { type ChildProcessByStdio, type SpawnOptionsWithStdioTuple, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { formatMegabytes, GIB, KIB, MIB } from '../../bytes.ts';
import { collectOutput } from '../../collect-output.ts';
import { messageOf } from '../../errors.ts';
import { findProgram } from './find-program.ts';
import type { Scratch } from './scratch.ts';

/** What one run of a program may take. */
export interface ChildLimits {
  readonly seconds: number;
  /** Bytes of standard output. */
  readonly output: number;
  /** Bytes of memory. Exact where the system has `prlimit`; elsewhere the garbage collector's aim. */
  readonly memory: number;
}

export const CHILD_LIMITS: ChildLimits = { seconds: 30, output: 32 * MIB, memory: GIB };

export interface ClosedProgram {
  /** Absolute, so that no PATH is needed. */
  readonly path: string;
  /** The absolute path of `prlimit`, where the system has it. */
  readonly prlimit?: string;
  readonly limits: ChildLimits;
}

export type ClosedResult =
  | { readonly state: 'done'; readonly output: string }
  | { readonly state: 'failed'; readonly said: string }
  /** It took more than it may; `why` says of what. */
  | { readonly state: 'over'; readonly why: string };

/** A program of the PATH, ready to be run closed; `undefined` where it is not installed. */
export function findClosed(name: string, path: string, limits: ChildLimits = CHILD_LIMITS): ClosedProgram | undefined {
  const program = findProgram(name, path);
  if (program === undefined) return undefined;
  const prlimit = process.platform === 'linux' ? findProgram('prlimit', '/usr/bin:/bin') : undefined;
  return { path: program, limits, ...(prlimit === undefined ? {} : { prlimit }) };
}

/** Of what a program says on standard error, as much as anybody reads. */
const MOST_SAID = 64 * KIB;
const NOWHERE = 'http://127.0.0.1:9';

/**
 * Runs a program that reads what a repository wrote: without a shell, in an empty home, with nothing on its PATH, no token,
 * no configuration of kubectl, helm or git, no way to a network that a proxy decides, and no file that it could write.
 */
export function runClosed(
  program: ClosedProgram,
  args: readonly string[],
  scratch: Pick<Scratch, 'home'>,
): Promise<ClosedResult> {
  const [command, ...words] = withHardLimits(program, args);
  const env = closedEnvironment(scratch.home, program.limits);
  // A group of its own, so that whatever it starts ends with it.
  const options: SpawnOptionsWithStdioTuple<'ignore', 'pipe', 'pipe'> = {
    env,
    cwd: scratch.home,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  };
  try {
    return follow(spawn(command, words, options), program);
  } catch (thrown) {
    // Words that no program can be given, such as one with a NUL.
    return Promise.resolve({ state: 'failed', said: messageOf(thrown) });
  }
}

function withHardLimits({ path, prlimit, limits }: ClosedProgram, args: readonly string[]): [string, ...string[]] {
  if (prlimit === undefined) return [path, ...args];
  const hard = [`--data=${limits.memory}`, `--cpu=${Math.ceil(limits.seconds) * 4}`, '--fsize=0', '--core=0'];
  return [prlimit, ...hard, '--', path, ...args];
}

function closedEnvironment(home: string, { memory }: ChildLimits): NodeJS.ProcessEnv {
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  return {
    PATH: home,
    HOME: home,
    TMPDIR: home,
    KUBECONFIG: '/dev/null',
    KUBERC: 'off',
    KUBECTL_KUBERC: 'false',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    NO_PROXY: '',
    no_proxy: '',
    GOMEMLIMIT: `${Math.floor((memory * 3) / 4)}`,
    // Half of a large rendering is garbage collection otherwise; the limit above still holds.
    GOGC: '400',
    GOTRACEBACK: 'none',
    ...Object.fromEntries(proxies.map((name) => [name, NOWHERE])),
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function follow(child: Child, program: ClosedProgram): Promise<ClosedResult> {
  return new Promise((resolve) => {
    const { limits } = program;
    let over: string | undefined;
    const stop = (why: string) => {
      over ??= why;
      endGroup(child);
    };
    const timer = setTimeout(() => stop(`rendering it took more than ${limits.seconds} s`), limits.seconds * 1000);
    const output = collectOutput(child.stdout, limits.output, () =>
      stop(`rendering it prints more than ${formatMegabytes(limits.output)}`),
    );
    const said = collectOutput(child.stderr, MOST_SAID);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ state: 'failed', said: error.message });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const text = said();
      if (over !== undefined) resolve({ state: 'over', why: over });
      else if (signal) resolve({ state: 'over', why: `rendering it was ended by ${signal}` });
      else if (code === 0) resolve({ state: 'done', output: output() });
      else if (ranOutOfMemory(text))
        resolve({ state: 'over', why: `rendering it needs more than ${formatMegabytes(limits.memory)} of memory` });
      else
        resolve({
          state: 'failed',
          said: isScript(text) ? `${program.path} is a script: put the program itself on the PATH` : text,
        });
    });
  });
}

/** As Go's runtime says it, which notices when it asks for more or when it starts a thread. */
const OUT_OF_MEMORY = [
  'out of memory',
  'cannot allocate memory',
  'pthread_create failed',
  'failed to create new OS thread',
];

function ranOutOfMemory(said: string): boolean {
  return OUT_OF_MEMORY.some((words) => said.includes(words));
}

/** A wrapper looks for its interpreter on the PATH, which is empty. */
function isScript(said: string): boolean {
  return /^(\/usr)?\/bin\/env: /.test(said);
}

function endGroup(child: Child): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself, or the system knows no groups.
    child.kill('SIGKILL');
  }
  child.stdout.destroy();
  child.stderr.destroy();
}
