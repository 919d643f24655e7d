import { expect, test } from 'vitest';
import { API, API_KEY, BRANCH, monitorOf, runMonitors } from './monitor-scene.ts';
import { changeOf, copyScene, git, openScene, run, type Scene, TOKEN, writesSince } from './scene.ts';

const DAY = 86_400;
const START = Date.parse('2026-02-01T06:30:00Z') / 1000;
const FILE = 'k8s/shop/api-servicemonitor.yaml';
const TEXT = monitorOf().newFiles[0]?.text ?? '';

test('one pull request a namespace, with the same manners as those about memory', async () => {
  const scene = await openScene();
  const asked = {
    labels: ['memory'],
    assignees: ['kim'],
    owners: [
      { match: { namespace: 'shop', name: 'web' }, labels: ['web'], reviewers: [], teamReviewers: [], assignees: [] },
    ],
  };
  const changes = [monitorOf(), monitorOf({ name: 'web' }), monitorOf({ namespace: 'pay' })];
  expect(await runMonitors(scene.github, { ...asked, changes })).toMatchObject([
    {
      state: 'opened',
      branch: 'memory/metrics.pay',
      title: 'Scrape the JVM metrics of pay/api',
      number: 1,
      url: expect.any(String),
      suggestions: ['metrics:pay/Deployment/api/api'],
    },
    {
      state: 'opened',
      branch: BRANCH,
      title: 'Scrape the JVM metrics of 2 workloads in shop',
      number: 2,
      url: expect.any(String),
      suggestions: ['metrics:shop/Deployment/api/api', 'metrics:shop/Deployment/web/web'],
    },
  ]);
  expect(scene.server.pulls).toMatchObject([{ labels: ['memory'], assignees: ['kim'] }, { labels: ['memory', 'web'] }]);
  expect(await scene.server.readText(BRANCH, FILE)).toBe(TEXT);
  const start = scene.server.requests.length;
  expect(await runMonitors(scene.github, { ...asked, changes })).toMatchObject([
    { state: 'unchanged' },
    { state: 'unchanged' },
  ]);
  expect(writesSince(scene, start)).toEqual([]);
});

test('the body says what is broken, what is changed, how it was proved and how to decline', async () => {
  const scene = await openScene();
  await runMonitors(scene.github, {});
  const body = scene.server.pulls[0]?.body ?? '';
  await expect(body.replace(/<!-- kubernetes-memory-inspector:v1 .* -->/, '(marker)')).toMatchFileSnapshot(
    'golden/monitor-pull.md',
  );
});

test('hostile names stay text', async () => {
  const scene = await openScene();
  const one = monitorOf();
  const nasty = '<img src=x> @all `x` #1 [y](z)\n## no';
  const link = { kind: 'target down', error: nasty } as const;
  const mends = [{ ...one.mends[0], link, workload: { ...API, name: nasty }, container: nasty }] as typeof one.mends;
  await runMonitors(scene.github, { changes: [{ ...one, mends }] });
  const [pull] = scene.server.pulls;
  expect(pull?.title).not.toMatch(/@all|#1|\n/);
  expect(pull?.body).not.toMatch(/^## no/m);
  expect(pull?.body?.replace(/`+[^`]*`+[^`]*`+[^`]*`+/g, '')).not.toContain('<img');
});

test('what a person did is kept: a commit, words, a title', async () => {
  const scene = await openScene();
  await runMonitors(scene.github);
  const pull = scene.server.pulls[0];
  if (pull === undefined) throw new Error('no pull request');
  pull.title = 'Mine';
  pull.body = `Closes #77\n\n${pull.body}`;
  const other = { changes: [monitorOf({ path: '/actuator/prometheus' })] };
  expect(await runMonitors(scene.github, other)).toMatchObject([{ state: 'updated', number: 1, title: 'Mine' }]);
  expect(pull.title).toBe('Mine');
  expect(pull.body).toContain('Closes #77');
  expect(pull.body).toContain('/actuator/prometheus');
  await scene.server.commitFiles(BRANCH, { 'mine.txt': 'mine' });
  const start = scene.server.requests.length;
  expect(await runMonitors(scene.github)).toMatchObject([{ state: 'edited by a person' }]);
  expect(await runMonitors(scene.github, { changes: [] })).toMatchObject([{ state: 'edited by a person' }]);
  expect(writesSince(scene, start)).toEqual([]);
});

test('closed by a person means no, until the fix differs or the label takes it back', async () => {
  const scene = await openScene();
  await runMonitors(scene.github);
  scene.server.closePull(1);
  expect(await runMonitors(scene.github)).toMatchObject([{ state: 'declined', number: 1 }]);
  // Under another prefix as well.
  expect(await runMonitors(scene.github, { branchPrefix: 'jvm' })).toMatchObject([{ state: 'declined' }]);
  expect(await runMonitors(scene.github, { changes: [monitorOf({ path: '/prometheus' })] })).toMatchObject([
    { state: 'opened', number: 2 },
  ]);
  scene.server.closePull(2);
  scene.server.label(1, 'memory-inspector/rebase');
  expect(await runMonitors(scene.github)).toMatchObject([{ state: 'opened', number: 3 }]);
});

test('a no outlives a description that a person replaced', async () => {
  const scene = await openScene();
  await runMonitors(scene.github);
  const pull = scene.server.pulls[0];
  if (pull !== undefined) pull.body = 'No.';
  scene.server.closePull(1);
  expect(await runMonitors(scene.github)).toMatchObject([{ state: 'declined', number: 1 }]);
});

test('merged and taken back means no', async () => {
  const scene = await openScene();
  await runMonitors(scene.github);
  await scene.server.mergePull(1);
  expect(await runMonitors(scene.github, { changes: [], needs: { settled: new Set([API_KEY]) } })).toEqual([]);
  const files = { [FILE]: null } as unknown as Record<string, string>;
  await scene.server.commitFiles('main', files);
  expect(await runMonitors(scene.github)).toMatchObject([
    { state: 'declined', number: 1, why: expect.stringContaining('taken back') },
  ]);
});

test('nothing left to do: closed after three days, with a comment; at once where the files have it or the workload is gone', async () => {
  const scene = await openScene();
  await runMonitors(scene.github, { at: START });
  const nothing = async (of: Scene, day: number, needs = {}) =>
    (await runMonitors(of.github, { changes: [], needs, at: START + day * DAY })).map(({ state }) => state).join();
  const [settled, gone, unclear, flickering] = [
    await copyScene(scene),
    await copyScene(scene),
    await copyScene(scene),
    await copyScene(scene),
  ];
  expect([await nothing(scene, 1), await nothing(scene, 2), await nothing(scene, 4)]).toEqual([
    'unchanged',
    'unchanged',
    'closed',
  ]);
  expect(scene.server.pulls).toMatchObject([{ state: 'closed', comments: [expect.anything()] }]);
  expect(git(scene, 'for-each-ref', '--format=%(refname:short)', 'refs/heads')).toBe('main');
  expect(await nothing(settled, 1, { settled: new Set([API_KEY]) })).toBe('closed');
  expect(await nothing(gone, 1, { known: new Set() })).toBe('closed');
  const doubts = new Map([[API_KEY, 'not judged' as const]]);
  for (const day of [1, 4, 9]) expect(await nothing(unclear, day, { doubts })).toBe('unchanged');
  await nothing(flickering, 1);
  await runMonitors(flickering.github, { at: START + 2 * DAY });
  expect([await nothing(flickering, 3), await nothing(flickering, 5)]).toEqual(['unchanged', 'unchanged']);
  // It was closed by a run, and so it is proposed again.
  expect(await runMonitors(scene.github, { at: START + 9 * DAY })).toMatchObject([{ state: 'opened', number: 2 }]);
});

test.each([
  ['looked at another namespace', { scope: { namespaces: ['other'] } }],
  ['looked at another cluster', { scope: { cluster: 'b' } }],
  ['was incomplete', { complete: false }],
])('a run that %s closes nothing', async (_what, looked) => {
  const scene = await openScene();
  await runMonitors(scene.github, { at: START });
  const start = scene.server.requests.length;
  await runMonitors(scene.github, { changes: [], needs: { known: new Set() }, at: START + 9 * DAY, ...looked });
  expect(writesSince(scene, start)).toEqual([]);
});

test('pull requests about memory and about metrics share the limit, and neither touches the other', async () => {
  const scene = await openScene();
  expect(await run(scene.github, { limit: 2 })).toMatchObject([{ state: 'opened' }]);
  const both = { changes: [monitorOf(), monitorOf({ namespace: 'pay' })], limit: 2 };
  expect(await runMonitors(scene.github, both)).toMatchObject([{ state: 'opened' }, { state: 'over the limit' }]);
  const web = changeOf({ name: 'web', now: { limit: 500, request: 100 }, limit: 704, request: 512, level: 'yellow' });
  expect(await run(scene.github, { limit: 2, changes: [changeOf(), web] })).toMatchObject([
    { state: 'unchanged' },
    { state: 'over the limit' },
  ]);
  const needs = { known: new Set<string>() };
  expect(await runMonitors(scene.github, { changes: [], needs })).toMatchObject([{ state: 'closed', number: 2 }]);
  expect(await run(scene.github, { changes: [] })).toMatchObject([{ state: 'closed', number: 1 }]);
});

test('the same change of another cluster is left to its pull request', async () => {
  const scene = await openScene();
  await runMonitors(scene.github, { clusterName: 'a' });
  expect(await runMonitors(scene.github, { clusterName: 'b' })).toMatchObject([
    { state: 'unchanged', branch: 'memory/a/metrics.shop', suggestions: ['metrics:shop/Deployment/api/api'] },
  ]);
  expect(scene.server.pulls).toHaveLength(1);
});

test('a dry run writes nothing and shows the diff', async () => {
  const scene = await openScene();
  const start = scene.server.requests.length;
  expect(await runMonitors(scene.github, { dryRun: true })).toMatchObject([
    { state: 'dry run', diff: expect.stringContaining('+kind: ServiceMonitor') },
  ]);
  expect(await runMonitors(scene.github, { dryRun: true, besides: 5 })).toMatchObject([{ state: 'over the limit' }]);
  expect(writesSince(scene, start)).toEqual([]);
});

test('a change that cannot be made fails alone', async () => {
  const scene = await openScene({ [FILE]: 'mine\n' });
  expect(await runMonitors(scene.github, { changes: [monitorOf(), monitorOf({ name: 'web' })] })).toMatchObject([
    { state: 'opened', suggestions: ['metrics:shop/Deployment/web/web'] },
    { state: 'failed', suggestions: ['metrics:shop/Deployment/api/api'] },
  ]);
});

/** What a person would see, without hashes and times. */
function describeScene(scene: Scene) {
  const branches = git(scene, 'for-each-ref', '--format=%(refname:short) %(tree)', 'refs/heads').split('\n');
  const pulls = scene.server.pulls.map(({ number, state, title, head, labels, assignees, comments }) => {
    return { number, state, title, head, labels, assignees, comments: comments.length };
  });
  return { branches, pulls };
}

test.each([false, true])(
  'killed at any request (its work done: %s) and run again, the end is the same',
  { timeout: 600_000 },
  async (after) => {
    const busy = await openScene();
    busy.server.state.logins.set(TOKEN, 'github-actions[bot]');
    await runMonitors(busy.github, { changes: [monitorOf(), monitorOf({ namespace: 'old' })] });
    // One to be pushed again, one to be closed, one to be opened.
    const changes = [monitorOf({ path: '/actuator/prometheus' }), monitorOf({ namespace: 'pay' })];
    const asked = { changes, labels: ['memory'], assignees: ['kim'] };
    const whole = await copyScene(busy);
    const start = whole.server.requests.length;
    await runMonitors(whole.connect(), asked);
    const count = whole.server.requests.length - start;
    const end = describeScene(whole);
    expect(end.pulls.map(({ state }) => state).sort()).toEqual(['closed', 'open', 'open']);
    for (let n = 0; n < count; n++) {
      const scene = await copyScene(busy);
      scene.server.faults.killAt(n, { after });
      await runMonitors(scene.connect(), asked).catch(() => undefined);
      scene.server.faults.clear();
      await runMonitors(scene.connect(), asked);
      expect({ n, ...describeScene(scene) }).toEqual({ n, ...end });
    }
  },
);

test('two runs at once double nothing', async () => {
  const scene = await openScene();
  const results = await Promise.all([runMonitors(scene.connect()), runMonitors(scene.connect())]);
  expect(results.flat().map(({ state }) => state)).not.toContain('failed');
  expect(scene.server.pulls).toMatchObject([{ head: BRANCH, state: 'open' }]);
});
