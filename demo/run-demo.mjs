// Runs of the committed bundle on a recorded cluster, in a scratch folder, with a repository behind a stand-in for GitHub
// or without one. Needs Node and git, no install and no network.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGithubServer } from '../test/github-server/server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
export const demoRecording = join(root, 'demo/pigo.json.gz');
/** Its name in a workspace. */
export const RECORDING = 'pigo.json.gz';

/**
 * @typedef {object} Ended
 * @property {number | null} code
 * @property {import('../test/github-server/server.mjs').FakePull[]} pulls those that were opened
 * @property {string} report path of the report's main page
 * @property {string} index path of the reports' index
 * @property {string} summary path of the job summary
 * @property {string} bare path of the repository
 */

/** @param {string[]} args */
export function git(...args) {
  const identity = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.invalid', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/**
 * The action's repository and a stand-in for GitHub, over as many runs as there are days; close it at the end.
 *
 * @typedef {object} Demo
 * @property {string} bare path of the repository
 * @property {(at: number) => void} setTime GitHub's clock, in unix seconds
 * @property {(recording: Uint8Array) => Promise<Ended>} run in a fresh checkout of main
 * @property {(number: number) => Promise<string>} merge a pull request
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} given
 * @param {boolean} given.github whether there is a GitHub to deliver to
 * @param {(text: string) => void} given.onOutput gets what the runs print
 * @returns {Promise<Demo>}
 */
export async function openDemo({ github: delivers, onOutput }) {
  const scratch = mkdtempSync(join(tmpdir(), 'memory-inspector-demo-'));
  const bare = join(scratch, 'repository.git');
  const checkout = join(scratch, 'checkout');
  const summary = join(scratch, 'summary.md');
  const outputs = join(scratch, 'outputs.txt');
  makeRepository(join(scratch, 'first'), bare);
  let time = Date.now() / 1000;
  const clock = () => new Date(Math.floor(time++) * 1000).toISOString().replace('.000', '');
  const github = delivers ? await startGithubServer({ gitDir: bare, owner: 'demo', repo: 'pigo', clock }) : undefined;
  return {
    bare,
    setTime(at) {
      time = at;
    },
    async run(recording) {
      rmSync(checkout, { recursive: true, force: true });
      git('clone', '--quiet', bare, checkout);
      writeFileSync(join(checkout, RECORDING), recording);
      for (const file of [summary, outputs]) writeFileSync(file, '');
      const code = await runAction({ checkout, summary, outputs, api: github?.url, onOutput });
      const index = join(checkout, 'reports/memory/README.md');
      return { code, pulls: [...(github?.pulls ?? [])], report: findReport(index), index, summary, bare };
    },
    async merge(number) {
      if (github === undefined) throw new Error('there is no GitHub');
      return github.mergePull(number, { deleteBranch: true });
    },
    async close() {
      await github?.stop();
    },
  };
}

/**
 * One run of its own.
 *
 * @param {object} given
 * @param {boolean} given.github whether there is a GitHub to deliver to
 * @param {(text: string) => void} given.onOutput gets what the run prints
 * @param {Uint8Array} [given.recording] what is inspected instead of the demo's recording
 * @returns {Promise<Ended>}
 */
export async function runDemo({ recording = readFileSync(demoRecording), ...given }) {
  const demo = await openDemo(given);
  try {
    return await demo.run(recording);
  } finally {
    await demo.close();
  }
}

/**
 * A repository as a platform team has it: the manifests of the recorded cluster, on main.
 *
 * @param {string} checkout
 * @param {string} bare
 */
function makeRepository(checkout, bare) {
  mkdirSync(checkout, { recursive: true });
  cpSync(join(root, 'test/e2e/pigo/manifests'), checkout, { recursive: true });
  git('init', '--quiet', '--bare', bare);
  git('-C', checkout, 'init', '--quiet');
  git('-C', checkout, 'add', '--all');
  git('-C', checkout, 'commit', '--quiet', '--message', 'Deploy the pigo cluster');
  git('-C', checkout, 'push', '--quiet', bare, 'main');
}

/**
 * Runs the bundle as a workflow step would; resolves to its exit code.
 *
 * @param {object} given
 * @param {string} given.checkout
 * @param {string} given.summary
 * @param {string} given.outputs
 * @param {string | undefined} given.api
 * @param {(text: string) => void} given.onOutput
 * @param {Record<string, string>} [given.env] what started the job
 * @returns {Promise<number | null>}
 */
export function runAction({ checkout, summary, outputs, api, onOutput, env: started }) {
  const github = {
    GITHUB_REPOSITORY: 'demo/pigo',
    GITHUB_SERVER_URL: 'https://github.example.invalid',
    GITHUB_API_URL: api,
    GITHUB_GRAPHQL_URL: `${api}/graphql`,
    'INPUT_GITHUB-TOKEN': 'demo-token',
  };
  const env = {
    PATH: process.env.PATH,
    GITHUB_WORKSPACE: checkout,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: outputs,
    MEMORY_INSPECTOR_PACE: 'immediate',
    INPUT_RECORDING: RECORDING,
    ...(api === undefined ? {} : github),
    ...started,
  };
  const child = spawn(process.execPath, [join(root, 'dist/index.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', onOutput);
  return new Promise((resolve) => child.on('close', resolve));
}

/** @param {string} index */
function findReport(index) {
  const page = /\(([\d-]+\.md)\)/.exec(readFileSync(index, 'utf8'))?.[1];
  return page === undefined ? index : join(index, '..', page);
}
