// One run of the committed bundle as the gate: on a pull request to the demo's repository, with the recorded cluster.
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGithubServer } from '../test/github-server/server.mjs';
import { demoRecording, git, RECORDING, runAction } from './run-demo.mjs';

const BRANCH = 'smaller-nacos';
const TITLE = 'Give nacos less memory';
const FILES = ['k8s/pigo-dev/nacos.yaml', 'k8s/pigo-rel/nacos.yaml'];

/**
 * @typedef {object} Judged
 * @property {number | null} code
 * @property {string} title of the pull request
 * @property {string} diff
 * @property {string | undefined} comment what the action wrote under it
 */

/**
 * @param {string} bare path of the repository
 * @param {(text: string) => void} onOutput gets what the run prints
 * @returns {Promise<Judged>}
 */
export async function runGate(bare, onOutput) {
  const scratch = mkdtempSync(join(tmpdir(), 'memory-inspector-gate-'));
  const checkout = join(scratch, 'checkout');
  const summary = join(scratch, 'summary.md');
  const outputs = join(scratch, 'outputs.txt');
  const event = join(scratch, 'event.json');
  git('clone', '--quiet', bare, checkout);
  const base = commitOf(checkout);
  git('-C', checkout, 'checkout', '--quiet', '-b', BRANCH);
  for (const file of FILES) {
    const path = join(checkout, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace('memory: 2000Mi', 'memory: 1792Mi'));
  }
  git('-C', checkout, 'commit', '--quiet', '--all', '--message', TITLE);
  git('-C', checkout, 'push', '--quiet', 'origin', BRANCH);
  const head = commitOf(checkout);
  const diff = git('-C', checkout, 'diff', '--unified=0', base, head);
  // What GitHub checks out for a pull request: the result of merging it.
  git('-C', checkout, 'checkout', '--quiet', '--detach', base);
  git('-C', checkout, 'merge', '--quiet', '--no-ff', '--message', `Merge ${head} into ${base}`, head);
  copyFileSync(demoRecording, join(checkout, RECORDING));
  const github = await startGithubServer({ gitDir: bare, owner: 'demo', repo: 'pigo' });
  try {
    const pull = await github.openPull({ head: BRANCH, title: TITLE });
    const repo = { full_name: 'demo/pigo' };
    const sides = { base: { ref: 'main', sha: base, repo }, head: { ref: BRANCH, sha: head, repo } };
    const { number } = pull;
    const payload = { action: 'opened', number, pull_request: { number, ...sides }, repository: repo };
    writeFileSync(event, JSON.stringify(payload));
    for (const file of [summary, outputs]) writeFileSync(file, '');
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event, GITHUB_SHA: commitOf(checkout) };
    const code = await runAction({ checkout, summary, outputs, api: github.url, onOutput, env });
    return { code, title: `#${number} ${TITLE}`, diff, comment: pull.comments[0]?.body };
  } finally {
    await github.stop();
  }
}

/** @param {string} checkout */
function commitOf(checkout) {
  return git('-C', checkout, 'rev-parse', 'HEAD').trim();
}
