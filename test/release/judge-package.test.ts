import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judgePackage } from '../../scripts/release/judge-package.mjs';

const described = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const paths = [
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'action.yml',
  'package.json',
  'dist/index.js',
  'bin/run.js',
];
const packed = {
  filename: 'a.tgz',
  size: 1_000_000,
  unpackedSize: 4_000_000,
  files: paths.map((path) => ({ path, size: 1 })),
};
const command = { 'kubernetes-memory-inspector': 'bin/run.js' };

test('takes a package of this project that holds its command', () => {
  expect(judgePackage(packed, { ...described, bin: command })).toEqual([]);
});

test('names what does not belong there, what is missing and what would not be published or installed alone', () => {
  const other = { bin: { a: 'bin/b.js' }, private: true, dependencies: { zod: '4' } };
  const files = [...packed.files, { path: 'test/a.test.ts', size: 1 }, { path: '.npmrc', size: 1 }];
  expect(judgePackage({ ...packed, files, size: 3_000_000 }, other)).toEqual([
    'test/a.test.ts does not belong into the package: see "files" in package.json.',
    '.npmrc does not belong into the package: see "files" in package.json.',
    'The package lacks bin/b.js.',
    'The package has 3000000 bytes, more than 2097152.',
    'package.json is private: it cannot be published.',
    'package.json has dependencies: all that is used is in dist/, so they belong to devDependencies.',
    'package.json: "publishConfig.access" is not public.',
  ]);
});
