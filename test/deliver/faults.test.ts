import { expect, test } from 'vitest';
import type { FakeRequest } from '../github-server/server.mjs';
import { changeOf, git, openScene, run, TOKEN, writesSince } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const isUpdateRefs = ({ operation }: FakeRequest) => operation === 'updateRefs';
const isCreatePull = ({ method, path }: FakeRequest) => method === 'POST' && path.endsWith('/pulls');

test('not permitted to create pull requests: says the setting, gives a link, and goes on once it is permitted', async () => {
  const scene = await openScene();
  scene.server.faults.notPermittedToCreatePullRequests();
  const [result] = await run(scene.github);
  expect(result?.state).toBe('failed');
  expect(result?.why).toContain('Allow GitHub Actions to create and approve pull requests');
  expect(result?.why).toContain(`/acme/infra/compare/main...${BRANCH}?expand=1`);
  const pushed = git(scene, 'rev-parse', BRANCH);
  scene.server.faults.clear();
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
  expect(git(scene, 'rev-parse', BRANCH)).toBe(pushed);
});

test('a read-only token is told by the permission that is missing', async () => {
  const scene = await openScene();
  scene.server.faults.readOnlyToken();
  const [result] = await run(scene.github);
  expect(result?.why).toContain('contents=write');
  expect(result?.why).toContain('"contents: write" and "pull-requests: write"');
});

test('a ruleset on branch names is told with the option that leads around it', async () => {
  const scene = await openScene();
  scene.server.faults.protect(BRANCH, 'ruleset');
  const [result] = await run(scene.github);
  expect(result?.why).toContain('pull-request-branch-prefix');
});

test('somebody who creates the branch first is not overwritten', async () => {
  const scene = await openScene();
  const main = git(scene, 'rev-parse', 'main');
  scene.server.faults.add({
    on: isUpdateRefs,
    before: () => scene.server.commitFiles(BRANCH, { 'mine.txt': 'mine' }, { parent: main }),
  });
  expect(await run(scene.github)).toMatchObject([{ state: 'edited by a person' }]);
  expect(await scene.server.readText(BRANCH, 'mine.txt')).toBe('mine');
});

test('a branch that moves between being read and being written is looked at anew', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.faults.add({ on: isUpdateRefs, before: () => scene.server.commitFiles(BRANCH, { 'mine.txt': 'mine' }) });
  expect(await run(scene.github, { changes: [changeOf({ limit: 4096 })] })).toMatchObject([
    { state: 'edited by a person' },
  ]);
  expect(await scene.server.readText(BRANCH, 'mine.txt')).toBe('mine');
});

test('a ref that GitHub takes for existing, without it being there, fails and is mended by the next run', async () => {
  const scene = await openScene();
  scene.server.faults.refExists();
  expect(await run(scene.github)).toMatchObject([{ state: 'failed' }]);
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
});

test('an answer that is lost after each write changes nothing about the end', async () => {
  const scene = await openScene();
  const labels = { labels: ['memory'] };
  const writes: string[] = [];
  const isNew = (request: FakeRequest) => {
    const key = `${request.method} ${request.path}`;
    if (!request.write || writes.includes(key)) return false;
    writes.push(key);
    return true;
  };
  scene.server.faults.badGateway({ on: isNew, after: true, times: 100 });
  expect(await run(scene.github, labels)).toMatchObject([{ number: 1 }]);
  expect(writes.length).toBeGreaterThanOrEqual(6);
  expect(scene.server.pulls).toMatchObject([{ state: 'open', labels: ['memory'] }]);
  expect(git(scene, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  expect(await run(scene.github, labels)).toMatchObject([{ state: 'unchanged' }]);
});

test('a secondary limit is waited for, with and without a time; a third of an hour is not', async () => {
  const scene = await openScene();
  scene.server.faults.secondaryLimit({ retryAfter: 3 }).secondaryLimit({ on: isCreatePull });
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
  scene.server.faults.secondaryLimit({ retryAfter: 1200 });
  const [result] = await run(scene.connect(), { changes: [changeOf({ limit: 4096 })] });
  expect(result).toMatchObject({ state: 'failed', why: expect.stringContaining('rate limit') });
  expect(scene.warnings.join()).toContain('1200 s');
});

test('a used-up primary limit that resets at once is waited for', async () => {
  const scene = await openScene();
  scene.server.faults.primaryLimit({ times: 2 });
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
});

test('labels, reviewers and assignees are asked for once; what is refused is said and stops nothing', async () => {
  const scene = await openScene();
  const asked = {
    labels: ['memory', 'bot'],
    reviewers: ['unknown-jo'],
    teamReviewers: ['sre'],
    assignees: ['kim'],
    draft: true,
  };
  expect(await run(scene.github, asked)).toMatchObject([{ state: 'opened' }]);
  expect(scene.server.pulls).toMatchObject([
    { labels: ['memory', 'bot'], reviewers: [], teams: [], assignees: ['kim'], draft: true },
  ]);
  // No such reviewer is final; a team that GitHub cannot find may only not be there yet.
  expect(scene.warnings).toEqual([
    expect.stringContaining('reviewers of pull request #1'),
    expect.stringMatching(/team-reviewers of pull request #1.* The next run tries again\.$/),
  ]);
  const reviewers = (start: number) => writesSince(scene, start).filter((write) => write.includes('reviewers'));
  const second = scene.server.requests.length;
  expect(await run(scene.github, asked)).toMatchObject([{ state: 'unchanged', why: expect.stringContaining('team') }]);
  expect(reviewers(second)).not.toEqual([]);
  await run(scene.github, asked);
  const fourth = scene.server.requests.length;
  await run(scene.github, asked);
  expect(writesSince(scene, fourth)).toEqual([]);
});

test('a repository that takes no drafts gets a plain pull request', async () => {
  const scene = await openScene();
  scene.server.state.draftsAllowed = false;
  expect(await run(scene.github, { draft: true })).toMatchObject([{ state: 'opened' }]);
  expect(scene.server.pulls).toMatchObject([{ draft: false }]);
});

test('while GitHub has not worked out whether it merges, the pull request is left as it is', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.state.mergeableKnown = false;
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged' }]);
});

test('an unknown token and an empty repository end in one sentence', async () => {
  const scene = await openScene({});
  await expect(run(scene.github)).rejects.toThrow(/repository is empty. Push a first commit/);
});

test.each([false, true])(
  'an opening that GitHub leaves unanswered is repeated once (its work done: %s)',
  async (after) => {
    const scene = await openScene();
    scene.server.faults.hang({ on: isCreatePull, times: 1, after });
    expect(await run(scene.connect(TOKEN, { timeLimit: 2 }))).toMatchObject([{ number: 1 }]);
    expect(scene.server.pulls).toMatchObject([{ number: 1, state: 'open' }]);
  },
);

test('an opening that is never answered fails with the time and the request, and the next run mends it', async () => {
  const scene = await openScene();
  scene.server.faults.hang({ on: isCreatePull });
  expect(await run(scene.connect(TOKEN, { timeLimit: 2 }))).toMatchObject([
    { state: 'failed', why: expect.stringContaining('did not answer within 2 s (POST /repos/acme/infra/pulls)') },
  ]);
  scene.server.faults.clear();
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
});

test.each(['treeNotYetThere', 'lockConflict'] as const)('%s passes: it is tried again', async (fault) => {
  const scene = await openScene();
  scene.server.faults[fault]();
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
});

test('a branch that stays locked fails in the words of GitHub', async () => {
  const scene = await openScene();
  scene.server.faults.lockConflict({ times: 100 });
  const [result] = await run(scene.github);
  expect(result).toMatchObject({ state: 'failed', why: expect.stringContaining('"Reference cannot be updated"') });
});

test('a branch for signed commits takes those of a workflow and of an App, and the reason is told to a person', async () => {
  const scene = await openScene();
  scene.server.state.logins.set('personal', 'kim');
  scene.server.faults.protect(BRANCH, 'signatures');
  const [refused] = await run(scene.connect('personal'));
  expect(refused?.why).toContain('not those of a personal token: leave out github-token');
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
});

test('half of the permissions is told by the half that is missing', async () => {
  const scene = await openScene();
  scene.server.state.pullRequestsReadOnly = true;
  expect((await run(scene.github))[0]?.why).toContain('GitHub accepts pull_requests=write');
  scene.server.faults.clear();
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
  scene.server.state.contentsReadOnly = true;
  const [result] = await run(scene.github, { changes: [changeOf({ limit: 4096 })] });
  expect(result?.why).toContain('GitHub says "Resource not accessible by integration"');
});

test.each([
  ['saml', 'at https://github.com/orgs/acme/sso?authorization_request='],
  ['ipAllowList', "the organisation's IP allow list"],
  ['archived', 'Unarchive the repository'],
] as const)('%s is advised on, not taken for a missing permission', async (rule, advice) => {
  const scene = await openScene();
  scene.server.state[rule] = true;
  const said = await run(scene.github).then(
    ([result]) => result?.why,
    (error) => error.message,
  );
  expect(said).toContain(advice);
});

test('the next version of the API leaves out nothing that is read', async () => {
  const scene = await openScene();
  const github = scene.connect(TOKEN, { apiVersion: '2026-03-10' });
  const asked = { labels: ['memory'], assignees: ['kim'] };
  expect(await run(github, asked)).toMatchObject([{ state: 'opened' }]);
  expect(await run(github, { ...asked, changes: [changeOf({ limit: 4096 })] })).toMatchObject([{ state: 'updated' }]);
  expect(await run(github, { changes: [] })).toMatchObject([{ state: 'closed' }]);
});

test('a GitHub that falls silent in the middle ends the delivery with the reason, and the next run goes on', async () => {
  const scene = await openScene();
  scene.server.faults.hang({ skip: 5 });
  const said = await run(scene.connect(TOKEN, { timeLimit: 0.4 })).then(
    ([result]) => result?.why,
    (error) => error.message,
  );
  expect(said).toMatch(/GitHub did not answer within [\d.]+ s \(/);
  scene.server.faults.clear();
  expect(await run(scene.github)).toMatchObject([{ state: 'opened' }]);
});

test('an opening that arrives after it was given up and repeated doubles nothing', async () => {
  const scene = await openScene();
  let arrive = () => {};
  const until = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  scene.server.faults.delay({ on: isCreatePull, until });
  expect(await run(scene.connect(TOKEN, { timeLimit: 2 }))).toMatchObject([{ state: 'opened', number: 1 }]);
  arrive();
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged' }]);
  expect(scene.server.pulls).toHaveLength(1);
});

test('under the name that the repository had, the pull request is opened and gone on with', async () => {
  const scene = await openScene();
  scene.server.state.renamedFrom = 'acme/old-name';
  const old = scene.connect('a-token', { repo: 'old-name' });
  expect(await run(old, { labels: ['memory'] })).toMatchObject([{ state: 'opened', number: 1 }]);
  expect(await run(old)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(await run(old, { changes: [] })).toMatchObject([{ state: 'closed', number: 1 }]);
});

test('labels that GitHub does not take yet are asked for again', async () => {
  const scene = await openScene();
  scene.server.faults.nodeNotYetThere({ times: 2 });
  expect(await run(scene.github, { labels: ['memory'] })).toMatchObject([{ state: 'opened' }]);
  expect(scene.server.pulls).toMatchObject([{ labels: ['memory'] }]);
  expect(scene.warnings).toEqual([]);
});

test('labels that fail for a while are set by the next run', async () => {
  const scene = await openScene();
  scene.server.faults.badGateway({ on: ({ path }) => path.endsWith('/labels'), times: 4 });
  const [result] = await run(scene.github, { labels: ['memory'] });
  expect(result).toMatchObject({ state: 'opened', why: expect.stringContaining('The next run tries again.') });
  expect(scene.server.pulls).toMatchObject([{ labels: [] }]);
  await run(scene.github, { labels: ['memory'] });
  expect(scene.server.pulls).toMatchObject([{ labels: ['memory'] }]);
});

test('a pull request that is in the list before it can be read is asked for again', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.faults.nodeNotYetThere({ on: ({ operation }) => operation === 'nodes' });
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged', number: 1 }]);
});

test('a token that may not see all of a pull request goes on without labels and events', async () => {
  const scene = await openScene();
  scene.server.faults.forbidQuery('timelineItems');
  await run(scene.github);
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(await run(scene.github, { changes: [] })).toMatchObject([{ state: 'closed', number: 1 }]);
  expect(await run(scene.github)).toMatchObject([{ state: 'opened', number: 2 }]);
});
