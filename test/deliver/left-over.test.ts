import { expect, test } from 'vitest';
import { changeOf, git, manifest, NACOS, openScene, run, type Scene, writesSince } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const NOTHING = { changes: [] };

function refs(scene: Scene): string[] {
  return git(scene, 'for-each-ref', '--format=%(refname:short)').split('\n');
}

/** Runs with nothing left to change, and expects that the branch stays where it is. */
async function expectLeft(scene: Scene, branch: string): Promise<void> {
  const [head, start] = [git(scene, 'rev-parse', branch), scene.server.requests.length];
  expect(await run(scene.github, NOTHING)).toEqual([]);
  expect(writesSince(scene, start)).toEqual([]);
  expect(git(scene, 'rev-parse', branch)).toBe(head);
}

test("a person's branch at the base's head is neither deleted nor moved", async () => {
  const scene = await openScene();
  const main = git(scene, 'rev-parse', 'main');
  await scene.server.moveBranch('memory/raise.pigo-rel.mine', main);
  await expectLeft(scene, 'memory/raise.pigo-rel.mine');
  await scene.server.moveBranch(BRANCH, main);
  await expectLeft(scene, BRANCH);
  const [result] = await run(scene.github);
  expect(result).toMatchObject({
    state: 'edited by a person',
    why: expect.stringContaining('the inspector did not make its branch'),
  });
  expect(git(scene, 'rev-parse', BRANCH)).toBe(main);
});

test("nor is one that is behind the base's head, or at a commit of the inspector that the base was forwarded to", async () => {
  const scene = await openScene();
  await scene.server.moveBranch('memory/raise.pigo-rel.behind', git(scene, 'rev-parse', 'main'));
  await run(scene.github);
  await scene.server.moveBranch('main', git(scene, 'rev-parse', BRANCH));
  await scene.server.moveBranch('memory/raise.pigo-rel.mine', git(scene, 'rev-parse', 'main'));
  expect(scene.server.pulls).toMatchObject([{ state: 'closed', mergedAt: expect.any(String) }]);
  expect(await run(scene.github, NOTHING)).toEqual([]);
  expect(refs(scene)).toEqual(['main', 'memory/raise.pigo-rel.behind', 'memory/raise.pigo-rel.mine']);
});

test.each(['merge', 'squash', 'rebase'] as const)(
  'the branch that is left over after a %s is removed, or goes on from where it is',
  async (method) => {
    for (const newer of [false, true]) {
      const scene = await openScene();
      await run(scene.github);
      if (newer) await scene.server.commitFiles('main', { 'README.md': 'Newer\n' });
      await scene.server.mergePull(1, { method });
      const further = changeOf({ limit: 4096, now: { limit: 2560, request: 1536 } });
      expect(await run(scene.github, { changes: [further] })).toMatchObject([{ state: 'opened', number: 2 }]);
      await scene.server.mergePull(2, { method });
      expect(await run(scene.github, NOTHING)).toEqual([]);
      expect(refs(scene)).toEqual(['main']);
    }
  },
);

test('so is one that the button "Update branch" has touched before the merge', async () => {
  const scene = await openScene();
  await run(scene.github);
  for (const text of ['Newer\n', 'Newest\n']) {
    await scene.server.commitFiles('main', { 'README.md': text });
    await scene.server.updateBranch(1);
  }
  await scene.server.mergePull(1);
  expect(await run(scene.github, NOTHING)).toEqual([]);
  expect(refs(scene)).toEqual(['main']);
});

test("a branch that ends in a person's commit is left to that person, also after the merge", async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles(BRANCH, { 'README.md': 'Mine\n' });
  await scene.server.mergePull(1);
  await expectLeft(scene, BRANCH);
});

test('a branch that was made anew by a person after the merge is left to that person', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.mergePull(1, { method: 'rebase', deleteBranch: true });
  await scene.server.moveBranch(BRANCH, git(scene, 'rev-parse', 'main'));
  await expectLeft(scene, BRANCH);
});

test('a pull request that has lost its marker is left alone, and so is its branch', async () => {
  const scene = await openScene();
  await run(scene.github);
  for (const pull of scene.server.pulls) pull.body = 'In my own words';
  const [head, start] = [git(scene, 'rev-parse', BRANCH), scene.server.requests.length];
  const left = { state: 'edited by a person', number: 1, why: expect.stringContaining('marker') };
  expect(await run(scene.github, { changes: [changeOf({ limit: 4096 })] })).toMatchObject([left]);
  expect(await run(scene.github, NOTHING)).toMatchObject([left]);
  scene.server.closePull(1);
  expect(await run(scene.github, { changes: [changeOf({ limit: 4096 })] })).toMatchObject([left]);
  expect(await run(scene.github, NOTHING)).toEqual([]);
  expect(writesSince(scene, start)).toEqual([]);
  expect(git(scene, 'rev-parse', BRANCH)).toBe(head);
});

test('the sealed commit of a run that died before it opened its pull request is gone on from, or removed', async () => {
  const scene = await openScene();
  scene.server.faults.notPermittedToCreatePullRequests();
  await run(scene.github);
  const pushed = git(scene, 'rev-parse', BRANCH);
  await run(scene.github, NOTHING);
  expect(refs(scene)).toEqual(['main']);
  await run(scene.github);
  scene.server.faults.clear();
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
  expect(git(scene, 'rev-parse', `${BRANCH}^{tree}`)).toBe(git(scene, 'rev-parse', `${pushed}^{tree}`));
});

test('the branch of a run that died before it opened its pull request is built anew upon a base that went on', async () => {
  const scene = await openScene();
  scene.server.faults.notPermittedToCreatePullRequests();
  await run(scene.github);
  scene.server.faults.clear();
  await scene.server.commitFiles('main', { [NACOS]: manifest('nacos', 2100, 1000) });
  const changes = [changeOf({ now: { limit: 2100, request: 1000 } })];
  expect(await run(scene.github, { changes })).toMatchObject([{ state: 'opened', number: 1 }]);
  const { head } = scene.server.pulls[0] ?? { head: '' };
  expect(git(scene, 'merge-base', 'main', head)).toBe(git(scene, 'rev-parse', 'main'));
});
