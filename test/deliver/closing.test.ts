import { expect, test } from 'vitest';
import { mebibytes } from '../../src/bytes.ts';
import type { Needs } from '../../src/deliver/needs.ts';
import { changeOf, manifest, NACOS, openScene, type RunOptions, run, type Scene } from './scene.ts';

const KEY = 'pigo-rel/Deployment/nacos/nacos';
const DAY = 86_400;
const START = Date.parse('2026-02-01T06:30:00Z') / 1000;
const LOWER = changeOf({ direction: 'lower', limit: 1024, request: 512, level: 'yellow' });

const declares = (limit: number, request: number): Pick<Needs, 'declared'> => ({
  declared: new Map([[KEY, { limit: mebibytes(limit), request: mebibytes(request) }]]),
});

/** Days on which nothing is proposed, after the first. */
async function play(scene: Scene, first: RunOptions, needs: Partial<Needs>, days: number): Promise<string[]> {
  await run(scene.github, { ...first, at: START });
  const told: string[] = [];
  for (let day = 1; day <= days; day++) {
    const results = await run(scene.github, { changes: [], needs, at: START + day * DAY });
    told.push(results.map(({ state }) => state).join());
  }
  return told;
}

test.each(['near the line', 'not judged'] as const)(
  'where somebody chose another value, what is %s then is waited for three days and no longer',
  async (doubt) => {
    const needs = { ...declares(2300, 1200), doubts: new Map([[KEY, doubt]]) };
    expect(await play(await openScene(), {}, needs, 4)).toEqual(['unchanged', 'unchanged', 'unchanged', 'closed']);
  },
);

test('a pull request to lower a limit is not kept for what is near the line', async () => {
  const needs = { ...declares(2000, 1000), doubts: new Map([[KEY, 'near the line' as const]]) };
  const told = await play(await openScene(), { changes: [LOWER] }, needs, 4);
  expect(told).toEqual(['unchanged', 'unchanged', 'unchanged', 'closed']);
});

test('a pull request to lower a limit is closed at once where the limit is too low by now', async () => {
  const scene = await openScene();
  await run(scene.github, { changes: [LOWER], at: START });
  const needs = { ...declares(2000, 1000), short: new Set([KEY]) };
  expect(await run(scene.github, { needs, at: START + DAY })).toMatchObject([
    { state: 'opened', number: 2 },
    { state: 'closed', number: 1 },
  ]);
});

test('a pull request is not closed at once where only the cluster was edited', async () => {
  const scene = await openScene();
  const needs = { ...declares(2300, 1000), drifted: new Set([KEY]) };
  expect(await play(scene, {}, needs, 1)).toEqual(['unchanged']);
  await scene.server.commitFiles('main', { [NACOS]: manifest('nacos', 2560, 1536) });
  expect(await run(scene.github, { changes: [], needs, at: START + 2 * DAY })).toMatchObject([{ state: 'closed' }]);
});

test('a recording from before a pull request was proposed closes nothing', async () => {
  const scene = await openScene();
  await run(scene.github, { at: START });
  const older = { state: 'unchanged', number: 1, why: expect.stringContaining('older') };
  expect(await run(scene.github, { changes: [], at: START - 30 * DAY })).toMatchObject([older]);
  expect(await run(scene.github, { changes: [], at: START })).toMatchObject([{ state: 'closed', number: 1 }]);
});
