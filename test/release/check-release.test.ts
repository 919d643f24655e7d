import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { git, repository, runScript, scratch, write } from './scratch.ts';

const changelog =
  '# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-01-01\n\n- It does more.\n\n## 1.1.0 - 2025-01-01\n\n- a\n';
const described = (owner: string, version: string) =>
  JSON.stringify({ version, repository: { url: `git+https://github.com/${owner}/inspector.git` } });

function project(owner: string, version = '1.2.0') {
  const folder = repository({
    'CHANGELOG.md': changelog,
    'package.json': described(owner, version),
    'README.md': `uses: ${owner}/inspector@v1\n`,
    'dist/index.js': `// ${owner}/inspector\n`,
  });
  const origin = scratch();
  git(origin, 'init', '--quiet', '--bare');
  git(folder, 'remote', 'add', 'origin', origin);
  return folder;
}

test('lets a version be released that is new, and hands its tags and notes on', () => {
  const folder = project('shop');
  git(folder, 'tag', 'v1.1.0');
  git(folder, 'push', '--quiet', 'origin', 'v1.1.0');
  const env = { GITHUB_REF_NAME: 'main', GITHUB_OUTPUT: `${folder}/output` };
  const { status, complaints } = runScript(folder, 'check-release.mjs', ['--notes', 'notes.md'], env);
  expect({ status, complaints }).toEqual({ status: 0, complaints: [] });
  expect(readFileSync(`${folder}/output`, 'utf8')).toBe('version=1.2.0\ntag=v1.2.0\nmajor=v1\n');
  expect(readFileSync(`${folder}/notes.md`, 'utf8')).toBe('- It does more.\n');
});

test('says everything that is in the way, and what to do', () => {
  const folder = project('OWNER', '1.1.0');
  for (const tag of ['v1.2.0', 'v1.10.0', 'v1']) git(folder, 'tag', tag);
  git(folder, 'push', '--quiet', '--tags', 'origin');
  write(folder, { 'CHANGELOG.md': changelog.replace('2026-01-01', '9026-01-01').replace('- It does more.', '') });
  const { status, complaints } = runScript(folder, 'check-release.mjs', [], { GITHUB_REF_NAME: 'next' });
  expect(status).toBe(1);
  expect(complaints).toEqual([
    'No owner is set in README.md, package.json: run "node scripts/set-owner.mjs NAME" and commit.',
    'package.json says 1.1.0, CHANGELOG.md 1.2.0: run "npm version --no-git-tag-version 1.2.0".',
    'Releases are made from main, not from next.',
    'v1.2.0 exists already: give what is new a version of its own in CHANGELOG.md.',
    'v1.10.0 exists, and 1.2.0 is older: the newest version is released last.',
    'CHANGELOG.md does not say what is new in 1.2.0.',
    'CHANGELOG.md dates 1.2.0 to 9026-01-01, which is still to come.',
  ]);
});

test('an owner is set everywhere by one command, and then nothing is in the way', () => {
  const folder = project('OWNER');
  expect(runScript(folder, 'set-owner.mjs', ['a b']).status).toBe(1);
  expect(runScript(folder, 'set-owner.mjs', ['shop']).out).toMatch(/^wrote README.md\nwrote package.json\n/);
  expect(readFileSync(`${folder}/README.md`, 'utf8')).toBe('uses: shop/inspector@v1\n');
  expect(runScript(folder, 'check-release.mjs', [], { GITHUB_REF_NAME: 'main' })).toMatchObject({
    status: 0,
    complaints: [],
  });
});
