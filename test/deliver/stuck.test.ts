import { expect, test } from 'vitest';
import { changeOf, git, openScene, type RunOptions, run, writesSince } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const KEY = 'pigo-rel/Deployment/nacos/nacos';
const WEB = changeOf({ name: 'web', limit: 704, request: 512, now: { limit: 500, request: 100 } });

test('the label "rebase" brings a branch upon the newest base though its values are the same', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles('main', { 'README.md': 'Newer\n' });
  scene.server.label(1, 'memory-inspector/rebase');
  // This run dies before it takes the label off.
  scene.server.faults.add({ on: ({ method }) => method === 'DELETE', answer: 'drop', times: 9 });
  await run(scene.github);
  scene.server.faults.clear();
  expect(git(scene, 'merge-base', 'main', BRANCH)).toBe(git(scene, 'rev-parse', 'main'));
  const start = scene.server.requests.length;
  expect(await run(scene.github)).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(scene.server.pulls).toMatchObject([{ state: 'open', labels: [] }]);
  expect(writesSince(scene, start).filter((write) => /updateRefs|commits/.test(write))).toEqual([]);
});

test('what is red gets into the pull request of a group in which another container is in doubt', async () => {
  const scene = await openScene();
  const group: RunOptions = { grouping: 'all' };
  await run(scene.github, { ...group, changes: [changeOf({ level: 'yellow' })] });
  const needs = { doubts: new Map([[KEY, 'not judged' as const]]), declared: new Map([[KEY, {}]]) };
  expect(await run(scene.github, { ...group, changes: [WEB], needs, complete: false })).toMatchObject([
    { state: 'unchanged' },
  ]);
  expect(await run(scene.github, { ...group, changes: [WEB], needs })).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(git(scene, 'diff', '--name-only', 'main', 'memory/raise')).toBe('k8s/pigo-rel/web.yaml');
});

test('a branch whose pull request was never opened holds no place once its change is refused', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.closePull(1);
  await scene.server.deleteBranch(BRANCH);
  scene.server.faults.notPermittedToCreatePullRequests();
  await run(scene.github, { changes: [changeOf({ limit: 4096 })] });
  expect(git(scene, 'branch', '--list', BRANCH)).not.toBe('');
  scene.server.faults.clear();
  const declined = { state: 'declined', number: 1 };
  expect(await run(scene.github)).toMatchObject([declined]);
  expect(git(scene, 'branch', '--list', BRANCH)).toBe('');
  expect(await run(scene.github, { changes: [changeOf(), WEB], limit: 1 })).toContainEqual(
    expect.objectContaining({ state: 'opened', number: 2 }),
  );
});
