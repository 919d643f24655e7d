import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodeRecording } from '../src/record/recording.ts';
import { measureOf } from '../test/checks/fixtures.ts';
import { withPrograms } from '../test/e2e/testbed/programs.mjs';
import { observationOf, podOf, workloadOf } from '../test/judge/fixtures.ts';
import { runAction } from './action.mjs';
import { middle } from './measure.mjs';
import { plainRepository, releases, renderedRepository } from './repository.mjs';

const RUNS = 3;

/** What one pull request changes. @type {readonly { name: string, path: string, from: string, to: string, differ: number }[]} */
const CHANGES = [
  { name: 'no manifest', path: 'README.txt', from: 'bench', to: 'Bench', differ: 0 },
  { name: 'a plain file', path: 'deploy/team-1/app-1.yaml', from: '2000Mi', to: '1500Mi', differ: 1 },
  { name: 'a base of 5 overlays', path: 'base-1/app.yaml', from: '2000Mi', to: '1500Mi', differ: 5 },
  { name: "one release's values", path: 'charts/shop-1/values-rel.yaml', from: '2000Mi', to: '1500Mi', differ: 1 },
  {
    name: 'a template of 5 releases',
    path: 'charts/shop-1/templates/app.yaml',
    from: '.Values.app.resources',
    to: '(dict "limits" (dict "memory" "64Mi"))',
    differ: 5,
  },
];

/**
 * The gate in a repository of 5,000 manifests, 50 Kustomize roots and 50 Helm releases, of which a pull request changes one
 * file; the cluster is a recording. @param {(line: string) => void} log
 */
export async function benchGate(log) {
  const root = mkdtempSync(join(tmpdir(), 'memory-inspector-bench-gate-'));
  try {
    const texts = new Map([...plainRepository(5000), ...renderedRepository(), ['README.txt', 'bench\n']]);
    texts.set('.github/memory-inspector.yml', JSON.stringify({ 'helm-releases': releases() }));
    writeAll(root, texts);
    git(root, 'init', '--quiet', '--initial-branch=main');
    commit(root, 'base');
    writeFileSync(join(root, 'rec.json'), encodeRecording(recording(), 'rec.json'));
    for (const change of CHANGES) log(await benchChange(root, texts, change));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/**
 * @param {string} root
 * @param {ReadonlyMap<string, string>} texts
 * @param {(typeof CHANGES)[number]} change
 */
async function benchChange(root, texts, { name, path, from, to, differ }) {
  const before = texts.get(path) ?? '';
  git(root, 'checkout', '--quiet', '-B', 'change', 'main');
  writeFileSync(join(root, path), before.replace(from, to));
  commit(root, name, path);
  const inputs = { mode: 'gate', recording: 'rec.json', 'fail-on': 'never' };
  const env = { GITHUB_WORKSPACE: root, GITHUB_SHA: git(root, 'rev-parse', 'HEAD'), PATH: withPrograms().PATH };
  const results = [];
  for (let round = 0; round < RUNS; round += 1) results.push(await runAction(inputs, env));
  const { seconds, peak, output, code } = middle(results, (one) => one.seconds);
  const counted = /(\d+) containers differ, (\d+) renderings/.exec(output);
  const found = Number(counted?.[1] ?? 0);
  if (code !== 0 || found !== differ)
    throw new Error(`The gate found ${found} changes of ${name}:\n${output.slice(-2000)}`);
  return `gate, ${name}: ${found} containers differ in ${seconds.toFixed(2)} s, ${counted?.[2] ?? 0} renders, peak ${(peak / 1e6) | 0} MB`;
}

/** What runs: every workload of the repository in one namespace or another would do; one that is changed is enough. */
function recording() {
  const ref = { ...workloadOf([]).ref, kind: 'Deployment', namespace: 'bench', name: 'app-1' };
  const workload = workloadOf([podOf('app-1-abc')], { ref });
  return observationOf(
    [workload],
    [measureOf(() => 1000, { namespace: 'bench', pod: 'app-1-abc' })],
    {},
    { namespaces: ['bench'] },
  );
}

/** @param {string} root @param {ReadonlyMap<string, string>} texts */
function writeAll(root, texts) {
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** @param {string} root @param {string} message @param {string} [path] */
function commit(root, message, path = '.') {
  git(root, 'add', '--', path);
  git(
    root,
    '-c',
    'user.name=Bench',
    '-c',
    'user.email=bench@example.invalid',
    'commit',
    '--quiet',
    '--message',
    message,
  );
}

/** @param {string} root @param {string[]} args */
function git(root, ...args) {
  return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
}
