import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readEnvironment } from '../../src/environment.ts';
import type { InspectionContext } from '../../src/inspect/context.ts';
import { deliver } from '../../src/inspect/deliver.ts';
import { workspaceReports } from '../../src/inspect/publish.ts';
import { NOTHING_KNOWN } from '../../src/inspect/read-changes.ts';
import { judge } from '../../src/judge/judge.ts';
import type { JvmMetrics } from '../../src/model/jvm-metrics.ts';
import { judgeSettings } from '../../src/observe/judge-settings.ts';
import { readOptions } from '../../src/options/read-options.ts';
import { openWorkspace } from '../../src/repository/workspace.ts';
import { type GithubServer, startGithubServer } from '../github-server/server.mjs';
import { observationOf, podOf, templateOf, workloadOf } from '../judge/fixtures.ts';
import { addFix, brokenOf, deployment } from '../manifests/monitors/scene.ts';
import { hasKubectl, PROGRAMS, whyNoKubectl } from '../manifests/test-renderers.ts';
import { recordingRunner } from './runner.ts';

const FILES = {
  'base/kustomization.yaml': 'resources:\r\n  - api.yaml # the shop\r\n',
  'base/api.yaml': deployment('api'),
  'overlays/shop/kustomization.yaml': 'namespace: shop\nresources: [../../base]\n',
};
const BROKEN = [brokenOf(addFix())];
const ON = { 'propose-service-monitors': 'true', 'commit-report': 'false' };

let server: GithubServer | undefined;
afterEach(() => server?.stop());

async function startRepository(files: Readonly<Record<string, string>> = FILES): Promise<GithubServer> {
  const gitDir = mkdtempSync(join(tmpdir(), 'monitors-'));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', gitDir]);
  server = await startGithubServer({ gitDir });
  await server.commitFiles('main', files);
  return server;
}

/** From the judgement to the end of the delivery, of a run that found so of JVMs. */
async function runOn(
  github: GithubServer | undefined,
  jvmMetrics: readonly JvmMetrics[],
  inputs: Readonly<Record<string, string>> = ON,
  folder = mkdtempSync(join(tmpdir(), 'monitors-')),
  days = 0,
) {
  const { runner } = recordingRunner({ 'github-token': 'x', ...inputs });
  const environment = readEnvironment({
    PATH: PROGRAMS,
    GITHUB_WORKSPACE: folder,
    ...(github && { GITHUB_REPOSITORY: `${github.owner}/${github.repo}`, GITHUB_API_URL: github.url }),
    MEMORY_INSPECTOR_PACE: 'immediate',
  });
  const workspace = openWorkspace(environment.workspace);
  const options = readOptions(runner.input, workspace.read);
  const ref = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'api' };
  const api = workloadOf([podOf('api-0')], { ref, containers: [templateOf({ name: 'api' })] });
  const seen = observationOf([api], []);
  const observation = { ...seen, at: seen.at + days * 86_400, scraping: { at: seen.at } as never };
  const inspection = judge(observation, judgeSettings(options, observation.at));
  const earlier = workspaceReports(workspace);
  const context: InspectionContext = {
    runner,
    environment,
    workspace,
    places: [],
    options,
    earlier,
    observation,
    inspection,
    outcome: 'ok',
    jvmMetrics,
    known: NOTHING_KNOWN,
    followUps: { changes: [] },
  };
  const { delivered, report } = await deliver(context);
  return { ...delivered, json: report.json.text };
}

/** The files in a checkout that git knows. */
function checkOut(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['add', '.'], { cwd: folder });
  return folder;
}

describe.skipIf(!hasKubectl)(`with kubectl${whyNoKubectl}`, () => {
  test('a missing monitor is proposed in the rendered base, once, and closed when the files have it', async () => {
    const github = await startRepository();
    const first = await runOn(github, BROKEN);
    expect(first.failures).toEqual([]);
    expect(first.pullRequests).toMatchObject([
      { state: 'opened', branch: 'memory-inspector/metrics.shop', suggestions: ['metrics:shop/Deployment/api/api'] },
    ]);
    expect(first.monitors).toMatchObject([{ state: 'located', proof: { kind: 'kustomize' } }]);
    expect(JSON.parse(first.json).pullRequests).toMatchObject([
      { branch: 'memory-inspector/metrics.shop', state: 'open' },
    ]);
    expect(await github.readText('memory-inspector/metrics.shop', 'base/kustomization.yaml')).toBe(
      'resources:\r\n  - api.yaml # the shop\r\n  - api-servicemonitor.yaml\r\n',
    );
    const added = await github.readText('memory-inspector/metrics.shop', 'base/api-servicemonitor.yaml');
    expect(added).toContain('interval: 30s\r\n');
    expect((await runOn(github, BROKEN)).pullRequests).toMatchObject([{ state: 'unchanged', number: 1 }]);
    // A person makes the change by hand.
    await github.commitFiles('main', {
      'base/kustomization.yaml': 'resources: [api.yaml, monitor.yaml]\n',
      'base/monitor.yaml': added ?? '',
    });
    const last = await runOn(github, BROKEN);
    expect(last.pullRequests).toMatchObject([{ state: 'closed', number: 1 }]);
    expect(last.monitors).toMatchObject([{ state: 'not located', reason: 'drift', isThere: true }]);
  });

  test('metrics that arrive by now close it after three days', async () => {
    const github = await startRepository();
    await runOn(github, BROKEN);
    const covered: JvmMetrics[] = BROKEN.map(({ workload, container, recognised }) => {
      return { state: 'covered', workload, container, recognised };
    });
    const states: unknown[] = [];
    for (const day of [1, 2, 4]) {
      const { pullRequests } = await runOn(github, covered, ON, undefined, day);
      states.push(pullRequests.map(({ state }) => state));
    }
    expect(states).toEqual([['unchanged'], ['unchanged'], ['closed']]);
  });

  test('without GitHub a dry run shows the diff', async () => {
    const dry = await runOn(undefined, BROKEN, { ...ON, 'dry-run': 'true' }, checkOut(FILES));
    expect(dry.pullRequests).toMatchObject([
      { state: 'dry run', diff: expect.stringContaining('+kind: ServiceMonitor') },
    ]);
  });
});

test('without the option nothing is looked for and nothing is closed', async () => {
  const github = await startRepository({ 'api.yaml': deployment('api', 'shop') });
  await runOn(github, BROKEN);
  const start = github.requests.length;
  const { pullRequests, monitors } = await runOn(github, [], { 'commit-report': 'false' });
  expect({ pullRequests, monitors }).toEqual({ pullRequests: [], monitors: undefined });
  expect(github.requests.slice(start).filter(({ write }) => write)).toEqual([]);
});

test('what is not located is told with a snippet', async () => {
  const github = await startRepository({ 'README.md': 'Nothing here.\n' });
  const { pullRequests, monitors } = await runOn(github, BROKEN);
  expect(pullRequests).toEqual([]);
  expect(monitors).toMatchObject([
    { state: 'not located', reason: 'no manifest', snippet: expect.stringContaining('kind: ServiceMonitor') },
  ]);
});

test('a GitHub that fails hides nothing of what was found', async () => {
  const github = await startRepository();
  github.faults.readOnlyToken();
  const { failures } = await runOn(github, BROKEN);
  expect(failures.join()).toContain('contents: write');
});
