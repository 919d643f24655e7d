import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEnvironment } from '../../src/environment.ts';
import { chooseFiles } from '../../src/inspect/deliver.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { run } from '../../src/run.ts';
import { AT, DAY, measureOf } from '../checks/fixtures.ts';
import { git, openScene, type Scene } from '../deliver/scene.ts';
import { observationOf, podOf, workloadOf } from '../judge/fixtures.ts';
import { makeInput } from '../report/make-inspection.ts';
import { pigo } from '../report/pigo.ts';
import { recordingRunner } from './runner.ts';

/** A run so many seconds after `AT` that commits its report with the page; its workspace is empty. */
async function runAt(scene: Scene, later: number, inputs: Readonly<Record<string, string>> = {}) {
  const workspace = mkdtempSync(join(tmpdir(), 'page-'));
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 1900)], { at: AT + later });
  writeFileSync(join(workspace, 'rec.json'), encodeRecording(observation, 'rec.json'));
  const options = { recording: 'rec.json', page: 'true', 'open-pull-requests': 'false', 'github-token': 'a-token' };
  const { runner, given } = recordingRunner({ ...options, ...inputs });
  const environment = readEnvironment({
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: `${scene.server.owner}/${scene.server.repo}`,
    GITHUB_API_URL: scene.server.url,
    MEMORY_INSPECTOR_PACE: 'immediate',
  });
  await run(runner, environment);
  expect(given.outputs.outcome).toBe('findings');
  return workspace;
}

const PAGE = 'reports/memory/index.html';
const list = (scene: Scene, branch: string) => git(scene, 'ls-tree', '-r', '--name-only', branch).split('\n');
const commits = (scene: Scene, branch: string) => Number(git(scene, 'rev-list', '--count', branch));

it('the page is committed on the branch of the reports alone', async () => {
  const scene = await openScene();
  await runAt(scene, 0, { 'report-branch': 'memory-reports' });
  expect(list(scene, 'memory-reports')).toContain(PAGE);
  expect(list(scene, 'main')).not.toContain(PAGE);
});

it('a second run of the day that finds the same makes no commit for its page', async () => {
  const scene = await openScene();
  await runAt(scene, 0);
  const before = commits(scene, 'main');
  await runAt(scene, 60);
  expect(commits(scene, 'main')).toBe(before);
});

it('outlives the reports that retention removes', async () => {
  const scene = await openScene();
  for (const day of [0, 8, 16]) await runAt(scene, day * DAY, { retention: '7d' });
  const files = list(scene, 'main').filter((path) => path.startsWith('reports/'));
  expect(files).toContain(PAGE);
  expect(files).not.toContain('reports/memory/2025-12-25.md');
});

it('a dry run commits none, and leaves it in the workspace', async () => {
  const scene = await openScene();
  const before = commits(scene, 'main');
  const workspace = await runAt(scene, 0, { 'dry-run': 'true' });
  expect(commits(scene, 'main')).toBe(before);
  expect(existsSync(join(workspace, PAGE))).toBe(true);
});

it('a page that is too large for a commit is left out, and with it the one of an earlier run', () => {
  const report = buildReport(makeInput(pigo()));
  const paths = (page: string | undefined) => {
    const { additions, deletions, tooLarge } = chooseFiles(report, page);
    return { added: additions.map(({ path }) => path).filter((path) => path === PAGE), deletions, tooLarge };
  };
  expect(paths(undefined)).toEqual({ added: [], deletions: [], tooLarge: false });
  expect(paths('<!doctype html>')).toEqual({ added: [PAGE], deletions: [], tooLarge: false });
  expect(paths('x'.repeat(4_000_000))).toEqual({ added: [], deletions: [PAGE], tooLarge: true });
});
