import { beforeAll, expect, test } from 'vitest';
import { commitReport, type ReportCommitInput } from '../../src/deliver/commit-report.ts';
import { blobShaOf } from '../../src/github/commit-files.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { parseIndex } from '../../src/report/index-page.ts';
import type { Report } from '../../src/report/input.ts';
import { filesOf, withoutTime } from '../../src/report/report-files.ts';
import type { FakeRequest } from '../github-server/server.mjs';
import { inspectLargeCluster } from '../report/large-cluster.ts';
import { makeInput } from '../report/make-inspection.ts';
import { git, openScene, type Scene, writesSince } from './scene.ts';

const INDEX = 'reports/memory/README.md';
const MAIN = 'reports/memory/2026-11-24.md';
const FOLDER = 'reports/memory/2026-11-24';
const HEADLINE = 'Memory report for 2026-11-24';
const isCommit = ({ operation }: FakeRequest) => operation === 'createCommitOnBranch';

/** What the run before found, so that the history of the index has something to keep. */
const BEFORE = {
  date: '2026-11-23',
  page: '2026-11-23.md',
  outcome: 'ok' as const,
  verdict: 'green' as const,
  total: 1,
  healthy: 1,
  attention: 0,
  atRisk: 0,
  unknown: 0,
};
const inspection = inspectLargeCluster(10_000);
let large: Report;

beforeAll(() => {
  large = buildReport(makeInput(inspection));
});

/** The report of 10,000 pods; its index continues the one on the branch. */
function commitLarge(deletions: readonly string[] = []): ReportCommitInput {
  return {
    headline: HEADLINE,
    files: async (current) => {
      const history = parseIndex((await current.read(INDEX)) ?? '');
      const small = buildReport(makeInput({ ...inspection, workloads: [] }, { history }));
      return { additions: filesOf({ ...large, index: small.index }), deletions };
    },
    withoutTime: (_, text) => withoutTime(text),
  };
}

/** Every file of the report is on the branch as it was made, and nothing else in its folder. */
function expectWhole(scene: Scene): void {
  const listed = git(scene, 'ls-tree', '-r', 'main', FOLDER, `${FOLDER}.md`, `${FOLDER}.json`).split('\n');
  const made = filesOf(large).filter(({ path }) => path !== INDEX);
  expect(listed.sort()).toEqual(made.map(({ path, text }) => `100644 blob ${blobShaOf(text)}\t${path}`).sort());
  expect(git(scene, 'show', `main:${INDEX}`)).toContain('2026-11-24.md');
}

/** Headlines of the commits on main, the oldest first. */
function headlines(scene: Scene): string[] {
  return git(scene, 'log', '--reverse', '--format=%s', 'main').split('\n');
}

test('10,000 pods are a series of commits that GitHub takes, and what links the others comes last', async () => {
  const scene = await openScene();
  const result = await commitReport(scene.github, commitLarge());
  expect(result).toMatchObject({ state: 'committed', sha: git(scene, 'rev-parse', 'main') });
  expectWhole(scene);
  const [, ...series] = headlines(scene);
  expect(series.length).toBeGreaterThan(1);
  expect(series.at(-1)).toBe(HEADLINE);
  expect(series[0]).toBe(`${HEADLINE} (part 1 of ${series.length})`);
  for (const { body } of scene.server.requests.filter(isCommit)) {
    expect(JSON.stringify(body).length).toBeLessThan(5 * 1024 * 1024);
  }
  const last = git(scene, 'show', '--name-only', '--format=', 'main').split('\n');
  expect(last).toEqual(expect.arrayContaining([MAIN, INDEX]));
});

test('the same report again asks for no content and writes nothing', async () => {
  const scene = await openScene();
  await commitReport(scene.github, commitLarge());
  const start = scene.server.requests.length;
  expect(await commitReport(scene.connect(), commitLarge())).toMatchObject({ state: 'unchanged' });
  expect(writesSince(scene, start)).toEqual([]);
  const read = scene.server.requests.slice(start).filter(({ path }) => path.includes('/git/blobs/'));
  // The index alone, whose history goes on.
  expect(read).toHaveLength(1);
});

test('a run killed at any commit of the series is run again and ends the same, with nothing committed twice', async () => {
  const whole = await openScene();
  await commitReport(whole.github, commitLarge());
  const requests = whole.server.requests.findIndex(isCommit);
  const commits = whole.server.requests.filter(isCommit).length;
  for (const after of [false, true]) {
    for (let n = 0; n < commits; n++) {
      const scene = await openScene();
      scene.server.faults.killAt(requests + n, { after });
      await commitReport(scene.connect(), commitLarge());
      const there = git(scene, 'ls-tree', '-r', '--name-only', 'main').split('\n');
      expect(there.includes(INDEX)).toBe(after && n === commits - 1);
      scene.server.faults.clear();
      await commitReport(scene.connect(), commitLarge());
      expectWhole(scene);
      expect(git(scene, 'rev-parse', 'main^{tree}')).toBe(git(whole, 'rev-parse', 'main^{tree}'));
      expect(headlines(scene)).toHaveLength(commits + 1);
    }
  }
}, 300_000);

test('a push between two commits of the series is kept, and the rest is made anew from it', async () => {
  const scene = await openScene();
  const entry = `<!-- memory-inspector run ${JSON.stringify(BEFORE)} -->\n`;
  scene.server.faults.add({
    on: isCommit,
    skip: 1,
    before: () => scene.server.commitFiles('main', { [INDEX]: entry, 'people.md': 'by hand\n' }),
  });
  expect(await commitReport(scene.github, commitLarge())).toMatchObject({
    state: 'committed',
    sha: git(scene, 'rev-parse', 'main'),
  });
  expectWhole(scene);
  expect(git(scene, 'show', 'main:people.md')).toBe('by hand');
  expect(parseIndex(git(scene, 'show', `main:${INDEX}`)).map(({ date }) => date)).toEqual(['2026-11-24', '2026-11-23']);
});

test('another run that writes the same report at the same time leaves one whole report', async () => {
  const scene = await openScene();
  const results = await Promise.all([1, 2].map(() => commitReport(scene.connect(), commitLarge())));
  for (const { state } of results) expect(state).not.toBe('failed');
  expectWhole(scene);
});

test('a lost answer amid the series is found, not made twice', async () => {
  const scene = await openScene();
  scene.server.faults.badGateway({ on: isCommit, after: true, skip: 1 });
  const whole = await openScene();
  await commitReport(whole.github, commitLarge());
  expect(await commitReport(scene.github, commitLarge())).toMatchObject({ state: 'committed' });
  expectWhole(scene);
  expect(headlines(scene)).toHaveLength(headlines(whole).length);
});

test('superseded files go once the new report is whole, however many they are', async () => {
  const old = Array.from({ length: 250 }, (_, index) => `${FOLDER}/old-${index}.md`);
  const scene = await openScene(Object.fromEntries(old.map((path) => [path, 'old'])));
  expect(await commitReport(scene.github, commitLarge(old))).toMatchObject({ state: 'committed' });
  expectWhole(scene);
  const removing = git(scene, 'log', '--reverse', '--diff-filter=D', '--format=%H', 'main').split('\n');
  expect(removing.length).toBeGreaterThan(1);
  expect(git(scene, 'ls-tree', '-r', '--name-only', removing[0] ?? '', MAIN)).toBe(MAIN);
});

test('two runs that found something else at the same time leave the whole report of one', async () => {
  const other = buildReport(makeInput({ ...inspectLargeCluster(10_000, 1), at: inspection.at }));
  const scene = await openScene();
  const results = await Promise.all([
    commitReport(scene.connect(), commitLarge()),
    commitReport(scene.connect(), {
      ...commitLarge(),
      files: async () => ({ additions: filesOf(other), deletions: [] }),
    }),
  ]);
  expect(results.map(({ state }) => state)).toEqual(['committed', 'committed']);
  const shaOf = (path: string) => git(scene, 'rev-parse', `main:${path}`);
  const [last] = [large, other].filter(({ json }) => shaOf(json.path) === blobShaOf(json.text));
  const made = filesOf(last ?? large).filter(({ path }) => path !== INDEX);
  expect(made.map(({ path }) => shaOf(path))).toEqual(made.map(({ text }) => blobShaOf(text)));
}, 60_000);

test('a commit of the series that GitHub keeps refusing is given up after five more tries', async () => {
  const scene = await openScene();
  scene.server.faults.add({ on: isCommit, before: () => scene.server.faults.staleHead(100) });
  expect(await commitReport(scene.github, commitLarge())).toMatchObject({ state: 'failed' });
  expect(scene.server.requests.filter(isCommit)).toHaveLength(7);
});
