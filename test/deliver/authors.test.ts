import { expect, test } from 'vitest';
import type { Github } from '../../src/github/create-github.ts';
import { changeOf, git, openScene, run, type Scene, writesSince } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const FAR = { changes: [changeOf({ limit: 4096 })] };
const NOTHING = { changes: [] };

/** A client whose token belongs to this account. */
function connectAs(scene: Scene, login: string): Github {
  scene.server.state.logins.set(`${login}:token`, login);
  return scene.connect(`${login}:token`);
}

/** The body of a pull request that a run would open: what a person copies. */
async function copyBody(): Promise<string | null> {
  const elsewhere = await openScene();
  await run(elsewhere.github);
  return elsewhere.server.pulls[0]?.body ?? null;
}

/** A pull request that a person opened from the branch that a run left behind when it could not open one itself. */
async function openByHand(body: string | null): Promise<Scene> {
  const scene = await openScene();
  scene.server.faults.notPermittedToCreatePullRequests();
  await run(scene.github);
  scene.server.faults.clear();
  await scene.server.openPull({ head: BRANCH, body });
  return scene;
}

test.each(['open', 'closed'] as const)(
  'a pull request that is %s, from a fork that is gone, is not of its branch',
  async (state) => {
    const scene = await openScene();
    const body = await copyBody();
    await scene.server.openPull({ head: BRANCH, body, user: 'github-actions[bot]', forkIsGone: true });
    if (state === 'closed') scene.server.closePull(1);
    expect(await run(scene.github)).toMatchObject([{ state: 'opened', number: 2 }]);
    expect(await run(scene.github, FAR)).toMatchObject([{ state: 'updated', number: 2 }]);
    expect(await run(scene.github, NOTHING)).toMatchObject([{ state: 'closed', number: 2 }]);
    expect(scene.server.pulls[0]).toMatchObject({ state, body, comments: [] });
  },
);

test.each([
  ['with a copied marker', copyBody],
  ['in their own words', async () => 'By hand'],
])("a person's pull request %s is never touched, and neither is its branch; that is said", async (_what, body) => {
  const scene = await openByHand(await body());
  const [head, start] = [git(scene, 'rev-parse', BRANCH), scene.server.requests.length];
  const left = { state: 'edited by a person', number: 1, why: expect.stringMatching(/#1.* jo/) };
  expect(await run(scene.github)).toMatchObject([left]);
  expect(await run(scene.github, FAR)).toMatchObject([left]);
  expect(await run(scene.github, NOTHING)).toMatchObject([left]);
  scene.server.closePull(1);
  expect(await run(scene.github, FAR)).toMatchObject([left]);
  expect(await run(scene.github, NOTHING)).toEqual([]);
  expect(writesSince(scene, start)).toEqual([]);
  expect(git(scene, 'rev-parse', BRANCH)).toBe(head);
  // Nobody said no to the inspector.
  await scene.server.deleteBranch(BRANCH);
  expect(await run(scene.github)).toMatchObject([{ state: 'opened', number: 2 }]);
});

test("a person's pull request counts for the limit", async () => {
  const scene = await openByHand(await copyBody());
  const web = changeOf({ name: 'web', limit: 704, request: 512, now: { limit: 500, request: 100 } });
  expect(await run(scene.github, { changes: [web], limit: 1 })).toMatchObject([
    { state: 'over the limit' },
    { state: 'edited by a person' },
  ]);
});

test('a pull request that was opened with another token of a bot is gone on with', async () => {
  const scene = await openScene();
  await run(scene.github);
  const app = connectAs(scene, 'inspector-app[bot]');
  expect(await run(app)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(await run(app, FAR)).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(await run(app, NOTHING)).toMatchObject([{ state: 'closed', number: 1 }]);
  expect(scene.server.pulls[0]?.comments).toMatchObject([{ user: 'inspector-app[bot]' }]);
  expect(scene.server.requests.filter(({ operation }) => operation === 'viewer')).toEqual([]);
});

test("with a person's token, its pull requests are that person's own", async () => {
  const scene = await openScene();
  const kim = connectAs(scene, 'kim');
  expect(await run(kim)).toMatchObject([{ state: 'opened', number: 1 }]);
  expect(scene.server.pulls).toMatchObject([{ user: 'kim' }]);
  const left = { state: 'edited by a person', number: 1, why: expect.stringContaining('kim') };
  expect(await run(scene.github, FAR)).toMatchObject([left]);
  expect(await run(connectAs(scene, 'lee'), NOTHING)).toMatchObject([left]);
  expect(await run(kim, FAR)).toMatchObject([{ state: 'updated', number: 1 }]);
  scene.server.faults.badGateway({
    on: ({ operation }) => operation === 'nodes' || operation === 'repository',
    times: 2,
  });
  expect(await run(kim, NOTHING)).toMatchObject([{ state: 'closed', number: 1 }]);
});
