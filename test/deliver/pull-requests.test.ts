import { expect, test } from 'vitest';
import { changeOf, git, NACOS, openScene, run, writesSince } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';

test('a change becomes a branch of one commit upon the base and a pull request', async () => {
  const scene = await openScene();
  const results = await run(scene.github);
  expect(results).toMatchObject([
    { state: 'opened', branch: BRANCH, number: 1, suggestions: ['pigo-rel/Deployment/nacos/nacos'] },
  ]);
  expect(scene.server.pulls).toMatchObject([
    {
      title: 'Raise memory of pigo-rel/nacos: limit 2000Mi → 2560Mi, request 1000Mi → 1536Mi',
      head: BRANCH,
      base: 'main',
      draft: false,
    },
  ]);
  expect(git(scene, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  expect(git(scene, 'diff', '--numstat', 'main', BRANCH)).toBe(`2\t2\t${NACOS}`);
  expect(git(scene, 'log', '-1', '--format=%an', BRANCH)).toBe('github-actions[bot]');
});

test('a second run writes nothing', async () => {
  const scene = await openScene();
  await run(scene.github);
  const start = scene.server.requests.length;
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(writesSince(scene, start)).toEqual([]);
});

test('a clearly different value rebuilds the branch upon the base of now, without ever resetting it', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles('main', { 'README.md': 'Hello again\n' });
  const results = await run(scene.github, { changes: [changeOf({ limit: 4096 })] });
  expect(results).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(scene.server.pulls).toMatchObject([{ state: 'open', title: expect.stringContaining('4096Mi') }]);
  expect(git(scene, 'log', '--format=%s', `main..${BRANCH}`).split('\n')).toHaveLength(1);
  expect(git(scene, 'merge-base', 'main', BRANCH)).toBe(git(scene, 'rev-parse', 'main'));
});
