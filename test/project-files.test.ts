import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['-C', root, 'ls-files', '-z', '.github', 'docs', 'action.yml'], { encoding: 'utf8' })
  .split('\0')
  .filter((path) => /\.ya?ml$/.test(path));

test.each(files)('%s is YAML that GitHub and kubectl take', (path) => {
  const documents = parseAllDocuments(readFileSync(`${root}/${path}`, 'utf8'));
  expect([...documents].flatMap(({ errors }) => errors)).toEqual([]);
});

// Of the colours and icons only those that the Marketplace draws.
const COLOURS = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark'];
const ICONS = ['activity', 'bar-chart', 'bar-chart-2', 'cpu', 'hard-drive', 'server', 'thermometer', 'trending-up'];

test('action.yml has what a listing on the Marketplace asks for', () => {
  const { name, description, author, branding, runs } = parse(readFileSync(`${root}/action.yml`, 'utf8'));
  expect(name).toMatch(/^[A-Z][A-Za-z ]{1,79}$/);
  expect(description.length).toBeLessThan(125);
  expect(author.length).toBeGreaterThan(0);
  expect(COLOURS).toContain(branding.color);
  expect(ICONS).toContain(branding.icon);
  expect(existsSync(`${root}/${runs.main}`)).toBe(true);
  expect(['README.md', 'LICENSE'].filter((file) => !existsSync(`${root}/${file}`))).toEqual([]);
  const metadata = execFileSync('git', ['-C', root, 'ls-files', 'action.yml', 'action.yaml'], { encoding: 'utf8' });
  expect(metadata).toBe('action.yml\n');
});
