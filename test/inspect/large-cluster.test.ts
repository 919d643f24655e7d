import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/environment.ts';
import type { InspectionContext } from '../../src/inspect/context.ts';
import { deliver } from '../../src/inspect/deliver.ts';
import { workspaceReports } from '../../src/inspect/publish.ts';
import { NOTHING_KNOWN } from '../../src/inspect/read-changes.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import { readOptions } from '../../src/options/read-options.ts';
import { openWorkspace } from '../../src/repository/workspace.ts';
import { git, openScene, type Scene } from '../deliver/scene.ts';
import { inspectLargeCluster } from '../report/large-cluster.ts';
import { WINDOWS } from '../report/make-inspection.ts';
import { recordingRunner } from './runner.ts';

const DAY = 86_400;

/** Pods enough that the JSON needs parts. */
const large = inspectLargeCluster(12_500);

/** Delivers the report of an inspection that is made `days` after the first. */
async function deliverOn(scene: Scene, days: number, found: Inspection, inputs: Readonly<Record<string, string>> = {}) {
  const at = large.at + days * DAY;
  const all: Readonly<Record<string, string>> = { 'github-token': 'a-token', 'open-pull-requests': 'false', ...inputs };
  const workspace = openWorkspace(mkdtempSync(join(tmpdir(), 'large-')));
  const context: InspectionContext = {
    runner: recordingRunner(all).runner,
    environment: readEnvironment({
      GITHUB_REPOSITORY: 'acme/infra',
      GITHUB_API_URL: scene.server.url,
      MEMORY_INSPECTOR_PACE: 'immediate',
    }),
    options: readOptions(
      (name) => all[name] ?? '',
      () => undefined,
    ),
    workspace,
    places: [],
    earlier: workspaceReports(workspace),
    observation: {
      format: 1,
      at,
      windows: WINDOWS,
      cluster: { namespaces: found.namespaces, workloads: [], bounds: [], notes: [] },
      access: found.access,
      queries: found.queries,
      availability: found.availability,
      measurements: [],
      histories: [],
      notes: [],
    },
    inspection: { ...found, at },
    outcome: 'findings',
    jvmMetrics: [],
    followUps: { changes: [] },
    known: NOTHING_KNOWN,
  };
  return deliver(context);
}

const filesOn = (scene: Scene) => git(scene, 'ls-tree', '-r', '--name-only', 'main', 'reports').split('\n');

test('what a large report takes in parts is compared with, superseded and outdated like one file', async () => {
  const scene = await openScene();
  const first = await deliverOn(scene, 0, large);
  expect(first.commit).toMatchObject({ state: 'committed' });
  const parts = filesOn(scene).filter((path) => path.includes('/workloads-'));
  expect(parts).toEqual(['reports/memory/2026-11-24/workloads-1.json', 'reports/memory/2026-11-24/workloads-2.json']);

  const second = await deliverOn(scene, 1, large);
  const page = second.report.pages[0]?.text ?? '';
  expect(page).toContain('Nothing is new, worse, better or gone since 2026-11-24.');

  const few = inspectLargeCluster(100);
  expect((await deliverOn(scene, 1, few)).commit).toMatchObject({ state: 'committed' });
  expect(filesOn(scene).filter((path) => path.includes('2026-11-25'))).toEqual([
    'reports/memory/2026-11-25.json',
    'reports/memory/2026-11-25.md',
  ]);

  expect((await deliverOn(scene, 2, few, { retention: '1d' })).commit).toMatchObject({ state: 'committed' });
  expect(filesOn(scene).filter((path) => path.includes('2026-11-24'))).toEqual([]);
}, 60_000);

test('a report of which a part is missing is passed over, not taken for less', async () => {
  const scene = await openScene();
  await deliverOn(scene, 0, large);
  await scene.server.commitFiles('main', { 'reports/memory/2026-11-24/workloads-2.json': null });
  const { report } = await deliverOn(scene, 1, inspectLargeCluster(100));
  expect(report.pages[0]?.text).toContain('skipped: 2026-11-24/workloads-2.json: it is missing');
}, 60_000);

test('a page is committed with what of it has room, and again only if something is new', async () => {
  const scene = await openScene();
  const file = 'reports/memory/index.html';
  const first = await deliverOn(scene, 0, large, { page: 'true' });
  expect(first.commit).toMatchObject({ state: 'committed' });
  expect(Number(git(scene, 'cat-file', '-s', `main:${file}`))).toBeLessThanOrEqual(2_900_000);
  expect(first.page).toContain('Charts without room on this page');
  expect((await deliverOn(scene, 0, large, { page: 'true' })).commit).toMatchObject({ state: 'unchanged' });

  const next = await deliverOn(scene, 1, inspectLargeCluster(100), { page: 'true' });
  expect(next.commit).toMatchObject({ state: 'committed' });
  expect(next.page).toContain('"runs":[{"date":"2026-11-24"');
}, 60_000);
