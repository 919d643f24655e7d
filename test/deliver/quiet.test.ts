import { expect, test } from 'vitest';
import { bytes, mebibytes } from '../../src/bytes.ts';
import type { Needs } from '../../src/deliver/needs.ts';
import { changeOf, git, openScene, type RunOptions, run, type Scene, writesSince } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const KEY = 'pigo-rel/Deployment/nacos/nacos';
const WEB = changeOf({ name: 'web', limit: 704, request: 512, now: { limit: 500, request: 100 }, level: 'yellow' });
const DAY = 86_400;
const START = Date.parse('2026-02-01T06:30:00Z') / 1000;

/** The container runs with what the manifest says. */
const RUNS = { declared: new Map([[KEY, { limit: mebibytes(2000), request: mebibytes(1000) }]]) };
const NOT_NEEDED: RunOptions = { changes: [], needs: RUNS };
const doubted = (doubt: 'not judged' | 'near the line'): RunOptions => ({
  changes: [],
  needs: { ...RUNS, doubts: new Map([[KEY, doubt]]) },
});

/** Runs on day after day; writes of branches and comments are what notifies. */
async function play(scene: Scene, days: readonly RunOptions[], first = 0) {
  const told: string[] = [];
  for (const [index, options] of days.entries()) {
    const results = await run(scene.github, { ...options, at: START + (first + index) * DAY });
    told.push(results.map(({ state }) => state).join());
  }
  return told;
}

function notifications(scene: Scene, start: number): string[] {
  return writesSince(scene, start).filter((write) => !/PATCH|labels|assignees/.test(write));
}

test('a need that is gone is waited for three days, then the pull request is closed', async () => {
  const scene = await openScene();
  await play(scene, [{}]);
  const start = scene.server.requests.length;
  expect(await play(scene, [NOT_NEEDED, NOT_NEEDED, NOT_NEEDED], 1)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(notifications(scene, start)).toEqual([]);
  const [waiting] = await run(scene.github, { ...NOT_NEEDED, at: START + 3 * DAY });
  expect(waiting?.why).toBe('nothing is needed since 2026-02-02; closed on 2026-02-05 if that lasts');
  expect(await play(scene, [NOT_NEEDED], 4)).toEqual(['closed']);
  expect(scene.server.pulls).toMatchObject([{ state: 'closed', comments: [{}] }]);
});

test('a need that comes and goes keeps its pull request, and so does one that is near its line or not judged', async () => {
  const scene = await openScene();
  const days = [{}, NOT_NEEDED, NOT_NEEDED, {}, NOT_NEEDED, NOT_NEEDED, doubted('near the line'), NOT_NEEDED];
  await play(scene, [...days, NOT_NEEDED, doubted('not judged'), doubted('not judged'), doubted('not judged')]);
  expect(scene.server.pulls).toMatchObject([{ state: 'open', comments: [] }]);
  expect(git(scene, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  expect(await play(scene, [NOT_NEEDED], 12)).toEqual(['closed']);
});

test('what has no pods now is waited for longer: it may be a weekly job', async () => {
  const scene = await openScene();
  await play(scene, [{}]);
  const idle: RunOptions = { changes: [], needs: { ...RUNS, idle: new Set([KEY]) } };
  expect(await play(scene, Array(8).fill(idle), 1)).toEqual(Array(8).fill('unchanged'));
  expect(await play(scene, [idle], 9)).toEqual(['closed']);
});

test.each<[string, Partial<Needs>]>([
  ['its workload is gone', {}],
  ['its change was made', { declared: new Map([[KEY, { limit: mebibytes(2560), request: mebibytes(1536) }]]) }],
  ['its manifest says so already', { ...RUNS, settled: new Set([KEY]) }],
])('a pull request is closed at once where %s', async (_what, needs) => {
  const scene = await openScene();
  await play(scene, [{}]);
  expect(await play(scene, [{ changes: [], needs }], 1)).toEqual(['closed']);
});

test('an open pull request is pushed to for a value that moved clearly, and for nothing less', async () => {
  const scene = await openScene();
  await play(scene, [{}]);
  const start = scene.server.requests.length;
  const around = [2304, 2816, 2560].map((limit) => ({ changes: [changeOf({ limit })] }));
  expect(await play(scene, around, 1)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(notifications(scene, start)).toEqual([]);
  expect(await play(scene, [{ changes: [changeOf({ limit: 3072 })] }], 4)).toEqual(['updated']);
});

test('a field or a container that comes and goes is no reason for a push; a red one is', async () => {
  const scene = await openScene();
  const both: RunOptions = { grouping: 'all', changes: [changeOf({ level: 'yellow' }), WEB] };
  const { request: _, ...limitOnly } = changeOf({ level: 'yellow' }).location.suggestion;
  const change = changeOf({ level: 'yellow' });
  const alone = { ...change, location: { ...change.location, suggestion: limitOnly } };
  await play(scene, [{ ...both, changes: [change] }]);
  const start = scene.server.requests.length;
  expect(await play(scene, [both, { ...both, changes: [alone] }, both], 1)).toEqual(Array(3).fill('unchanged'));
  expect(notifications(scene, start)).toEqual([]);
  expect(
    await play(scene, [{ ...both, changes: [changeOf({ level: 'yellow' }), { ...WEB, location: red(WEB) }] }], 4),
  ).toEqual(['updated']);
});

function red({ location }: typeof WEB) {
  return { ...location, suggestion: { ...location.suggestion, level: 'red' as const } };
}

test('a container of a group that was done by hand falls out, and one without a need after three days', async () => {
  const scene = await openScene();
  const web = 'pigo-rel/Deployment/web/web';
  await play(scene, [{ grouping: 'all', changes: [changeOf(), WEB] }]);
  const rest: RunOptions = {
    grouping: 'all',
    changes: [changeOf()],
    needs: { declared: new Map([[web, { limit: mebibytes(500), request: mebibytes(100) }]]) },
  };
  expect(await play(scene, [rest, rest, rest, rest], 1)).toEqual(['unchanged', 'unchanged', 'unchanged', 'updated']);
  expect(git(scene, 'diff', '--name-only', 'main', 'memory/raise')).toBe('k8s/pigo-rel/nacos.yaml');
});

test('a change stays with its pull request when the grouping changes', async () => {
  const scene = await openScene();
  await play(scene, [{}]);
  const start = scene.server.requests.length;
  expect(await run(scene.github, { grouping: 'all', changes: [changeOf(), WEB] })).toMatchObject([
    { state: 'unchanged', number: 1 },
    { state: 'opened', number: 2, branch: 'memory/raise' },
  ]);
  expect(notifications(scene, start)).not.toContain('POST createComment');
});

test('a change that is open under another prefix is not proposed again', async () => {
  const scene = await openScene();
  await run(scene.github);
  expect(await run(scene.github, { branchPrefix: 'bots/memory' })).toMatchObject([{ state: 'unchanged', number: 1 }]);
});

test('the label "snooze" leaves a pull request as it is until its days are over', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.label(1, 'memory-inspector/snooze-30d');
  const labelled = Date.parse('2026-01-01T00:00:00Z') / 1000;
  const start = scene.server.requests.length;
  const far = { changes: [changeOf({ limit: 4096 })] };
  const [left] = await run(scene.github, { ...far, at: labelled + 29 * DAY });
  expect(left).toMatchObject({ state: 'unchanged', why: 'a label snoozes it until 2026-01-31' });
  expect(await run(scene.github, { changes: [], at: labelled + 29 * DAY })).toMatchObject([{ state: 'unchanged' }]);
  expect(writesSince(scene, start)).toEqual([]);
  expect(await run(scene.github, { ...far, at: labelled + 31 * DAY })).toMatchObject([{ state: 'updated' }]);
});

test('the label "rebase" has the branch built anew, over a person\'s commit as well, and is taken off', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.commitFiles(BRANCH, { 'mine.txt': 'mine' });
  await scene.server.commitFiles('main', { 'README.md': 'Newer\n' });
  expect(await run(scene.github)).toMatchObject([{ state: 'edited by a person' }]);
  scene.server.label(1, 'memory-inspector/rebase');
  expect(await run(scene.github)).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(scene.server.pulls).toMatchObject([{ state: 'open', labels: [] }]);
  expect(git(scene, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  expect(git(scene, 'merge-base', 'main', BRANCH)).toBe(git(scene, 'rev-parse', 'main'));
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged' }]);
});

test('a red container that was yellow is pushed for once, if its values differ', async () => {
  const scene = await openScene();
  await run(scene.github, { changes: [changeOf({ level: 'yellow', limit: 2304 })] });
  const now = { changes: [changeOf({ evidence: { used: bytes(1) } })] };
  expect(await run(scene.github, now)).toMatchObject([{ state: 'updated' }]);
  const start = scene.server.requests.length;
  await run(scene.github, { changes: [changeOf({ level: 'yellow', limit: 2304 })] });
  await run(scene.github, { changes: [changeOf({ limit: 2304 })] });
  expect(notifications(scene, start)).toEqual([]);
});
