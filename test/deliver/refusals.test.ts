import { expect, test } from 'vitest';
import { bytes } from '../../src/bytes.ts';
import { readMarker, replaceMarker } from '../../src/deliver/marker.ts';
import { changeOf, defaultFiles, manifest, moveChange, NACOS, openScene, run, type Scene } from './scene.ts';

const BRANCH = 'memory/raise.pigo-rel.deployment.nacos';
const WEB = changeOf({ name: 'web', limit: 704, request: 512, now: { limit: 500, request: 100 }, level: 'yellow' });
const DECLINED = [{ state: 'declined', number: 1 }];
const SOON = Date.parse('2026-02-01T00:00:00Z') / 1000;

async function openAndClose(close: (scene: Scene) => unknown, labels: readonly string[] = []): Promise<Scene> {
  const scene = await openScene();
  await run(scene.github, { labels });
  await close(scene);
  return scene;
}

function editBody(scene: Scene, edit: (body: string) => string): void {
  for (const pull of scene.server.pulls) pull.body = edit(pull.body ?? '');
}

test.each<[string, (scene: Scene) => unknown]>([
  ['by the button', (scene) => scene.server.closePull(1)],
  ['by deleting its branch', (scene) => scene.server.deleteBranch(BRANCH)],
  [
    'after its body was replaced',
    (scene) => {
      editBody(scene, () => 'We do not want this.');
      scene.server.closePull(1);
    },
  ],
  [
    'after its marker was removed',
    (scene) => {
      editBody(scene, (body) => body.replace(/<!-- kubernetes-memory-inspector:v1 .*-->/, ''));
      scene.server.closePull(1);
    },
  ],
  [
    'after a run had been about to close it',
    (scene) => {
      editBody(scene, (body) => {
        const marker = readMarker(body);
        return marker === undefined ? body : replaceMarker(body, { ...marker, closedByRun: true });
      });
      scene.server.closePull(1);
    },
  ],
])('closed %s, it is not proposed again', async (_how, close) => {
  const scene = await openAndClose(close);
  expect(await run(scene.github)).toMatchObject(DECLINED);
  expect(await run(scene.github, { changes: [WEB], grouping: 'all' })).toMatchObject([{ state: 'opened', number: 2 }]);
});

test.each([
  ['prefix', { branchPrefix: 'bots' }],
  ['grouping', { grouping: 'all' }],
  ['cluster name', { clusterName: 'east' }],
] as const)('a no is heard after the %s has changed', async (_what, options) => {
  const scene = await openAndClose(({ server }) => server.closePull(1));
  expect(await run(scene.github, options)).toMatchObject(DECLINED);
});

test('a no about another file of another cluster is not a no', async () => {
  const scene = await openScene({ ...defaultFiles(), 'k8s/west/nacos.yaml': manifest('nacos', 2000, 1000) });
  await run(scene.github, { clusterName: 'east' });
  scene.server.closePull(1);
  const west = moveChange(changeOf(), 'k8s/west/nacos.yaml');
  expect(await run(scene.github, { clusterName: 'west', changes: [west] })).toMatchObject([{ state: 'opened' }]);
});

test('what a run closed, a person opened again and closed is a no', async () => {
  const scene = await openScene();
  await run(scene.github);
  await run(scene.github, { changes: [] });
  for (const pull of scene.server.pulls) {
    expect(pull.state).toBe('closed');
    pull.state = 'open';
  }
  scene.server.closePull(1);
  expect(await run(scene.github)).toMatchObject(DECLINED);
});

test.each(['merge', 'squash'] as const)('after a %s and a revert it is not proposed again', async (method) => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.mergePull(1, { method, deleteBranch: true });
  await scene.server.commitFiles(
    'main',
    { [NACOS]: manifest('nacos', 2000, 1000) },
    { message: 'Revert "Raise memory"' },
  );
  const [result] = await run(scene.github);
  expect(result).toMatchObject({ state: 'declined', number: 1, why: expect.stringContaining('taken back') });
  const killed = changeOf({ evidence: { used: bytes(1), oomKilledAt: Date.parse('2026-06-01') / 1000 } });
  expect(await run(scene.github, { changes: [killed] })).toMatchObject([{ state: 'opened', number: 2 }]);
});

test('a merged change that is not enough any more is proposed anew', async () => {
  const scene = await openScene();
  await run(scene.github);
  await scene.server.mergePull(1, { deleteBranch: true });
  const more = changeOf({ now: { limit: 2560, request: 1536 }, limit: 3328, request: 2048 });
  expect(await run(scene.github, { changes: [more] })).toMatchObject([{ state: 'opened', number: 2 }]);
});

test('a no is heard though the list is still behind', async () => {
  const scene = await openScene();
  await run(scene.github, { changes: [changeOf({ limit: 4096 })] });
  scene.server.state.listLag = 1;
  scene.server.closePull(1);
  expect(await run(scene.github)).toMatchObject(DECLINED);
  expect(scene.server.pulls).toHaveLength(1);
});

test('a no that was said with "snooze" ends with its days; "rebase" takes one back', async () => {
  const scene = await openAndClose(({ server }) => {
    server.label(1, 'memory-inspector/snooze-90d');
    server.closePull(1);
  });
  expect(await run(scene.github, { at: SOON })).toMatchObject(DECLINED);
  expect(await run(scene.github, { at: SOON + 90 * 86_400 })).toMatchObject([{ state: 'opened', number: 2 }]);
  scene.server.closePull(2);
  expect(await run(scene.github)).toMatchObject([{ state: 'declined', number: 2 }]);
  scene.server.label(2, 'memory-inspector/rebase');
  expect(await run(scene.github)).toMatchObject([{ state: 'opened', number: 3 }]);
});
