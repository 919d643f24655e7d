import { expect, test } from 'vitest';
import type { FakeRequest } from '../github-server/server.mjs';
import { many, openScene, run, type Scene } from './scene.ts';

const isCreatePull = ({ method, path }: FakeRequest) => method === 'POST' && path.endsWith('/pulls');
const isOpen = ({ state }: { readonly state: string }) => state === 'open';
const openIn = (scene: Scene) => scene.server.pulls.filter(isOpen).length;

test('a run that is at it at the same time does not pass the limit', async () => {
  const { files, changes } = many(4);
  const scene = await openScene(files);
  const [first, second] = [changes.slice(0, 2), changes.slice(2)];
  const late = () => run(scene.connect(), { changes: second, limit: 2, complete: false });
  scene.server.faults.add({ on: isCreatePull, late });
  await run(scene.github, { changes: first, limit: 2, complete: false });
  expect(openIn(scene)).toBeLessThanOrEqual(2);
  await run(scene.github, { changes, limit: 2 });
  expect(openIn(scene)).toBe(2);
});

test('a pull request whose answer was lost counts, and is told as opened', async () => {
  const { files, changes } = many(3);
  const scene = await openScene(files);
  scene.server.faults.badGateway({ on: isCreatePull, after: true, times: 1 });
  const results = await run(scene.github, { changes, limit: 2 });
  expect(results.map(({ state }) => state)).toEqual(['opened', 'opened', 'over the limit']);
  expect(openIn(scene)).toBe(2);
});

test('where pull requests cannot be read, none is opened', async () => {
  const { files, changes } = many(3);
  const scene = await openScene(files);
  await run(scene.github, { changes: changes.slice(0, 1), limit: 1 });
  scene.server.faults.badGateway({ on: ({ operation }) => operation === 'nodes', times: 4 });
  const results = await run(scene.github, { changes: changes.slice(1), limit: 1, complete: false });
  expect(results.map(({ state }) => state)).toEqual(['failed', 'failed']);
  expect(openIn(scene)).toBe(1);
});

test('requests do not grow with what is over the limit', async () => {
  const { files, changes } = many(60);
  const scene = await openScene(files);
  const count = async (some: typeof changes) => {
    const start = scene.server.requests.length;
    await run(scene.github, { changes: some, limit: 2 });
    return scene.server.requests.length - start;
  };
  await count(changes.slice(0, 2));
  expect(await count(changes)).toBe(await count(changes.slice(0, 10)));
});
