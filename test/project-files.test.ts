import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['-C', root, 'ls-files', '-z', '.github', 'docs', 'action.yml'], { encoding: 'utf8' })
  .split('\0')
  .filter((path) => /\.ya?ml$/.test(path));

test.each(files)('%s is YAML that GitHub and kubectl take', (path) => {
  const documents = parseAllDocuments(readFileSync(`${root}/${path}`, 'utf8'));
  expect([...documents].flatMap(({ errors }) => errors)).toEqual([]);
});
