import { expect, test } from 'vitest';
import { type Marker, readMarker, replaceMarker } from '../../src/deliver/marker.ts';
import type { FakeRequest } from '../github-server/server.mjs';
import {
  changeOf,
  defaultFiles,
  git,
  manifest,
  openScene,
  type RunOptions,
  run,
  type Scene,
  writesSince,
} from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const CART = changeOf({ namespace: 'shop', name: 'cart' });

/** A job over `pigo-rel`, which wants more for nacos, and one over `shop`, which wants more for cart. */
const PIGO: RunOptions = { scope: { namespaces: ['pigo-rel'] } };
const SHOP: RunOptions = { scope: { namespaces: ['shop'] }, changes: [CART] };
const NOTHING = { changes: [] };

const openShared = () => openScene({ ...defaultFiles(), 'k8s/shop/cart.yaml': manifest('cart', 2000, 1000) });

/** Runs, and expects that nothing was written nor told. */
async function expectNothing(scene: Scene, options: RunOptions): Promise<void> {
  const start = scene.server.requests.length;
  expect(await run(scene.github, options)).toEqual([]);
  expect(writesSince(scene, start)).toEqual([]);
}

/** Gives the pull request the marker that another version of the action would have written. */
function rewriteMarker(scene: Scene, change: (marker: Marker) => Marker): void {
  for (const pull of scene.server.pulls) {
    const marker = readMarker(pull.body);
    if (marker !== undefined) pull.body = replaceMarker(pull.body ?? '', change(marker));
  }
}

test("jobs over other namespaces leave each other's pull requests alone, and each closes its own", async () => {
  const scene = await openShared();
  await run(scene.github, PIGO);
  expect(await run(scene.github, SHOP)).toMatchObject([{ state: 'opened', number: 2 }]);
  expect(await run(scene.github, PIGO)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  await expectNothing(scene, { ...SHOP, ...NOTHING, scope: { namespaces: ['other'] } });
  expect(await run(scene.github, { ...SHOP, ...NOTHING })).toMatchObject([{ state: 'closed', number: 2 }]);
  expect(await run(scene.github, { ...PIGO, ...NOTHING })).toMatchObject([{ state: 'closed', number: 1 }]);
});

test.each([
  ['every namespace', { namespaces: ['*'] }],
  ['a pattern that matches', { namespaces: ['pigo-*'] }],
])('a run over %s closes what is no longer needed there, though nothing runs there', async (_what, scope) => {
  const scene = await openShared();
  await run(scene.github, PIGO);
  expect(await run(scene.github, { ...NOTHING, scope })).toMatchObject([{ state: 'closed', number: 1 }]);
});

test('a namespace that was left out or could not be read is not one that was looked at', async () => {
  const scene = await openShared();
  await run(scene.github, PIGO);
  await expectNothing(scene, { ...NOTHING, scope: { namespaces: ['*'], except: ['pigo-rel'] } });
});

test('jobs with other selectors leave each other alone; one without a selector looks at all', async () => {
  const scene = await openShared();
  const team = (selector?: string) => ({ namespaces: ['pigo-rel'], selector });
  await run(scene.github, { scope: team('team=a') });
  await expectNothing(scene, { ...NOTHING, scope: team('team=b') });
  expect(await run(scene.github, { ...NOTHING, scope: team('team=a') })).toMatchObject([
    { state: 'closed', number: 1 },
  ]);
  await run(scene.github, { scope: team() });
  await expectNothing(scene, { ...NOTHING, scope: team('team=a') });
  expect(await run(scene.github, { ...NOTHING, scope: team() })).toMatchObject([{ state: 'closed', number: 2 }]);
  await run(scene.github, { scope: team('team=a') });
  expect(await run(scene.github, { ...NOTHING, scope: team() })).toMatchObject([{ state: 'closed', number: 3 }]);
});

test('clusters whose branches lie in one folder leave each other alone', async () => {
  const scene = await openShared();
  await run(scene.github, { clusterName: 'east' });
  const other = { branchPrefix: 'memory/east' };
  await expectNothing(scene, { ...NOTHING, ...other });
  const start = scene.server.requests.length;
  const [result] = await run(scene.github, { changes: [changeOf({ limit: 4096 })], ...other });
  expect(result).toMatchObject({ state: 'unchanged', number: 1, why: expect.stringContaining('cluster-name') });
  expect(writesSince(scene, start)).toEqual([]);
});

test('a marker of an earlier version is judged by the namespaces of its changes', async () => {
  const scene = await openShared();
  await run(scene.github, PIGO);
  rewriteMarker(scene, ({ scope: _, ...before }) => before);
  await expectNothing(scene, { ...SHOP, ...NOTHING });
  await expectNothing(scene, { ...NOTHING, scope: { namespaces: ['pigo-rel'], selector: 'team=a' } });
  expect(await run(scene.github, { ...PIGO, ...NOTHING })).toMatchObject([{ state: 'closed', number: 1 }]);
});

test('what another job has open counts for the limit', async () => {
  const scene = await openShared();
  await run(scene.github, PIGO);
  expect(await run(scene.github, { ...SHOP, limit: 1 })).toMatchObject([{ state: 'over the limit' }]);
});

test('a pull request that two jobs share keeps what this one did not look at, and says how to part them', async () => {
  const scene = await openShared();
  await run(scene.github, { ...PIGO, grouping: 'all' });
  const start = scene.server.requests.length;
  const [result] = await run(scene.github, { ...SHOP, grouping: 'all' });
  expect(result).toMatchObject({ state: 'unchanged', number: 1 });
  expect(result?.why).toMatch(/pigo-rel\/Deployment\/nacos\/nacos.*pull-request-branch-prefix.*cluster-name/);
  await expectNothing(scene, { ...SHOP, ...NOTHING, grouping: 'all' });
  expect(writesSince(scene, start)).toEqual([]);
  expect(await run(scene.github, { ...SHOP, grouping: 'all', branchPrefix: 'shop' })).toMatchObject([
    { state: 'opened', branch: 'shop/raise' },
  ]);
});

test('so it is with two selectors in one namespace', async () => {
  const scene = await openShared();
  const web = changeOf({ name: 'web', limit: 704, request: 512, now: { limit: 500, request: 100 } });
  const team = (selector: string) => ({ grouping: 'namespace', scope: { selector } }) as const;
  await run(scene.github, team('team=a'));
  const start = scene.server.requests.length;
  expect(await run(scene.github, { ...team('team=b'), changes: [web] })).toMatchObject([
    { state: 'unchanged', number: 1, why: expect.stringContaining('pull-request-branch-prefix') },
  ]);
  expect(writesSince(scene, start)).toEqual([]);
});

test('two jobs at once that share a pull request end in one of them, and the next runs agree', async () => {
  const scene = await openShared();
  const both = [PIGO, SHOP].map((job) => ({ ...job, grouping: 'all' }) as const);
  await Promise.all(both.map((job) => run(scene.connect(), job)));
  for (const job of both) await run(scene.github, job);
  const results = await Promise.all(both.map((job) => run(scene.connect(), job)));
  expect(results.flat().map(({ state }) => state)).toEqual(['unchanged', 'unchanged']);
  expect(scene.server.pulls.filter(({ state }) => state === 'open')).toHaveLength(1);
  const [pull] = scene.server.pulls;
  const told = readMarker(pull?.body)?.changes[0]?.[0] === 'shop/Deployment/cart/cart' ? 'shop/cart' : 'pigo-rel/nacos';
  expect(git(scene, 'diff', '--name-only', 'main', 'memory/raise')).toBe(`k8s/${told}.yaml`);
});

test('a shared pull request whose update was cut off is left for the job that began it', async () => {
  const scene = await openShared();
  await run(scene.github, { ...PIGO, grouping: 'all' });
  const isUpdate = ({ method, path }: FakeRequest) => method === 'PATCH' && path.includes('/pulls/');
  scene.server.faults.add({ on: isUpdate, answer: 'drop', times: 100 });
  const far = { ...PIGO, grouping: 'all', changes: [changeOf({ limit: 4096 })] } as const;
  expect(await run(scene.github, far)).toMatchObject([{ state: 'failed' }]);
  scene.server.faults.clear();
  expect(await run(scene.github, { ...SHOP, grouping: 'all' })).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(await scene.server.readText('memory/raise', 'k8s/pigo-rel/nacos.yaml')).toContain('4096Mi');
  expect(await run(scene.github, far)).toMatchObject([{ state: 'updated', number: 1 }]);
});

test('the branch that is left over from another job is left to it', async () => {
  const scene = await openShared();
  await run(scene.github, PIGO);
  await scene.server.mergePull(1, { method: 'squash' });
  await expectNothing(scene, { ...SHOP, ...NOTHING });
  expect(git(scene, 'rev-parse', '--verify', BRANCH)).toBeTruthy();
  await run(scene.github, { ...PIGO, ...NOTHING });
  expect(git(scene, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
});

test('so is the branch of a run that died before it opened its pull request', async () => {
  const scene = await openShared();
  scene.server.faults.notPermittedToCreatePullRequests();
  await run(scene.github, PIGO);
  scene.server.faults.clear();
  await expectNothing(scene, { ...SHOP, ...NOTHING });
  await expectNothing(scene, { ...NOTHING, scope: { namespaces: ['pigo-rel'], selector: 'team=a' } });
  expect(git(scene, 'rev-parse', '--verify', BRANCH)).toBeTruthy();
  await run(scene.github, { ...PIGO, ...NOTHING });
  expect(git(scene, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
});
