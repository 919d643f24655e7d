import { type ChildProcess, spawn } from 'node:child_process';
import { formatMegabytes, MIB } from '../bytes.ts';
import { collectOutput } from '../collect-output.ts';
import type { Variables } from '../environment.ts';
import { UserError } from '../errors.ts';
import type { Kubectl, KubectlResult } from './kubectl.ts';

const DEFAULT_TIMEOUT_SECONDS = 120;
const GRACE_MILLISECONDS = 2_000;
const DEFAULT_MOST_BYTES = 256 * MIB;
/** Of standard error, of which a few lines are shown. */
const MOST_SAID = MIB;
/** What `timeout(1)` exits with. */
export const TIMED_OUT = 124;

export interface KubectlOptions {
  /** A context of the kubeconfig; its current one by default. */
  readonly context?: string;
  readonly env: Variables;
  /** The program to run, looked for on the PATH of `env`. */
  readonly binary?: string;
  /** For runs that do not name their own. */
  readonly timeoutSeconds?: number;
}

/**
 * kubectl with a fixed context and environment, started directly and never through a shell. A run that takes too long is
 * ended and results in exit code 124; one that writes too much is ended as well. Throws a UserError when the program cannot be started.
 */
export function createKubectl(options: KubectlOptions): Kubectl {
  const binary = options.binary ?? 'kubectl';
  const leading = options.context ? ['--context', options.context] : [];
  return {
    run: (args, run = {}) => {
      const bounds: Bounds = {
        timeoutSeconds: run.timeoutSeconds ?? options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
        mostBytes: run.mostBytes ?? DEFAULT_MOST_BYTES,
      };
      return runToEnd(binary, [...leading, ...args], options.env, bounds, run.stdin ?? '', run.signal);
    },
  };
}

interface Bounds {
  readonly timeoutSeconds: number;
  readonly mostBytes: number;
}

// @actions/exec looks for line ends by joining all output seen so far with every chunk. API answers are one line of
// megabytes, for which that takes 28 times as long and twice the memory; nor can it end a run.
function runToEnd(
  binary: string,
  args: readonly string[],
  env: Variables,
  bounds: Bounds,
  stdin: string,
  signal?: AbortSignal,
): Promise<KubectlResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { env, stdio: 'pipe', windowsHide: true });
    let beyond: keyof Bounds | undefined;
    const stop = (bound: keyof Bounds) => {
      beyond ??= bound;
      end(child);
    };
    const timer = setTimeout(() => stop('timeoutSeconds'), bounds.timeoutSeconds * 1000);
    const stdout = collectOutput(child.stdout, bounds.mostBytes, () => {
      stop('mostBytes');
      child.stdout.destroy();
    });
    const stderr = collectOutput(child.stderr, MOST_SAID);
    const abort = () => end(child);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    // A program that ends before it has read its input breaks the pipe; its exit code says the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new UserError(whyNotStarted(binary, cause), { cause }));
    });
    child.on('close', (code, endedBy) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      const said = stderr();
      if (beyond !== undefined) return resolve(resultBeyond(beyond, bounds, said));
      resolve({
        exitCode: code ?? 1,
        stdout: stdout(),
        stderr: endedBy ? `${said}\nkubectl was ended by ${endedBy}`.trim() : said,
      });
    });
  });
}

function resultBeyond(beyond: keyof Bounds, bounds: Bounds, said: string): KubectlResult {
  if (beyond === 'timeoutSeconds') {
    const why = `kubectl was ended after ${bounds.timeoutSeconds} s without an answer`;
    return { exitCode: TIMED_OUT, stdout: '', stderr: `${said}\n${why}`.trim() };
  }
  const why = `kubectl was ended after ${formatMegabytes(bounds.mostBytes)} of output`;
  return { exitCode: 1, stdout: '', stderr: `${said}\n${why}`.trim(), tooLarge: true };
}

/** A credential plugin that outlives kubectl may hold the pipes: they are closed on this side. */
function end(child: ChildProcess): void {
  const close = () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  if (child.exitCode !== null || child.signalCode !== null) {
    close();
    return;
  }
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MILLISECONDS);
  child.once('exit', () => {
    clearTimeout(kill);
    close();
  });
}

function whyNotStarted(binary: string, cause: NodeJS.ErrnoException): string {
  if (cause.code === 'ENOENT') {
    return `${binary} was not found on PATH: install it (in a workflow: in a step before this one; GitHub's own runners have it)`;
  }
  if (cause.code === 'EACCES') return `${binary} is not executable: make it so (chmod +x)`;
  if (cause.code === 'E2BIG') return `${binary} was given more arguments than the system allows`;
  return `${binary} could not be started: ${cause.message}`;
}
