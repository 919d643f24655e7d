import { expect, test } from 'vitest';
import { readTree } from '../../src/github/commit-files.ts';
import { openScene, type Scene } from '../deliver/scene.ts';
import type { FakeRequest } from '../github-server/server.mjs';

/** A repository with one pull request of a person. */
async function openPull(): Promise<Scene & { number: number }> {
  const scene = await openScene();
  await scene.server.commitFiles('mine', { 'mine.txt': 'mine' }, { parent: await mainOf(scene) });
  const { number } = await scene.server.openPull({ head: 'mine' });
  return { ...scene, number };
}

const mainOf = (scene: Scene) => scene.server.git.ref('refs/heads/main') as Promise<string>;
const named = ({ server }: Scene) => ({ owner: server.owner, repo: server.repo });

async function mergeable(scene: Scene, number: number) {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const { data } = await scene.github.request(route, { ...named(scene), pull_number: number });
  return [data.mergeable, data.mergeable_state];
}

async function listed(scene: Scene) {
  const route = 'GET /repos/{owner}/{repo}/pulls';
  const { data } = await scene.github.request(route, { ...named(scene), state: 'all' });
  return data.map(({ number, state, title }) => `${number} ${state} ${title}`);
}

test('whether a pull request merges is not known at first, and again after its base has moved', async () => {
  const scene = await openPull();
  scene.server.state.mergeableAfter = 2;
  const answers = async () => [1, 2, 3].reduce(async (all) => [...(await all), await mergeable(scene, 1)], none());
  const none = async (): Promise<unknown[]> => [];
  const expected = [
    [null, 'unknown'],
    [null, 'unknown'],
    [true, 'clean'],
  ];
  expect(await answers()).toEqual(expected);
  await scene.server.commitFiles('main', { 'other.txt': 'other' });
  expect(await answers()).toEqual(expected);
});

test('a list that is behind lacks what was just opened, and shows as open what was just closed', async () => {
  const scene = await openPull();
  expect(await listed(scene)).toEqual(['1 open By hand']);
  scene.server.state.listLag = 1;
  expect(await listed(scene)).toEqual([]);
  scene.server.closePull(1);
  expect(await listed(scene)).toEqual(['1 open By hand']);
  scene.server.state.listLag = 0;
  expect(await listed(scene)).toEqual(['1 closed By hand']);
});

test('a ref that is behind shows the commit before, or no branch yet', async () => {
  const scene = await openScene();
  const before = await mainOf(scene);
  const read = async (branch: string) => {
    const route = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
    const asked = scene.github.request(route, { ...named(scene), ref: `heads/${branch}` });
    return asked.then(
      ({ data }) => data.object.sha,
      (error) => error.status,
    );
  };
  await scene.server.commitFiles('main', { 'other.txt': 'other' });
  await scene.server.commitFiles('mine', { 'mine.txt': 'mine' }, { parent: before });
  scene.server.state.refLag = 1;
  expect([await read('main'), await read('mine')]).toEqual([before, 404]);
  scene.server.faults.clear();
  expect(await read('main')).toBe(await mainOf(scene));
});

test('a request that comes late is handled after one that was sent later', async () => {
  const scene = await openPull();
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const say = (body: string) => scene.github.request(route, { ...named(scene), issue_number: 1, body });
  let arrive = () => {};
  const until = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  scene.server.faults.delay({ on: ({ write }: FakeRequest) => write, until });
  const slow = say('slow');
  await say('fast');
  arrive();
  await slow;
  expect(scene.server.pulls[0]?.comments.map(({ body }) => body)).toEqual(['fast', 'slow']);
});

test('what was just created may not be there yet, in words that the published description knows', async () => {
  const scene = await openPull();
  scene.server.faults.treeNotYetThere().nodeNotYetThere({ times: 3 });
  const tree = await scene.server.git.text(['rev-parse', 'main^{tree}']);
  const one = { ...named(scene), issue_number: 1 };
  const attempts = [
    () => scene.github.request('POST /repos/{owner}/{repo}/git/commits', { ...named(scene), message: 'New', tree }),
    () => scene.github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...one, labels: ['a'] }),
    () =>
      scene.github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
        ...one,
        assignees: ['kim'],
      }),
    () =>
      scene.github.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
        ...named(scene),
        pull_number: 1,
        reviewers: ['kim'],
      }),
  ];
  for (const attempt of attempts) expect(await attempt().catch((error) => error.status)).toBe(422);
  for (const attempt of attempts) expect((await attempt()).status).toBeLessThan(300);
});

test('a comparison shows at most 300 files, and a listing of a tree at most so many entries and bytes', async () => {
  const scene = await openScene();
  const names = Array.from({ length: 301 }, (_, index) => `many/${index}.txt`);
  await scene.server.commitFiles('mine', Object.fromEntries(names.map((name) => [name, name])), {
    parent: await mainOf(scene),
  });
  const basehead = 'main...mine';
  const compared = await scene.github.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    ...named(scene),
    basehead,
  });
  expect(compared.data.files).toHaveLength(300);
  const commit = await scene.server.git.ref('refs/heads/mine');
  const tree = () => readTree(scene.github, String(commit), true);
  expect(await tree()).toMatchObject({ truncated: false });
  scene.server.state.treeBytes = 10_000;
  expect(await tree()).toMatchObject({ truncated: true });
});

test('every answer tells how much of the rate limit is left', async () => {
  const scene = await openScene();
  const { headers } = await scene.github.request('GET /repos/{owner}/{repo}', named(scene));
  expect(headers).toMatchObject({ 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '999' });
});
