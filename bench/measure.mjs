import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/**
 * Runs a program and measures it: wall time, and the peak of its own memory
 * (resident, as the kernel kept it; its children are not in it).
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<{ seconds: number, peak: number, code: number | null, output: string }>}
 */
export async function measure(command, args, options = {}) {
  const began = performance.now();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  let peak = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(status.match(/VmHWM:\s+(\d+) kB/)?.[1] ?? 0) * 1024);
  }, 10);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearInterval(watch));
  return { seconds: (performance.now() - began) / 1000, peak, code, output };
}

/**
 * The middle one of several results by one of their numbers; throws where there is none.
 *
 * @template T
 * @param {T[]} results
 * @param {(result: T) => number} by
 * @returns {T}
 */
export function middle(results, by) {
  const found = [...results].sort((a, b) => by(a) - by(b))[Math.floor(results.length / 2)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}
