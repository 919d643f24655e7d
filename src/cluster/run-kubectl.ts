import { type ChildProcess, spawn } from 'node:child_process';
import { UserError } from '../errors.ts';
import type { Kubectl, KubectlResult } from './kubectl.ts';

const DEFAULT_TIMEOUT_SECONDS = 120;
const GRACE_MILLISECONDS = 2_000;
/** What `timeout(1)` exits with. */
export const TIMED_OUT = 124;

export interface KubectlOptions {
  /** A context of the kubeconfig; its current one by default. */
  readonly context?: string;
  readonly env: NodeJS.ProcessEnv;
  /** The program to run, looked for on the PATH of `env`. */
  readonly binary?: string;
  /** For runs that do not name their own. */
  readonly timeoutSeconds?: number;
}

/**
 * kubectl with a fixed context and environment, started directly and never through a shell. A run that takes too long is
 * ended and results in exit code 124. Throws a UserError when the program cannot be started.
 */
export function createKubectl(options: KubectlOptions): Kubectl {
  const binary = options.binary ?? 'kubectl';
  const leading = options.context ? ['--context', options.context] : [];
  return {
    run: (args, run = {}) => {
      const seconds = run.timeoutSeconds ?? options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
      return runToEnd(binary, [...leading, ...args], options.env, seconds, run.stdin ?? '');
    },
  };
}

// @actions/exec looks for line ends by joining all output seen so far with every chunk. API answers are one line of
// megabytes, for which that takes 28 times as long and twice the memory; nor can it end a run.
function runToEnd(
  binary: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  timeoutSeconds: number,
  stdin: string,
): Promise<KubectlResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { env, stdio: 'pipe', windowsHide: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end(child);
    }, timeoutSeconds * 1000);

    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program that ends before it has read its input breaks the pipe; its exit code says the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new UserError(whyNotStarted(binary, cause), { cause }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const said = Buffer.concat(stderr).toString();
      resolve({
        exitCode: timedOut ? TIMED_OUT : (code ?? 1),
        stdout: Buffer.concat(stdout).toString(),
        stderr: timedOut
          ? `${said}\nkubectl was ended after ${timeoutSeconds} s without an answer`.trim()
          : signal
            ? `${said}\nkubectl was ended by ${signal}`.trim()
            : said,
      });
    });
  });
}

/** A credential plugin that outlives kubectl may hold the pipes: they are closed on this side. */
function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MILLISECONDS);
  child.once('exit', () => {
    clearTimeout(kill);
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
}

function whyNotStarted(binary: string, cause: NodeJS.ErrnoException): string {
  if (cause.code === 'ENOENT') {
    return `${binary} was not found on PATH: install it in a step before this one (GitHub's own runners have it)`;
  }
  if (cause.code === 'EACCES') return `${binary} may not be executed: give it the right (chmod +x)`;
  if (cause.code === 'E2BIG') return `${binary} was given more arguments than the system takes`;
  return `${binary} could not be started: ${cause.message}`;
}
