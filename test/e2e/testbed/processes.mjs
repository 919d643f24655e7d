import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, input?: string, cwd?: string, mayFail?: boolean, timeout?: number }} [options]
 *   `mayFail` returns a failure instead of throwing it.
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      {
        cwd: options.cwd,
        env: options.env ?? process.env,
        maxBuffer: 1 << 29,
        timeout: options.timeout ?? 0,
      },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
        if (error && !options.mayFail) {
          const said = stderr.trim().slice(-2000) || error.message;
          reject(new Error(`${command} ${args.join(' ').slice(0, 200)} failed (${code}): ${said}`));
        } else {
          resolve({ code, stdout, stderr });
        }
      },
    );
    // A program that ends before it read its input is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * Starts a program that runs until it is stopped; its output goes to a file.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, env?: NodeJS.ProcessEnv }} options
 * @returns {{ pid: number | undefined, ended: () => boolean, stop: () => Promise<void> }}
 */
export function start(command, args, options) {
  const log = openSync(options.log, 'a');
  const child = spawn(command, args, {
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exit = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  let over = false;
  exit.then(() => {
    over = true;
  });
  return {
    pid: child.pid,
    ended: () => over,
    async stop() {
      if (over) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exit;
      clearTimeout(killer);
    },
  };
}

/**
 * A TCP port that is free now, on the loopback address.
 *
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/**
 * Asks again and again until the answer is no longer false, undefined or an error.
 *
 * @template T
 * @param {string} what for the error when it never comes
 * @param {() => Promise<T | false | undefined>} ask
 * @param {{ seconds?: number, every?: number }} [options]
 * @returns {Promise<T>}
 */
export async function until(what, ask, { seconds = 60, every = 200 } = {}) {
  const deadline = Date.now() + seconds * 1000;
  let last = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > deadline) throw new Error(`${what} did not come in ${seconds} s${last}`);
    await sleep(every);
  }
}

/**
 * Maps with at most `width` calls under way.
 *
 * @template T, R
 * @param {T[]} items
 * @param {number} width
 * @param {(item: T, index: number) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
export async function inParallel(items, width, work) {
  const results = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(/** @type {T} */ (items[index]), index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
