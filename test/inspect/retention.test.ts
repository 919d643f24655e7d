import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEnvironment } from '../../src/environment.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { run } from '../../src/run.ts';
import { AT, DAY, measureOf } from '../checks/fixtures.ts';
import { git, openScene, type Scene } from '../deliver/scene.ts';
import { observationOf, podOf, workloadOf } from '../judge/fixtures.ts';
import { recordingRunner } from './runner.ts';

/** A run on the day `AT` plus so many days, that commits its report and keeps reports for a week. */
async function runOnDay(scene: Scene, days: number, timeZone = 'UTC') {
  const workspace = mkdtempSync(join(tmpdir(), 'run-'));
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 1900)], { at: AT + days * DAY });
  writeFileSync(join(workspace, 'rec.json'), encodeRecording(observation, 'rec.json'));
  const { runner, given } = recordingRunner({
    recording: 'rec.json',
    retention: '7d',
    'time-zone': timeZone,
    'open-pull-requests': 'false',
    'github-token': 'a-token',
  });
  const environment = readEnvironment({
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: `${scene.server.owner}/${scene.server.repo}`,
    GITHUB_API_URL: scene.server.url,
    MEMORY_INSPECTOR_PACE: 'immediate',
  });
  await run(runner, environment);
  expect(given.outputs.outcome).toBe('findings');
  return git(scene, 'show', `main:${given.outputs['report-path']}`);
}

const reports = (scene: Scene) => git(scene, 'ls-tree', '--name-only', 'main:reports/memory').split('\n');

it('a report is compared with the newest one before it, however old, and the index links what is kept', async () => {
  const scene = await openScene();
  await runOnDay(scene, 0);
  await runOnDay(scene, 20);
  expect(reports(scene)).toEqual(['2025-12-25.json', '2025-12-25.md', '2026-01-14.json', '2026-01-14.md', 'README.md']);
  const last = await runOnDay(scene, 40);
  expect(last).toContain('| since 2026-01-14 |');
  expect(reports(scene)).toEqual(['2026-01-14.json', '2026-01-14.md', '2026-02-03.json', '2026-02-03.md', 'README.md']);
  const index = git(scene, 'show', 'main:reports/memory/README.md');
  expect(index).toContain('| [2026-01-14](2026-01-14.md) |');
  expect(index).toContain('| 2025-12-25 |');
  expect(index).not.toContain('(2025-12-25.md)');
  // A second run of a day does not take away what the first was compared with.
  expect(await runOnDay(scene, 40.01)).toContain('| since 2026-01-14 |');
});

it.each([
  ['Pacific/Kiritimati', 0.5],
  ['Pacific/Pago_Pago', 0.1],
])('a report is kept for as many days as the reports count them, in %s too', async (timeZone, later) => {
  const scene = await openScene();
  for (const day of [0, 1, 2, 8]) await runOnDay(scene, day + later, timeZone);
  const dates = reports(scene).filter((path) => /^\d.*\.md$/.test(path));
  const [first, last] = [dates[0] ?? '', dates.at(-1) ?? ''].map((path) => Date.parse(path.slice(0, 10)));
  expect(dates).toHaveLength(3);
  expect((last ?? 0) - (first ?? 0)).toBe(7 * DAY * 1000);
});
