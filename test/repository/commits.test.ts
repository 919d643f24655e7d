import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Trigger } from '../../src/event/trigger.ts';
import { type Commits, type CommitsRequest, type OpenedCommit, openCommits } from '../../src/repository/commits.ts';
import { checkOut, createRepository, removeFolders, runGit, temporaryFolder } from './git-repository.ts';

const open: Commits[] = [];
afterEach(() => {
  for (const commits of open.splice(0)) commits.close();
});
afterAll(removeFolders);

async function openIn(root: string, request: Pick<CommitsRequest, 'trigger'> & Partial<CommitsRequest>) {
  const environment = { path: process.env.PATH, home: root, inherited: {} };
  const commits = await openCommits({ root, environment, ...request });
  open.push(commits);
  return commits;
}

/** All that a commit holds, as text. */
async function contentsOf({ files }: OpenedCommit): Promise<Record<string, string>> {
  const listed = await files.list();
  const pairs = listed.map(async ({ path }) => [path, Buffer.from(await files.read(path)).toString()] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

function pullRequest(base: string, head: string): Trigger {
  return { kind: 'pull request', number: 7, base: { ref: 'main', sha: base }, head: { sha: head }, from: 'fork' };
}

/** A pull request that is behind its base: main has got `later` since it began. */
function behind() {
  const repository = createRepository();
  const start = repository.commit({ 'web.yaml': 'memory: 1Gi\n', same: 's' });
  const head = repository.commit({ 'web.yaml': 'memory: 2Gi\n', same: 's' }, start);
  const base = repository.commit({ 'web.yaml': 'memory: 1Gi\n', same: 's', later: 'l' }, start);
  const merge = repository.commit({ 'web.yaml': 'memory: 2Gi\n', same: 's', later: 'l' }, base, head);
  return { repository, start, head, base, merge };
}

describe('a pull request', () => {
  test.each([1, 2, 0])('is the trial merge against its first parent, checked out %i deep', async (depth) => {
    const { repository, start, head, base, merge } = behind();
    // The event may be older than the base of the merge.
    const root = checkOut(repository.url, merge, depth);
    const commits = await openIn(root, { trigger: pullRequest(start, head), commit: merge });
    expect([commits.base.sha, commits.head.sha]).toEqual([base, merge]);
    expect([...commits.changed]).toEqual(['web.yaml']);
    expect(await contentsOf(commits.base)).toEqual({ 'web.yaml': 'memory: 1Gi\n', same: 's', later: 'l' });
    expect(await contentsOf(commits.head)).toEqual({ 'web.yaml': 'memory: 2Gi\n', same: 's', later: 'l' });
  });

  test('is the trial merge also where its head is checked out', async () => {
    const { repository, head, base, merge } = behind();
    const commits = await openIn(checkOut(repository.url, head, 1), {
      trigger: pullRequest(base, head),
      commit: merge,
    });
    expect([commits.base.sha, commits.head.sha]).toEqual([base, merge]);
  });

  test('without a trial merge of its head is the head against where its branch began', async () => {
    const { repository, start, head, base, merge } = behind();
    const other = repository.commit({ 'web.yaml': 'memory: 3Gi\n', same: 's' }, head);
    for (const [sha, commit] of [
      [head, head],
      [other, merge],
    ] as const) {
      const root = checkOut(repository.url, sha, 0);
      const commits = await openIn(root, { trigger: pullRequest(base, sha), commit });
      expect([commits.base.sha, commits.head.sha]).toEqual([start, sha]);
      expect([...commits.changed]).toEqual(['web.yaml']);
    }
  });

  test('without its history is the head against the base of the event', async () => {
    const { repository, head, base } = behind();
    const commits = await openIn(checkOut(repository.url, head, 1), { trigger: pullRequest(base, head), commit: head });
    expect([commits.base.sha, commits.head.sha]).toEqual([base, head]);
    expect([...commits.changed].sort()).toEqual(['later', 'web.yaml']);
  });

  test('is no trial merge where that has more parents, or has them the other way round', async () => {
    const { repository, start, head, base } = behind();
    const third = repository.commit({ third: 't' }, start);
    const files = { 'web.yaml': 'memory: 2Gi\n' };
    for (const parents of [
      [base, head, third],
      [head, base],
    ]) {
      const commit = repository.commit(files, ...parents);
      const root = checkOut(repository.url, commit, 0);
      const commits = await openIn(root, { trigger: pullRequest(base, head), commit });
      expect([commits.base.sha, commits.head.sha]).toEqual([start, head]);
    }
  });

  test('keeps a whole history whole', async () => {
    const { repository, head, base } = behind();
    const root = checkOut(repository.url, head, 0);
    const newer = repository.commit({ 'web.yaml': 'memory: 1Gi\n', newer: 'n' }, base);
    await openIn(root, { trigger: pullRequest(newer, head), commit: head });
    expect(runGit(root, ['rev-parse', '--is-shallow-repository'])).toBe('false');
    expect(runGit(root, ['rev-list', '--count', newer])).toBe('3');
  });

  test('is found whatever grafts and replacements say', async () => {
    const { repository, start, head, base, merge } = behind();
    const root = checkOut(repository.url, merge, 0);
    runGit(root, ['replace', merge, start]);
    runGit(root, ['replace', `${base}^{tree}`, `${start}^{tree}`]);
    writeFileSync(join(root, '.git/info/grafts'), `${merge} ${start}\n`);
    const commits = await openIn(root, { trigger: pullRequest(base, head), commit: merge });
    expect([commits.base.sha, commits.head.sha]).toEqual([base, merge]);
    expect(await commits.base.read('later')).toBe('l');
  });
});

test('a checkout may be a work tree of another one, or belong to somebody else', async () => {
  const { repository, head, base, merge } = behind();
  const root = checkOut(repository.url, merge, 1);
  const tree = join(temporaryFolder(), 'tree');
  runGit(root, ['worktree', 'add', '--quiet', tree, merge]);
  if (process.getuid?.() === 0) for (const path of [root, join(root, '.git'), tree]) chownSync(path, 4711, 4711);
  for (const folder of [root, tree]) {
    const commits = await openIn(folder, { trigger: pullRequest(base, head), commit: merge });
    expect(commits.base.sha).toBe(base);
  }
});

describe('what is no pull request', () => {
  test.each([1, 0])('a merge group is its head against what it builds on (depth %i)', async (depth) => {
    const { repository, start, merge } = behind();
    const trigger: Trigger = { kind: 'merge group', base: { sha: start }, head: { sha: merge } };
    const commits = await openIn(checkOut(repository.url, merge, depth), { trigger, commit: merge });
    expect([commits.base.sha, commits.head.sha]).toEqual([start, merge]);
    expect([...commits.changed].sort()).toEqual(['later', 'web.yaml']);
  });

  test('a push is its end against its beginning, or against the first parent of its last commit', async () => {
    const { repository, start, base, merge } = behind();
    for (const [before, expected] of [
      [start, start],
      [undefined, base],
      [merge, base],
    ] as const) {
      const trigger: Trigger = { kind: 'push', ...(before === undefined ? {} : { before }) };
      const commits = await openIn(checkOut(repository.url, merge, 1), { trigger, commit: merge });
      expect([commits.base.sha, commits.head.sha]).toEqual([expected, merge]);
    }
  });

  test('anything else is the commit that is checked out, of which the first has no base', async () => {
    const { repository, start, head } = behind();
    const commits = await openIn(checkOut(repository.url, head, 1), { trigger: { kind: 'other' } });
    expect([commits.base.sha, commits.head.sha]).toEqual([start, head]);
    const first = await openIn(checkOut(repository.url, start, 1), { trigger: { kind: 'other' } });
    expect([first.base.sha, first.head.sha]).toEqual([undefined, start]);
    expect(await first.base.files.list()).toEqual([]);
    expect([...first.changed].sort()).toEqual(['same', 'web.yaml']);
  });
});

test('a checkout without contents gets those that it lacks', async () => {
  const { repository, head, base, merge } = behind();
  const root = checkOut(repository.url, merge, 1, '--filter=blob:none');
  const commits = await openIn(root, { trigger: pullRequest(base, head), commit: merge });
  expect(await contentsOf(commits.base)).toEqual({ 'web.yaml': 'memory: 1Gi\n', same: 's', later: 'l' });
  expect(await commits.shownLine('web.yaml', 1)).toBe(1);
});

test('a pull request that changes 3,500 files shows all of them', async () => {
  const repository = createRepository();
  const files = (memory: string) =>
    Object.fromEntries(Array.from({ length: 3500 }, (_, index) => [`k8s/${index}/web.yaml`, `memory: ${memory}\n`]));
  const base = repository.commit({ ...files('1Gi'), same: '' });
  const head = repository.commit({ ...files('2Gi'), same: '' }, base);
  const merge = repository.commit({ ...files('2Gi'), same: '' }, base, head);
  const root = checkOut(repository.url, merge, 1);
  const commits = await openIn(root, { trigger: pullRequest(base, head), commit: merge });
  expect(commits.changed.size).toBe(3500);
  expect(Object.keys(await contentsOf(commits.head))).toHaveLength(3501);
});

describe('ends in a sentence', () => {
  async function refusalOf(root: string, request: Pick<CommitsRequest, 'trigger'> & Partial<CommitsRequest>) {
    const thrown = await openIn(root, request).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UserError);
    return (thrown as UserError).message;
  }

  test('without a checkout, also below one, and in what only looks like one', async () => {
    const { repository, head } = behind();
    const below = join(checkOut(repository.url, head, 1), 'below');
    for (const root of [temporaryFolder(), below, repository.folder]) {
      expect(await refusalOf(root, { trigger: { kind: 'other' } })).toMatch(/no git repository.*actions\/checkout/);
    }
  });

  test('without a commit', async () => {
    const root = temporaryFolder();
    runGit(root, ['init', '--quiet']);
    expect(await refusalOf(root, { trigger: { kind: 'other' } })).toMatch(/has no commit/);
  });

  test('without git', async () => {
    const { repository, head } = behind();
    const environment = { path: temporaryFolder(), home: undefined, inherited: {} };
    const root = checkOut(repository.url, head, 1);
    expect(await refusalOf(root, { trigger: { kind: 'other' }, environment })).toMatch(/git was not found.*Install it/);
  });

  test('where the base is neither there nor to be fetched', async () => {
    const { repository, head, base, merge } = behind();
    const root = checkOut(repository.url, merge, 1);
    rmSync(repository.folder, { recursive: true });
    const said = await refusalOf(root, { trigger: pullRequest(base, head), commit: merge });
    expect(said).toMatch(
      new RegExp(`${base} \\(which the pull request merges into\\).*fetch it from origin: .*does not`),
    );
    expect(said).toMatch(/fetch-depth: 2.*contents: read/);
    expect(said).not.toContain('\n');
  });

  test('where not even the folders were checked out', async () => {
    const { repository, head, base, merge } = behind();
    const root = checkOut(repository.url, merge, 1, '--filter=tree:0');
    const said = await refusalOf(root, { trigger: pullRequest(base, head), commit: merge });
    expect(said).toMatch(/could not be listed.*filter: blob:none/);
  });

  test('where the remote knows no such commit', async () => {
    const { repository, merge } = behind();
    const before = 'f'.repeat(40);
    const said = await refusalOf(checkOut(repository.url, merge, 0), {
      trigger: { kind: 'push', before },
      commit: merge,
    });
    expect(said).toMatch(/before the push.*not our ref.*fetch-depth: 0/);
  });
});

describe('lines', () => {
  async function merged(depth: number) {
    const repository = createRepository();
    const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');
    const start = repository.commit({ web: text('a', 'limits', 'memory', 'z'), other: text('o') });
    const head = repository.commit({ web: text('a', 'z'), other: text('o'), 'own.yaml': text('new') }, start);
    const base = repository.commit(
      { web: text('top', 'a', 'limits', 'memory', 'z'), other: text('p'), more: text('m') },
      start,
    );
    const files = { web: text('top', 'a', 'z'), other: text('p'), more: text('m'), 'own.yaml': text('new') };
    const merge = repository.commit(files, base, head);
    const root = checkOut(repository.url, merge, depth);
    return { repository, root, request: { trigger: pullRequest(base, head), commit: merge } };
  }

  test.each([1, 2])('of the merge are shown where the head has them (depth %i)', async (depth) => {
    const { root, request } = await merged(depth);
    const { shownLine } = await openIn(root, request);
    expect(await Promise.all([1, 2, 3, 4, 0, -1].map((line) => shownLine('web', line)))).toEqual([
      undefined,
      1,
      2,
      ...[undefined, undefined, undefined],
    ]);
    expect(await shownLine('own.yaml', 1)).toBe(1);
    expect([await shownLine('other', 1), await shownLine('more', 1), await shownLine('none', 1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('are those of the merge where the head is not to be had', async () => {
    const { repository, root, request } = await merged(1);
    const trigger = request.trigger as Extract<Trigger, { kind: 'pull request' }>;
    runGit(root, ['fetch', '--quiet', '--depth=1', 'origin', trigger.base.sha]);
    rmSync(repository.folder, { recursive: true });
    const { shownLine } = await openIn(root, request);
    expect([await shownLine('web', 1), await shownLine('web', 3), await shownLine('web', 4)]).toEqual([
      1,
      3,
      undefined,
    ]);
  });

  test('are those of the merge also where only the base can be fetched', async () => {
    const { repository, root, request } = await merged(1);
    const { base } = request.trigger as Extract<Trigger, { kind: 'pull request' }>;
    const poor = createRepository();
    poor.git('fetch', '--quiet', '--depth=1', repository.url, base.sha);
    runGit(root, ['remote', 'set-url', 'origin', poor.url]);
    const commits = await openIn(root, request);
    expect([commits.base.sha, await commits.shownLine('web', 1)]).toEqual([base.sha, 1]);
  });

  test('that are gone stand where the next one is', async () => {
    const { root, request } = await merged(1);
    const { lineOfRemoval } = await openIn(root, request);
    expect(await Promise.all([2, 3, 4, 5].map((line) => lineOfRemoval('web', line)))).toEqual([2, 3, 3, 3]);
    expect(await lineOfRemoval('none', 1)).toBeUndefined();
  });
});
