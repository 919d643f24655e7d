import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeOf, git, NACOS, openScene, run, writesSince } from './scene.ts';

test('a dry run writes nothing and shows what git apply takes', async () => {
  const scene = await openScene();
  const start = scene.server.requests.length;
  const [result] = await run(scene.github, { dryRun: true });
  expect(result).toMatchObject({ state: 'dry run' });
  expect(writesSince(scene, start)).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), 'dry-'));
  execFileSync('git', ['clone', '--quiet', scene.gitDir, folder]);
  execFileSync('git', ['apply'], { cwd: folder, input: result?.diff });
  const diff = execFileSync('git', ['diff'], { cwd: folder, encoding: 'utf8' });
  expect(diff.split('\n').filter((line) => /^[+-] /.test(line))).toEqual([
    '-    limits: {memory: 2000Mi}',
    '-    requests: {memory: 1000Mi}',
    '+    limits: {memory: 2560Mi}',
    '+    requests: {memory: 1536Mi}',
  ]);
  rmSync(folder, { recursive: true });
});

test('a dry run says what would become of each pull request', async () => {
  const scene = await openScene();
  const web = changeOf({ name: 'web', now: { limit: 500, request: 100 }, limit: 704, request: 512, level: 'yellow' });
  await run(scene.github);
  const start = scene.server.requests.length;
  expect(await run(scene.github, { dryRun: true, changes: [changeOf(), web], limit: 1 })).toMatchObject([
    { state: 'unchanged' },
    { state: 'over the limit' },
  ]);
  expect(await run(scene.github, { dryRun: true, changes: [] })).toMatchObject([
    { state: 'dry run', number: 1, why: expect.stringContaining('would be closed') },
  ]);
  scene.server.closePull(1);
  expect(await run(scene.github, { dryRun: true })).toMatchObject([{ state: 'declined' }]);
  expect(writesSince(scene, start)).toEqual([]);
  expect(git(scene, 'show', `main:${NACOS}`)).toContain('2000Mi');
});
