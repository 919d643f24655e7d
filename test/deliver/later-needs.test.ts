import { expect, test } from 'vitest';
import type { ProposedChange } from '../../src/deliver/delivery-input.ts';
import { changeOf, defaultFiles, manifest, moveChange, NACOS, openScene, run, type Scene } from './scene.ts';

const OPENED = [{ state: 'opened', number: 2 }];
const DECLINED = [{ state: 'declined', number: 1 }];

const has = (scene: Scene, limit: number, request: number) =>
  scene.server.commitFiles('main', { [NACOS]: manifest('nacos', limit, request) });

/** Raised to 2560Mi and 1536Mi from 2000Mi and 1000Mi, and merged. */
async function openMerged(): Promise<Scene> {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.mergePull(1, { deleteBranch: true });
  return scene;
}

/** As if a field had not been set before. */
function withoutOld(change: ProposedChange, field: 'limit' | 'request'): ProposedChange {
  const { location } = change;
  const value = location.suggestion[field];
  if (value === undefined) return change;
  const suggestion = { ...location.suggestion, [field]: { ...value, from: { state: 'absent' as const } } };
  return { ...change, location: { ...location, suggestion } };
}

test('what was lowered further than it had been, years after a merge, is no revert', async () => {
  const scene = await openMerged();
  await has(scene, 1024, 512);
  const again = changeOf({ now: { limit: 1024, request: 512 }, limit: 1536, request: 1024 });
  expect(await run(scene.github, { changes: [again] })).toMatchObject(OPENED);
});

test('a value that is taken back in part is taken back', async () => {
  const scene = await openMerged();
  await has(scene, 2100, 1100);
  expect(await run(scene.github, { changes: [changeOf({ now: { limit: 2100, request: 1100 } })] })).toMatchObject(
    DECLINED,
  );
});

test('a limit that is short again is proposed though the request beside it was taken back', async () => {
  const scene = await openMerged();
  await has(scene, 2560, 1000);
  const more = changeOf({ now: { limit: 2560, request: 1000 }, limit: 4096, request: 1536 });
  expect(await run(scene.github, { changes: [more] })).toMatchObject(OPENED);
});

test('the revert of values that had not been set before is heard', async () => {
  const change = withoutOld(withoutOld(changeOf(), 'request'), 'limit');
  const scene = await openScene();
  await run(scene.github, { changes: [change] });
  await scene.server.mergePull(1, { deleteBranch: true });
  await has(scene, 2000, 1000);
  expect(await run(scene.github, { changes: [change] })).toMatchObject(DECLINED);
});

test.each(['merged', 'closed'])(
  'what was %s for another cluster, told by its prefix, says nothing here',
  async (end) => {
    const scene = await openScene({ ...defaultFiles(), 'k8s/west/nacos.yaml': manifest('nacos', 2000, 1000) });
    await run(scene.github, { branchPrefix: 'memory-east' });
    if (end === 'merged') await scene.server.mergePull(1, { deleteBranch: true });
    else scene.server.closePull(1);
    const west = moveChange(changeOf(), 'k8s/west/nacos.yaml');
    expect(await run(scene.github, { branchPrefix: 'memory-west', changes: [west] })).toMatchObject(OPENED);
  },
);

const LOWER = changeOf({ direction: 'lower', limit: 1024, request: 512, level: 'yellow' });

test('a no to a raise holds though a no to a lower value was said after it', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.closePull(1);
  await run(scene.github, { changes: [LOWER] });
  scene.server.closePull(2);
  expect(await run(scene.github)).toMatchObject(DECLINED);
});

test('a raise is proposed after a lower value was merged and lowered further by hand', async () => {
  const scene = await openScene();
  await run(scene.github, { changes: [LOWER] });
  await scene.server.mergePull(1, { deleteBranch: true });
  await has(scene, 900, 400);
  const raise = changeOf({ now: { limit: 900, request: 400 }, limit: 1000, request: 500 });
  expect(await run(scene.github, { changes: [raise] })).toMatchObject(OPENED);
});
