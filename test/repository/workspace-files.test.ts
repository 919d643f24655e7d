import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { openWorkspace } from '../../src/repository/workspace.ts';
import { readWorkspaceFiles } from '../../src/repository/workspace-files.ts';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openRepository(paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'workspace-'));
  made.push(root);
  execFileSync('git', ['init', '--quiet', root]);
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${path}\n`);
  }
  execFileSync('git', ['-C', root, 'add', '--all']);
  return root;
}

function read(root: string) {
  return readWorkspaceFiles(openWorkspace(root), { path: process.env.PATH, home: root });
}

test('lists what git knows, whatever the names are, and nothing else', async () => {
  const paths = [
    'a.yaml',
    'k8s/ü/web.yaml',
    'quo"te.yaml',
    'back\\slash.yaml',
    'ta\tb.yaml',
    'new\nline.yaml',
    '🔥.yaml',
  ];
  const root = openRepository(paths);
  writeFileSync(join(root, 'untracked.yaml'), 'x');
  const listed = await read(root);
  expect((await listed?.files.list())?.map(({ path }) => path).sort()).toEqual([...paths].sort());
  expect(Buffer.from((await listed?.files.read('quo"te.yaml')) ?? []).toString()).toBe('quo"te.yaml\n');
});

test('any name that git takes is read as it is', async () => {
  const part = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/[\0/]|^\.{1,2}$|^\.git/i.test(text) && text.isWellFormed());
  await fc.assert(
    fc.asyncProperty(part, async (name) => {
      const listed = await read(openRepository([`x${name}`]));
      expect((await listed?.files.list())?.map(({ path }) => path)).toEqual([`x${name}`]);
    }),
    { numRuns: 25 },
  );
});

test('is nothing where there is no repository', async () => {
  const root = mkdtempSync(join(tmpdir(), 'workspace-'));
  made.push(root);
  expect(await read(root)).toBeUndefined();
});
