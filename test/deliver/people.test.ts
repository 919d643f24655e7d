import { expect, test } from 'vitest';
import { bytes } from '../../src/bytes.ts';
import { changeOf, git, manifest, NACOS, openScene, run, writesSince } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const FAR = { changes: [changeOf({ limit: 4096 })] };

test.each([
  [
    'a commit by hand',
    async (scene: Awaited<ReturnType<typeof openScene>>) => scene.server.commitFiles(BRANCH, { 'README.md': 'Mine\n' }),
  ],
  [
    'an amended commit',
    async (scene: Awaited<ReturnType<typeof openScene>>) =>
      scene.server.amend(BRANCH, { [NACOS]: manifest('nacos', 3000, 1000) }),
  ],
  [
    'a reworded commit',
    async (scene: Awaited<ReturnType<typeof openScene>>) => {
      const message = git(scene, 'log', '-1', '--format=%B', BRANCH);
      return scene.server.amend(BRANCH, {}, message.replace('Raise', 'Rightly raise'));
    },
  ],
  [
    'a signed-off commit',
    async (scene: Awaited<ReturnType<typeof openScene>>) => {
      const message = git(scene, 'log', '-1', '--format=%B', BRANCH);
      return scene.server.amend(BRANCH, {}, `${message}\nSigned-off-by: Jo <jo@example.invalid>`);
    },
  ],
])('%s on the branch is never overwritten', async (_what, edit) => {
  const scene = await openScene();
  await run(scene.github);
  const sha = await edit(scene);
  const start = scene.server.requests.length;
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'edited by a person', number: 1 }]);
  expect(await run(scene.github, { changes: [] })).toMatchObject([{ state: 'edited by a person', number: 1 }]);
  expect(git(scene, 'rev-parse', BRANCH)).toBe(sha);
  expect(writesSince(scene, start)).toEqual([]);
});

test('the button "Update branch" does not make the branch a person\'s', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles('main', { 'README.md': 'Newer\n' });
  await scene.server.updateBranch(1);
  const start = scene.server.requests.length;
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged' }]);
  expect(writesSince(scene, start)).toEqual([]);
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'updated' }]);
  expect(git(scene, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
});

test("a merge that brings more than the base is a person's work", async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles('topic', { 'README.md': 'Topic\n' }, { parent: git(scene, 'rev-parse', 'main') });
  const tree = git(scene, 'merge-tree', '--write-tree', BRANCH, 'topic');
  await scene.server.moveBranch(
    'topic',
    git(
      scene,
      '-c',
      'user.name=j',
      '-c',
      'user.email=j@j',
      'commit-tree',
      tree,
      '-p',
      BRANCH,
      '-p',
      'topic',
      '-m',
      'Merge',
    ),
  );
  await scene.server.moveBranch(BRANCH, git(scene, 'rev-parse', 'topic'));
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'edited by a person' }]);
});

test('closed by a person means no, until the value is clearly further or something was killed', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.closePull(1);
  const start = scene.server.requests.length;
  expect(await run(scene.github)).toMatchObject([{ state: 'declined', number: 1 }]);
  expect(await run(scene.github, { changes: [changeOf({ limit: 2816 })] })).toMatchObject([{ state: 'declined' }]);
  expect(await run(scene.github, { changes: [changeOf({ limit: 2048 })] })).toMatchObject([{ state: 'declined' }]);
  const old = changeOf({ evidence: { used: bytes(1), oomKilledAt: Date.parse('2025-01-01') / 1000 } });
  expect(await run(scene.github, { changes: [old] })).toMatchObject([{ state: 'declined' }]);
  expect(writesSince(scene, start)).toEqual([]);
  expect(await run(scene.github, { changes: [changeOf({ limit: 3072 })] })).toMatchObject([
    { state: 'opened', number: 2 },
  ]);
  scene.server.closePull(2);
  const killed = changeOf({ evidence: { used: bytes(1), oomKilledAt: Date.parse('2026-06-01') / 1000 } });
  expect(await run(scene.github, { changes: [killed] })).toMatchObject([{ state: 'opened', number: 3 }]);
});

test('a refused change stays out of a pull request that carries others', async () => {
  const scene = await openScene();
  await run(scene.github, { grouping: 'all' });
  scene.server.closePull(1);
  const web = changeOf({ name: 'web', limit: 704, request: 512, now: { limit: 500, request: 100 } });
  const results = await run(scene.github, { grouping: 'all', changes: [changeOf(), web] });
  expect(results).toMatchObject([{ state: 'opened', number: 2 }]);
  expect(git(scene, 'diff', '--name-only', 'main', 'memory/raise')).toBe('k8s/pigo-rel/web.yaml');
});

test('nothing left to change closes the pull request with one comment and removes the branch, after a complete run only', async () => {
  const scene = await openScene();
  await run(scene.github);
  expect(await run(scene.github, { changes: [], complete: false })).toEqual([]);
  expect(scene.server.pulls).toMatchObject([{ state: 'open' }]);
  expect(await run(scene.github, { changes: [] })).toMatchObject([{ state: 'closed', number: 1 }]);
  expect(scene.server.pulls).toMatchObject([
    { state: 'closed', comments: [{ body: expect.stringContaining('nothing is left to change') }] },
  ]);
  expect(git(scene, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  // The run closed it, so that was no "no".
  expect(await run(scene.github)).toMatchObject([{ state: 'opened', number: 2 }]);
});

test('a pull request whose change could not be judged or located this time stays open', async () => {
  const scene = await openScene();
  await run(scene.github);
  const key = 'pigo-rel/Deployment/nacos/nacos';
  const needs = { doubts: new Map([[key, 'not located' as const]]), declared: new Map([[key, {}]]) };
  const start = scene.server.requests.length;
  expect(await run(scene.github, { changes: [], needs })).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(writesSince(scene, start)).toEqual([]);
});

test('a rule that keeps a left-over branch fails no run', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.faults.protect(BRANCH, 'ruleset');
  expect(await run(scene.github, { changes: [] })).toMatchObject([{ state: 'closed', number: 1 }]);
  expect(scene.warnings).toEqual([expect.stringContaining(BRANCH)]);
  expect(await run(scene.github, { changes: [] })).toEqual([]);
});

test.each(['merge', 'squash'] as const)('after a %s the branch that is left over is removed', async (method) => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.mergePull(1, { method });
  expect(await run(scene.github, { changes: [] })).toEqual([]);
  expect(git(scene, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  expect(scene.server.pulls).toHaveLength(1);
});

test('a pull request with another base is left alone', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles('release', { 'x.txt': 'x' }, { parent: git(scene, 'rev-parse', 'main') });
  for (const pull of scene.server.pulls) pull.base = 'release';
  expect(await run(scene.github, FAR)).toMatchObject([
    { state: 'edited by a person', why: 'its base was changed to release' },
  ]);
});

test('nothing is pushed to a pull request that is about to be merged by itself', async () => {
  const scene = await openScene();
  await run(scene.github);
  for (const pull of scene.server.pulls) pull.autoMerge = true;
  const start = scene.server.requests.length;
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(writesSince(scene, start)).toEqual([]);
  for (const pull of scene.server.pulls) pull.autoMerge = false;
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'updated', number: 1 }]);
});

test('a pull request that conflicts is rebuilt with the same values', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles('main', { [NACOS]: manifest('nacos', 2100, 1000) });
  const changes = [changeOf({ now: { limit: 2100, request: 1000 } })];
  expect(await run(scene.github, { changes })).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(git(scene, 'merge-base', 'main', BRANCH)).toBe(git(scene, 'rev-parse', 'main'));
  expect(scene.server.pulls).toMatchObject([{ state: 'open', title: expect.stringContaining('2100Mi → 2560Mi') }]);
});

test('a pull request closed during the run is not taken for an open one', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.faults.add({
    on: ({ operation }) => operation === 'updateRefs',
    before: () => scene.server.closePull(1),
  });
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'declined', number: 1 }]);
  expect(scene.server.pulls).toHaveLength(1);
});
