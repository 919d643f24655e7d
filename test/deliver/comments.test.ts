import { expect, test } from 'vitest';
import type { FakeRequest } from '../github-server/server.mjs';
import { git, openScene, run, type Scene } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const NOTHING = { changes: [] };

/** The mark by which a run knows the comment that closes its pull request. */
function markOf(scene: Scene): string {
  return `<!-- kubernetes-memory-inspector:closed:${git(scene, 'rev-parse', BRANCH)} -->`;
}

function writersOf({ server }: Scene): string[] {
  return server.pulls.flatMap(({ comments }) => comments.map(({ user }) => user));
}

test("another's comment with the hidden mark silences no comment", async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.comment(1, `Nice try ${markOf(scene)}`);
  scene.server.comment(1, markOf(scene), 'another-app[bot]');
  expect(await run(scene.github, NOTHING)).toMatchObject([{ state: 'closed', number: 1 }]);
  expect(writersOf(scene)).toEqual(['jo', 'another-app[bot]', 'github-actions[bot]']);
});

test('its own comment is found among many, and not written again', async () => {
  const scene = await openScene();
  await run(scene.github);
  for (let n = 0; n < 150; n++) scene.server.comment(1, `${n}`);
  const isClosing = ({ method, path }: FakeRequest) => method === 'PATCH' && path.endsWith('/pulls/1');
  scene.server.faults.badGateway({ on: isClosing, times: 100 });
  expect(await run(scene.github, NOTHING)).toMatchObject([{ state: 'failed' }]);
  for (let n = 0; n < 150; n++) scene.server.comment(1, `${n}`);
  scene.server.faults.clear();
  expect(await run(scene.github, NOTHING)).toMatchObject([{ state: 'closed' }]);
  expect(writersOf(scene).filter((user) => user !== 'jo')).toEqual(['github-actions[bot]']);
});
