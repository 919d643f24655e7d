import { expect, test } from 'vitest';
import { commitReport, type ReportCommitInput } from '../../src/deliver/commit-report.ts';
import { FileTooLarge } from '../../src/errors.ts';
import { openCommit } from '../../src/github/commit-files.ts';
import type { FakeRequest } from '../github-server/server.mjs';
import { git, openScene, writesSince } from './scene.ts';

const DAY = 'reports/memory/2026-11-24.md';
const INDEX = 'reports/memory/README.md';
const isCommit = ({ operation }: FakeRequest) => operation === 'createCommitOnBranch';

/** A report whose index gets one line more than the one on the branch; `time` differs with every run. */
function report(time: string, more: Partial<ReportCommitInput> = {}): ReportCommitInput {
  return {
    headline: 'Memory report of 2026-11-24',
    files: async (current) => {
      const index = (await current.read(INDEX)) ?? '';
      const line = '- 2026-11-24\n';
      return {
        additions: [
          { path: DAY, text: `# Report\n\n${time}\n` },
          { path: INDEX, text: index.includes(line) ? index : index + line },
        ],
        deletions: [],
      };
    },
    withoutTime: (_path, text) => text.replace(/^\d\d:\d\d$/m, ''),
    ...more,
  };
}

test('the report is one commit on the default branch, and the same report none', async () => {
  const scene = await openScene();
  const first = await commitReport(scene.github, report('10:00'));
  expect(first).toMatchObject({ state: 'committed', sha: git(scene, 'rev-parse', 'main'), branch: 'main' });
  expect(first).toHaveProperty('url', expect.stringContaining('/acme/infra/commit/'));
  expect(git(scene, 'show', '--name-only', '--format=%s', 'main').split('\n')).toEqual([
    'Memory report of 2026-11-24',
    '',
    DAY,
    INDEX,
  ]);
  const start = scene.server.requests.length;
  expect(await commitReport(scene.github, report('11:00'))).toMatchObject({ state: 'unchanged' });
  expect(writesSince(scene, start)).toEqual([]);
});

test('what only shows the report in another way makes no commit of its own, and is not fetched', async () => {
  const PAGE = 'reports/memory/index.html';
  const scene = await openScene();
  const withPage = (time: string, page: string) => {
    const plain = report(time);
    const files: ReportCommitInput['files'] = async (current) => {
      const { additions, deletions } = await plain.files(current);
      return { additions: [{ path: PAGE, text: page }, ...additions], deletions };
    };
    return { ...plain, files, isDerived: (path: string) => path === PAGE };
  };
  await commitReport(scene.github, report('10:00'));
  // Where it is new, it is news.
  expect(await commitReport(scene.github, withPage('10:00', 'one'))).toMatchObject({ state: 'committed' });
  const start = scene.server.requests.length;
  expect(await commitReport(scene.github, withPage('11:00', 'two'))).toMatchObject({ state: 'unchanged' });
  const page = git(scene, 'rev-parse', `main:${PAGE}`);
  expect(scene.server.requests.slice(start).filter(({ path }) => path.includes(page))).toEqual([]);
  await scene.server.commitFiles('main', { [INDEX]: '- another run\n' });
  expect(await commitReport(scene.github, withPage('12:00', 'three'))).toMatchObject({ state: 'committed' });
  expect(await scene.server.readText('main', PAGE)).toBe('three');
});

test('a file of the branch that is larger than it may be is not fetched', async () => {
  const scene = await openScene();
  await scene.server.commitFiles('main', { [INDEX]: 'x'.repeat(2000) });
  const current = openCommit(scene.github, git(scene, 'rev-parse', 'main'));
  await expect(current.read(INDEX, 1000)).rejects.toThrow(FileTooLarge);
  expect(scene.server.requests.filter(({ path }) => path.includes('/git/blobs/'))).toEqual([]);
  expect(await current.read(INDEX, 2000)).toHaveLength(2000);
});

test('a head that moved is read again and the index made anew', async () => {
  const scene = await openScene();
  scene.server.faults.add({
    on: isCommit,
    before: () => scene.server.commitFiles('main', { [INDEX]: '- another run\n' }),
  });
  expect(await commitReport(scene.github, report('10:00'))).toMatchObject({ state: 'committed' });
  expect(await scene.server.readText('main', INDEX)).toBe('- another run\n- 2026-11-24\n');
});

test('a head that keeps moving is given up after five more tries', async () => {
  const scene = await openScene();
  scene.server.faults.staleHead(100);
  expect(await commitReport(scene.github, report('10:00'))).toMatchObject({
    state: 'failed',
    why: expect.stringContaining('Pull and try again'),
  });
  expect(scene.server.requests.filter(isCommit)).toHaveLength(6);
});

test.each([1, 4])('a commit whose answer was lost %i times is found, not made twice', async (times) => {
  const scene = await openScene();
  scene.server.faults.badGateway({ on: isCommit, after: true, times });
  expect(await commitReport(scene.github, report('10:00'))).toMatchObject({
    state: 'committed',
    sha: git(scene, 'rev-parse', 'main'),
  });
  expect(git(scene, 'rev-list', '--count', 'main')).toBe('2');
});

test('two reports at once are both kept', async () => {
  const scene = await openScene();
  const one = (name: string) =>
    commitReport(scene.connect(), {
      headline: name,
      files: async (current) => ({
        additions: [{ path: INDEX, text: `${(await current.read(INDEX)) ?? ''}- ${name}\n` }],
        deletions: [],
      }),
    });
  await Promise.all([one('a'), one('b')]);
  expect((await scene.server.readText('main', INDEX))?.split('\n').sort()).toEqual(['', '- a', '- b']);
});

test('a report branch that is missing is created from the default branch', async () => {
  const scene = await openScene();
  expect(await commitReport(scene.github, report('10:00', { branch: 'reports/memory' }))).toMatchObject({
    state: 'committed',
  });
  expect(git(scene, 'rev-list', '--count', 'main..reports/memory')).toBe('1');
  expect(git(scene, 'rev-list', '--count', 'main')).toBe('1');
});

test('old reports go in the same commit; what is gone already does no harm', async () => {
  const scene = await openScene({ 'reports/memory/2020-01-01.md': 'old', 'README.md': 'x' });
  const files: ReportCommitInput['files'] = async (current) => ({
    additions: [{ path: DAY, text: 'new' }],
    deletions: [...(await current.list('reports/memory')), 'reports/memory/1999-01-01.md'],
  });
  expect(await commitReport(scene.github, { headline: 'x', files })).toMatchObject({ state: 'committed' });
  expect(git(scene, 'ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual(['README.md', DAY]);
  expect(git(scene, 'rev-list', '--count', 'main')).toBe('2');
});

test.each(['classic', 'ruleset'] as const)(
  'a branch that %s rules protect is told with report-branch',
  async (kind) => {
    const scene = await openScene();
    scene.server.faults.protect('main', kind);
    const result = await commitReport(scene.github, report('10:00'));
    expect(result).toMatchObject({ state: 'failed', why: expect.stringContaining('Set report-branch') });
    expect(scene.server.requests.filter(isCommit)).toHaveLength(1);
  },
);

test('a read-only token and an empty repository are told in one sentence', async () => {
  const scene = await openScene();
  scene.server.faults.readOnlyToken();
  expect(await commitReport(scene.github, report('10:00'))).toMatchObject({
    state: 'failed',
    why: expect.stringContaining('"contents: write"'),
  });
  const empty = await openScene({});
  expect(await commitReport(empty.github, report('10:00'))).toMatchObject({
    state: 'failed',
    why: expect.stringContaining('Push a first commit'),
  });
});

test.each(['../x.md', '/x.md', '.github/workflows/x.yml', 'a//b', ''])(
  'a report is never written to %j',
  async (path) => {
    const scene = await openScene();
    const files: ReportCommitInput['files'] = async () => ({ additions: [{ path, text: 'x' }], deletions: [] });
    expect(await commitReport(scene.github, { headline: 'x', files })).toMatchObject({
      state: 'failed',
      why: expect.stringContaining('report-directory'),
    });
    expect(git(scene, 'rev-list', '--count', 'main')).toBe('1');
  },
);

test('killed at any request and run again, the report is there once', async () => {
  const first = await openScene();
  await commitReport(first.github, report('10:00'));
  const count = first.server.requests.length;
  for (let n = 0; n < count * 2; n++) {
    const scene = await openScene();
    scene.server.faults.killAt(n % count, { after: n >= count });
    await commitReport(scene.connect(), report('10:00'));
    scene.server.faults.clear();
    await commitReport(scene.connect(), report('10:05'));
    expect(git(scene, 'rev-list', '--count', 'main')).toBe('2');
  }
}, 120_000);
