import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeptComment, keepComment } from '../../src/deliver/keep-comment.ts';
import type { FakeRequest } from '../github-server/server.mjs';
import { openGate } from './gate.ts';
import { openScene, type Scene } from './scene.ts';

const ME = 'github-actions[bot]';
const FIRST: KeptComment = { text: 'red', mode: 'write' };
const GREEN: KeptComment = { text: 'green', mode: 'update only' };

const isPost = ({ method, path }: FakeRequest) => method === 'POST' && path.endsWith('/comments');

async function openPull(): Promise<Scene> {
  const scene = await openScene();
  await scene.server.commitFiles('change', { 'a.yaml': 'a: 1\n' });
  await scene.server.openPull({ head: 'change' });
  return scene;
}

function commentsOf({ server }: Scene, user = ME): string[] {
  const own = server.pulls.flatMap(({ comments }) => comments).filter((one) => one.user === user);
  return own.map(({ body }) => body.replace(/\n\n<!-- kubernetes-memory-inspector:gate[\w:]* -->$/, ''));
}

function bodyOf({ server }: Scene): string {
  return server.pulls[0]?.comments[0]?.body ?? '';
}

function writesOf({ server }: Scene): string[] {
  return server.requests.filter(({ write }) => write).map(({ method }) => method);
}

test('writes once, then edits in place, and only where the text differs', async () => {
  const scene = await openPull();
  expect(await keepComment(scene.github, 1, FIRST)).toBe('written');
  expect(await keepComment(scene.github, 1, FIRST)).toBe('unchanged');
  expect(await keepComment(scene.github, 1, GREEN)).toBe('updated');
  expect(commentsOf(scene)).toEqual(['green']);
  expect(writesOf(scene)).toEqual(['POST', 'PATCH']);
});

test('writes none where there is none to take back', async () => {
  const scene = await openPull();
  expect(await keepComment(scene.github, 1, GREEN)).toBe('none');
  expect(writesOf(scene)).toEqual([]);
});

test('each cluster has its own, whatever its name', async () => {
  const scene = await openPull();
  for (const clusterName of [undefined, 'hkidc', 'x --> <!--']) {
    expect(await keepComment(scene.github, 1, { ...FIRST, clusterName })).toBe('written');
  }
  expect(await keepComment(scene.github, 1, { ...GREEN, clusterName: 'hkidc' })).toBe('updated');
  expect(commentsOf(scene)).toEqual(['red', 'green', 'red']);
});

test('comments of others are left alone, also with its mark', async () => {
  const scene = await openPull();
  await keepComment(scene.github, 1, FIRST);
  const copied = bodyOf(scene);
  scene.server.pulls[0]?.comments.splice(0);
  scene.server.comment(1, copied);
  scene.server.comment(1, copied, 'another-app[bot]');
  expect(await keepComment(scene.github, 1, GREEN)).toBe('none');
  expect(await keepComment(scene.github, 1, { ...FIRST, text: 'yellow' })).toBe('written');
  expect(commentsOf(scene)).toEqual(['yellow']);
  expect([...commentsOf(scene, 'jo'), ...commentsOf(scene, 'another-app[bot]')]).toEqual(['red', 'red']);
});

test('is found behind hundreds of others', async () => {
  const scene = await openPull();
  for (let n = 0; n < 150; n++) scene.server.comment(1, `${n}`);
  await keepComment(scene.github, 1, FIRST);
  for (let n = 0; n < 150; n++) scene.server.comment(1, `${n}`);
  expect(await keepComment(scene.github, 1, GREEN)).toBe('updated');
  expect(commentsOf(scene)).toEqual(['green']);
});

test('one that a person deleted is written again only where there is something to say', async () => {
  const scene = await openPull();
  await keepComment(scene.github, 1, FIRST);
  const remove = () => scene.server.pulls[0]?.comments.splice(0);
  scene.server.faults.add({ on: ({ method }) => method === 'PATCH', before: remove });
  expect(await keepComment(scene.github, 1, GREEN)).toBe('none');
  await keepComment(scene.github, 1, FIRST);
  scene.server.faults.add({ on: ({ method }) => method === 'PATCH', before: remove });
  expect(await keepComment(scene.github, 1, { ...FIRST, text: 'yellow' })).toBe('written');
  expect(commentsOf(scene)).toEqual(['yellow']);
});

test.each([true, false])('an answer that gets lost makes no second comment; done before: %s', async (after) => {
  const scene = await openPull();
  scene.server.faults.badGateway({ on: isPost, after });
  expect(await keepComment(scene.github, 1, FIRST)).toBe('written');
  expect(commentsOf(scene)).toEqual(['red']);
});

test.each([true, false])('a connection that is cut makes no second comment; done before: %s', async (after) => {
  const scene = await openPull();
  scene.server.faults.add({ on: isPost, answer: 'drop', after });
  expect(await keepComment(scene.github, 1, FIRST)).toBe('written');
  expect(commentsOf(scene)).toEqual(['red']);
});

test('what two runs left is made one', async () => {
  const scene = await openPull();
  await keepComment(scene.github, 1, FIRST);
  scene.server.comment(1, bodyOf(scene), ME);
  expect(await keepComment(scene.github, 1, FIRST)).toBe('unchanged');
  expect(commentsOf(scene)).toEqual(['red']);
});

test('two runs at once leave one comment, in whatever order their requests arrive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1), { minLength: 20, maxLength: 20 }), async (order) => {
      const scene = await openPull();
      let turn = 0;
      const gate = await openGate(scene.server.url, 2, (below) => (order[turn++ % order.length] ?? 0) % below);
      const runs = gate.urls.map(async (apiUrl, index) => {
        const text = `run ${index}`;
        const state = await keepComment(scene.connect(undefined, { apiUrl }), 1, { text, mode: 'write' });
        gate.leave(index);
        return state;
      });
      const states = await Promise.all(runs);
      await gate.close();
      expect(commentsOf(scene)).toHaveLength(1);
      expect(states).toContain('written');
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('without the permission it says which one', async () => {
  const scene = await openPull();
  scene.server.state.pullRequestsReadOnly = true;
  await expect(keepComment(scene.github, 1, FIRST)).rejects.toThrow(
    /Could not comment on pull request #1: .*Add "pull-requests: write" to the job's permissions/,
  );
});

test('where the conversation is locked it says so', async () => {
  const scene = await openPull();
  for (const pull of scene.server.pulls) pull.locked = true;
  await expect(keepComment(scene.github, 1, FIRST)).rejects.toThrow(/conversation is locked: unlock it/);
});
