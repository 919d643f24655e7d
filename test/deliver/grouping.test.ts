import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../src/bytes.ts';
import { branchFolder, branchSlug } from '../../src/deliver/branch-names.ts';
import {
  changeOf,
  defaultFiles,
  git,
  manifest,
  many,
  moveChange,
  NACOS,
  openScene,
  run,
  writesSince,
} from './scene.ts';

test('at most so many are open, the most urgent first, whatever the order they come in', async () => {
  const { files, changes } = many(3);
  const scene = await openScene({ ...files, [NACOS]: manifest('nacos', 2000, 1000) });
  const all = [...changes, changeOf()];
  const results = await run(scene.github, { changes: all, limit: 2 });
  expect(results.map(({ state }) => state)).toEqual(['opened', 'opened', 'over the limit', 'over the limit']);
  expect(results[0]?.suggestions).toEqual(['pigo-rel/Deployment/nacos/nacos']);
  expect((await run(scene.github, { changes: all, limit: 2 })).map(({ state }) => state)).toEqual([
    'unchanged',
    'unchanged',
    'over the limit',
    'over the limit',
  ]);
  await scene.server.mergePull(1, { deleteBranch: true });
  const after = await run(scene.github, { changes: changes, limit: 2 });
  expect(after.map(({ state }) => state).sort()).toEqual(['opened', 'over the limit', 'unchanged']);
});

test('raising and lowering never share a pull request', async () => {
  const scene = await openScene();
  const lower = changeOf({
    name: 'web',
    now: { limit: 500, request: 100 },
    limit: 256,
    request: 64,
    direction: 'lower',
    level: 'yellow',
  });
  const results = await run(scene.github, { grouping: 'all', changes: [lower, changeOf()] });
  expect(results.map(({ branch }) => branch)).toEqual(['memory/raise', 'memory/lower']);
  expect(git(scene, 'diff', '--name-only', 'main', 'memory/lower')).toBe('k8s/pigo-rel/web.yaml');
});

test('a namespace in one pull request, many files in one commit', async () => {
  const { files, changes } = many(4);
  const scene = await openScene(files);
  expect(await run(scene.github, { grouping: 'namespace', changes })).toMatchObject([
    { state: 'opened', branch: 'memory/raise.pigo-rel', title: 'Raise memory of 4 workloads in pigo-rel' },
  ]);
  expect(git(scene, 'diff', '--shortstat', 'main', 'memory/raise.pigo-rel')).toContain('4 files changed');
});

test('a change that cannot be made fails alone', async () => {
  const { files, changes } = many(2);
  const scene = await openScene({ ...files, '.github/workflows/x.yaml': 'a: 1' });
  const change = changeOf({ name: 'bad' });
  const edits = [{ path: '.github/workflows/x.yaml', start: 0, end: 1, replacement: 'b' }];
  const bad = { ...change, location: { ...change.location, edits } };
  const results = await run(scene.github, { grouping: 'all', changes: [bad, ...changes] });
  expect(results).toMatchObject([
    { state: 'opened', suggestions: ['pigo-rel/Deployment/app-0/app-0', 'pigo-rel/Deployment/app-1/app-1'] },
    { state: 'failed', why: '.github/workflows/x.yaml is never edited' },
  ]);
});

test('an edit that two changes have in common is made once', async () => {
  const scene = await openScene();
  const one = changeOf();
  const { suggestion } = one.location;
  const twin = { ...one, location: { ...one.location, suggestion: { ...suggestion, container: 'sidecar' } } };
  expect(await run(scene.github, { changes: [one, twin] })).toMatchObject([
    {
      state: 'opened',
      suggestions: ['pigo-rel/Deployment/nacos/nacos', 'pigo-rel/Deployment/nacos/sidecar'],
    },
  ]);
  const text = await scene.server.readText('memory/raise.pigo-rel.deployment.nacos', NACOS);
  expect(text).toBe(manifest('nacos', 2560, 1536));
});

test('an incomplete run does not take a change out of a grouped pull request', async () => {
  const { files, changes } = many(2);
  const scene = await openScene(files);
  await run(scene.github, { grouping: 'all', changes });
  const before = git(scene, 'rev-parse', 'memory/raise');
  expect(await run(scene.github, { grouping: 'all', changes: changes.slice(1), complete: false })).toMatchObject([
    { state: 'unchanged' },
  ]);
  expect(git(scene, 'rev-parse', 'memory/raise')).toBe(before);
  expect(await run(scene.github, { grouping: 'all', changes: changes.slice(1) })).toMatchObject([{ state: 'updated' }]);
});

test('a change that could not be judged stays in a grouped pull request', async () => {
  const { files, changes } = many(2);
  const scene = await openScene(files);
  await run(scene.github, { grouping: 'all', changes });
  const start = scene.server.requests.length;
  const key = 'pigo-rel/Deployment/app-0/app-0';
  const needs = { doubts: new Map([[key, 'not judged' as const]]), declared: new Map([[key, {}]]) };
  expect(await run(scene.github, { grouping: 'all', changes: changes.slice(1), needs })).toMatchObject([
    { state: 'unchanged' },
  ]);
  expect(writesSince(scene, start)).toEqual([]);
});

test('what an incomplete run did not see counts for the limit', async () => {
  const { files, changes } = many(2);
  const scene = await openScene(files);
  await run(scene.github, { changes: changes.slice(0, 1), limit: 1 });
  expect(await run(scene.github, { changes: changes.slice(1), limit: 1, complete: false })).toMatchObject([
    { state: 'over the limit' },
  ]);
});

test("clusters that share a file do not touch each other's branches, and none proposes what another has open", async () => {
  const scene = await openScene();
  await run(scene.github, { clusterName: 'east' });
  expect(scene.server.pulls[0]?.title).toMatch(/^east: Raise memory of/);
  const elsewhere = { state: 'unchanged', number: 1, why: expect.stringContaining('another cluster') };
  expect(await run(scene.github, { clusterName: 'west' })).toMatchObject([elsewhere]);
  expect(await run(scene.github, { clusterName: 'west', changes: [] })).toEqual([]);
  // What is needed much more of there is proposed for itself.
  const more = { clusterName: 'west', changes: [changeOf({ limit: 4096 })] };
  expect(await run(scene.github, more)).toMatchObject([{ state: 'opened', number: 2 }]);
  expect(await run(scene.github, { clusterName: 'east', changes: [] })).toMatchObject([{ state: 'closed', number: 1 }]);
  expect(scene.server.pulls.map(({ state }) => state)).toEqual(['closed', 'open']);
});

test('clusters with files of their own each have their pull request', async () => {
  const scene = await openScene({ ...defaultFiles(), 'k8s/west/nacos.yaml': manifest('nacos', 2000, 1000) });
  const west = moveChange(changeOf(), 'k8s/west/nacos.yaml');
  expect(await run(scene.github, { clusterName: 'east' })).toMatchObject([{ state: 'opened', number: 1 }]);
  const options = { clusterName: 'west', changes: [west] };
  expect(await run(scene.github, options)).toMatchObject([{ state: 'opened', number: 2 }]);
  scene.server.closePull(1);
  expect(await run(scene.github, options)).toMatchObject([{ state: 'unchanged', number: 2 }]);
});

test('a branch in the way is named', async () => {
  const scene = await openScene();
  await scene.server.commitFiles('memory', { 'x.txt': 'x' }, { parent: git(scene, 'rev-parse', 'main') });
  const [result] = await run(scene.github);
  expect(result).toMatchObject({ state: 'failed' });
  expect(result?.why).toContain('the branch memory conflicts with the name');
  expect(result?.why).toContain('pull-request-branch-prefix');
});

test('a file keeps its mode, its line ends and its byte order mark', async () => {
  const text = `\ufeff${manifest('nacos', 2000, 1000)}`.replace(/\n/g, '\r\n');
  const scene = await openScene({ [NACOS]: { mode: '100755', content: text } });
  const change = changeOf();
  const edits = [
    { path: NACOS, start: text.indexOf('2000Mi'), end: text.indexOf('2000Mi') + 6, replacement: '2560Mi' },
    { path: NACOS, start: text.indexOf('1000Mi'), end: text.indexOf('1000Mi') + 6, replacement: '1536Mi' },
  ];
  await run(scene.github, { changes: [{ ...change, location: { ...change.location, edits } }] });
  const branch = 'memory/raise.pigo-rel.deployment.nacos';
  expect(git(scene, 'ls-tree', branch, NACOS)).toMatch(/^100755 /);
  expect(await scene.server.readText(branch, NACOS)).toBe(text.replace('2000Mi', '2560Mi').replace('1000Mi', '1536Mi'));
});

test('the fullest of two equals comes first', async () => {
  const { files, changes } = many(2);
  const scene = await openScene(files);
  const [first, second] = changes;
  if (first === undefined || second === undefined) throw new Error('two are needed');
  const fuller = { ...second, evidence: { used: bytes(99 * 1024 ** 2) } };
  const emptier = { ...first, evidence: { used: bytes(90 * 1024 ** 2) } };
  const results = await run(scene.github, { changes: [emptier, fuller], limit: 1 });
  expect(results.map(({ suggestions }) => suggestions[0])).toEqual([
    'pigo-rel/Deployment/app-1/app-1',
    'pigo-rel/Deployment/app-0/app-0',
  ]);
});

test('whatever things are called, branches are valid, apart, and none is the folder of another', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('a.b', 'a..b', 'x.lock', '.a', '-', 'raise', 'Ä', 'a/b', '@{', 'lower.x'),
  );
  const names = fc.record({
    prefix: texts,
    cluster: fc.option(texts, { nil: undefined }),
    namespace: texts,
    kind: texts,
    name: texts,
  });
  const branchOf = (one: { prefix: string; cluster?: string; namespace: string; kind: string; name: string }) =>
    branchFolder({ branchPrefix: one.prefix, clusterName: one.cluster }) +
    branchSlug('raise', 'workload', { namespace: one.namespace, group: '', kind: one.kind, name: one.name });
  fc.assert(
    fc.property(names, names, (a, b) => {
      const [left, right] = [branchOf(a), branchOf(b)];
      execFileSync('git', ['check-ref-format', `refs/heads/${left}`]);
      if (a.prefix === b.prefix) expect(left.startsWith(`${right}/`)).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test('hundreds of changes go into one pull request', { timeout: 120_000 }, async () => {
  const { files, changes } = many(401);
  const scene = await openScene(files);
  expect(await run(scene.github, { grouping: 'all', changes })).toMatchObject([{ state: 'opened', number: 1 }]);
  expect(scene.server.pulls[0]?.body?.length).toBeLessThan(65_536);
  expect(await run(scene.github, { grouping: 'all', changes })).toMatchObject([{ state: 'unchanged', number: 1 }]);
});
