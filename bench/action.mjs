import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../test/e2e/testbed/processes.mjs';
import { measure, middle } from './measure.mjs';
import { recordKubectl, recordQueries } from './recorder.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'dist', 'index.js');
// The action's own runtime, which is a newer Node than the tests need.
const node24 = join(root, 'node_modules', 'node', 'bin', 'node');

/** @typedef {Record<string, string>} Inputs */

/**
 * Runs the committed bundle as a workflow would, in a workspace of its own.
 *
 * @param {Inputs} inputs
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function runAction(inputs, env = {}) {
  if (!existsSync(bundle)) throw new Error('There is no dist/index.js: run npm run build first.');
  const workspace = await mkdtemp(join(tmpdir(), 'memory-inspector-bench-'));
  try {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(GITHUB|INPUT|RUNNER|http_proxy|HTTP_PROXY)/.test(name),
    );
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const output = join(workspace, 'output');
    await writeFile(output, '');
    const result = await measure(existsSync(node24) ? node24 : process.execPath, [bundle], {
      cwd: workspace,
      env: { ...Object.fromEntries([...own, ...given]), GITHUB_WORKSPACE: workspace, GITHUB_OUTPUT: output, ...env },
    });
    return result;
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/**
 * The action against one cluster and history: its median time and memory, its
 * queries and lists, and what curl and kubectl need for the same ones.
 *
 * @param {{ inputs: Inputs, kubeconfig: string, kubectl: string, prometheus: string, runs?: number, directory: string }} options
 */
export async function compare({ inputs, kubeconfig, kubectl, prometheus, runs = 3, directory }) {
  const env = { KUBECONFIG: kubeconfig };
  const recorder = await recordQueries(prometheus);
  const shim = join(directory, 'recording-kubectl');
  const lists = await recordKubectl(shim, kubectl);
  const path = [shim, process.env.PATH].join(delimiter);
  const first = await runAction({ ...inputs, 'prometheus-url': recorder.url }, { ...env, PATH: path });
  await recorder.stop();
  if (first.code !== 0) throw new Error(`The action failed (${first.code}):\n${first.output.slice(-3000)}`);
  const results = [];
  for (let round = 0; round < runs; round++) {
    results.push(await runAction({ ...inputs, 'prometheus-url': prometheus }, env));
  }
  const calls = (await lists.calls()).filter((args) => args.includes('--raw') || args.includes('list'));
  const queries = recorder.queries.filter(({ path: asked }) => asked.includes('/api/v1/query'));
  const ended = { env: { ...process.env, ...env }, mayFail: true };
  const replays = [];
  for (let round = 0; round < runs; round++) {
    replays.push({
      curl: await timed(queries, (query) => run('curl', curlArguments(prometheus, query))),
      kubectl: await timed(calls, (args) => run(kubectl, args, ended)),
    });
  }
  const curl = middle(replays, (one) => one.curl).curl;
  const listed = middle(replays, (one) => one.kubectl).kubectl;
  const { seconds, peak } = middle(results, (one) => one.seconds);
  return {
    seconds,
    peak,
    queries: queries.length,
    lists: calls.length,
    curl,
    kubectl: listed,
    ratio: seconds / (curl + listed),
  };
}

/**
 * The median seconds of a run that ends at its first bad option.
 *
 * @param {number} [runs]
 */
export async function startUp(runs = 9) {
  const results = [];
  for (let round = 0; round < runs; round++) {
    const result = await runAction({ at: 'not a time', namespaces: 'bench' });
    if (result.code === 0) throw new Error('A bad option was taken.');
    results.push(result);
  }
  return middle(results, (one) => one.seconds).seconds;
}

/**
 * @param {string} prometheus
 * @param {import('./recorder.mjs').Query} query
 */
function curlArguments(prometheus, { method, path, body, type }) {
  const common = ['--silent', '--show-error', '--output', '/dev/null', `${prometheus}${path}`];
  return method === 'POST' ? ['--header', `content-type: ${type}`, '--data', body, ...common] : common;
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Promise<unknown>} work
 */
async function timed(items, work) {
  const began = performance.now();
  for (const item of items) await work(item);
  return (performance.now() - began) / 1000;
}
