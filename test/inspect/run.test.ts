import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment, type Variables } from '../../src/environment.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { run } from '../../src/run.ts';
import { measureOf } from '../checks/fixtures.ts';
import { observationOf, podOf, workloadOf } from '../judge/fixtures.ts';
import { CART } from './run-on-github.ts';
import { recordingRunner } from './runner.ts';

/** Runs on a recording of one pod that uses 1900Mi of 2000Mi, in a workspace of its own. */
async function runOnRecording(
  inputs: Readonly<Record<string, string>>,
  variables: Variables = {},
  tracked: Readonly<Record<string, string>> = {},
) {
  const workspace = mkdtempSync(join(tmpdir(), 'run-'));
  for (const [path, text] of Object.entries(tracked)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  if (Object.keys(tracked).length > 0) {
    execFileSync('git', ['init', '--quiet'], { cwd: workspace });
    execFileSync('git', ['add', '--all'], { cwd: workspace });
  }
  const measurement = measureOf(() => 1900);
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measurement]);
  writeFileSync(join(workspace, 'rec.json'), encodeRecording(observation, 'rec.json'));
  writeFileSync(join(workspace, 'taken'), '');
  mkdirSync(join(workspace, 'blocked/2025-12-25.md'), { recursive: true });
  const { runner, given } = recordingRunner({ recording: 'rec.json', ...inputs });
  const sentence = await run(
    runner,
    readEnvironment({ PATH: process.env.PATH, GITHUB_WORKSPACE: workspace, ...variables }),
  );
  const report = (path: string) => readFileSync(join(workspace, path), 'utf8');
  return { sentence, ...given, report };
}

describe('a run', () => {
  it('that may not deliver shows what it found all the same', async () => {
    const { sentence, outputs, summary, report } = await runOnRecording({}, { GITHUB_REPOSITORY: 'o/r' });
    expect(sentence).toMatch(/1 pod at risk.*github-token/);
    expect(outputs).toMatchObject({ outcome: 'error', verdict: 'red', 'at-risk': '1' });
    expect(summary).toContain('shop/cart');
    expect(summary).toContain('github-token');
    expect(summary).not.toContain('Nothing was judged');
    expect(report(outputs['report-path'] ?? '')).toContain('github-token');
  });

  it('without a GitHub repository says where in the checked-out files the change belongs', async () => {
    const { summary } = await runOnRecording({}, {}, { 'cart.yaml': CART });
    expect(summary).toContain('in `cart.yaml`, line 7');
  });

  const application = (cluster: string, repository = 'o/r') => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop-${cluster}, namespace: argocd}
spec:
  source: {repoURL: https://github.com/${repository}.git, path: deploy}
  destination: {name: ${cluster}, namespace: shop}
`;
  const deployed = { 'deploy/cart.yaml': CART.replace(', namespace: shop', '') };
  const locally = { 'open-pull-requests': 'false', 'commit-report': 'false', 'cluster-name': 'eu' };

  it('says where else a raise arrives', async () => {
    const tracked = { ...deployed, 'argocd/eu.yaml': application('eu'), 'argocd/us.yaml': application('us') };
    const { summary } = await runOnRecording(locally, { GITHUB_REPOSITORY: 'o/r' }, tracked);
    expect(summary).toContain('in `deploy/cart.yaml`, line 7');
    expect(summary).toContain('also applied by Argo CD Application shop-us in cluster `us`');
  });

  it('edits no file of a path that an application takes from another repository', async () => {
    const tracked = { ...deployed, 'argocd/eu.yaml': application('eu', 'o/other') };
    const { summary } = await runOnRecording(locally, { GITHUB_REPOSITORY: 'o/r' }, tracked);
    expect(summary).toContain('deploy/cart.yaml has no namespace');
    expect(summary).not.toContain('in `deploy/cart.yaml`, line');
  });

  it('without pull requests says so too, and does not ask GitHub', async () => {
    const inputs = { 'open-pull-requests': 'false', 'commit-report': 'false' };
    const { sentence, summary } = await runOnRecording(inputs, { GITHUB_REPOSITORY: 'o/r' }, { 'cart.yaml': CART });
    expect(summary).toContain('in `cart.yaml`, line 7');
    expect(sentence).not.toMatch(/github-token/);
  });

  it('that is dry shows the diff without a token, and changes no file', async () => {
    const tracked = { 'cart.yaml': CART };
    const { outputs, summary, report } = await runOnRecording(
      { 'dry-run': 'true' },
      { GITHUB_REPOSITORY: 'o/r' },
      tracked,
    );
    expect(summary).toContain('\n-      containers: [{name: app, resources: {limits: {memory: 2000Mi}');
    expect(JSON.parse(outputs['pull-requests'] ?? '')).toMatchObject([{ state: 'dry run' }]);
    expect(outputs.outcome).toBe('findings');
    expect(report('cart.yaml')).toBe(CART);
  });

  it('does not look at files that git does not know', async () => {
    const { summary } = await runOnRecording(
      {},
      {},
      { '.gitignore': 'taken\nrec.json\ncart.yaml\n', 'cart.yaml': CART },
    );
    expect(summary).toContain('no manifest of the repository defines');
  });

  it('writes SARIF with the line of the manifest, JUnit and a message', async () => {
    const { outputs, report } = await runOnRecording(
      { sarif: 'out/memory.sarif', junit: 'out/memory.xml' },
      {},
      { 'cart.yaml': CART },
    );
    const [result] = JSON.parse(report('out/memory.sarif')).runs[0].results;
    expect(result.locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'cart.yaml' },
      region: { startLine: 7 },
    });
    expect(report('out/memory.xml')).toContain('failures="1"');
    expect(outputs.headline).toMatch(/^🔴 Memory: 1 container/);
    expect(outputs['summary-markdown']).toContain('shop/cart');
    expect(JSON.parse(outputs['blocks-json'] ?? '')).toHaveLength(2);
  });

  it('that could not do its work says so in its message, too', async () => {
    const { sentence = '', outputs } = await runOnRecording({ 'report-directory': 'taken' });
    expect(outputs.headline).toBe('❌ The memory inspection could not run');
    expect(outputs['summary-markdown']).toContain(sentence.split(' ').slice(0, 3).join(' '));
    expect(JSON.parse(outputs['blocks-json'] ?? '')).not.toEqual([]);
  });

  it('that cannot write its report shows what it found all the same', async () => {
    const { sentence, outputs, summary } = await runOnRecording({ 'report-directory': 'blocked' });
    expect(sentence).toMatch(/1 pod at risk.*blocked\/2025-12-25\.md/);
    expect(outputs).toMatchObject({
      outcome: 'error',
      verdict: 'red',
      headline: expect.stringMatching(/^❌ Memory \(part of the run failed\): 1 container/),
      'summary-markdown': expect.stringContaining('blocked/2025-12-25.md'),
    });
    expect(summary).toContain('shop/cart');
  });

  it('whose report directory is a file says so', async () => {
    const { sentence, outputs } = await runOnRecording({ 'report-directory': 'taken' });
    expect(sentence).toMatch(/"taken\/.*a file, not a folder/);
    expect(sentence).not.toMatch(/bug/);
    expect(outputs).toMatchObject({ outcome: 'error' });
  });
});
