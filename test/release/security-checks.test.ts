import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

/* docs/SECURITY-CHECKS.md says where each of Scorecard's checks is met: what it names must be there, and hold what it says. */

const CHECKS = [
  'Binary-Artifacts',
  'Branch-Protection',
  'CI-Tests',
  'CII-Best-Practices',
  'Code-Review',
  'Contributors',
  'Dangerous-Workflow',
  'Dependency-Update-Tool',
  'Fuzzing',
  'License',
  'Maintained',
  'Packaging',
  'Pinned-Dependencies',
  'SAST',
  'SBOM',
  'Security-Policy',
  'Signed-Releases',
  'Token-Permissions',
  'Vulnerabilities',
  'Webhooks',
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');
const page = read('docs/SECURITY-CHECKS.md');
const rows = page.split('\n').flatMap((line) => {
  const [, name = '', met = '', left = ''] = line.split('|').map((cell) => cell.trim());
  return CHECKS.includes(name) ? [{ name, met, left }] : [];
});
const workflows = readdirSync(`${root}/.github/workflows`).map((path) => ({
  path,
  text: read(`.github/workflows/${path}`),
}));

test('each check is named once, with where it is met or what is left', () => {
  expect(rows.map(({ name }) => name)).toEqual(CHECKS);
  expect(rows.filter(({ met, left }) => met === '' && left === '')).toEqual([]);
});

test('every file that is named is there', () => {
  const named = [...page.matchAll(/`((?:[\w.-]+\/)*[\w.-]+)`/g)].map(([, path = '']) => path);
  const paths = named.filter(
    (path) => path.includes('/') || /^[A-Z]+(?:\.md)?$/.test(path) || /\.(?:json|yml)$/.test(path),
  );
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
});

test('Fuzzing: the tests that are named import what Scorecard looks for', () => {
  const tests = [...(rows.find(({ name }) => name === 'Fuzzing')?.met.matchAll(/`(test\/[^`]+)`/g) ?? [])];
  expect(tests.length).toBeGreaterThan(1);
  for (const [, path = ''] of tests) expect(read(path)).toMatch(/from 'fast-check'/);
});

test.each(workflows)('Token-Permissions and Dangerous-Workflow: $path gives nothing but by job', ({ text }) => {
  const workflow = parse(text) as { on: object; permissions: object; jobs: Record<string, { permissions?: object }> };
  expect(workflow.permissions).toEqual({});
  expect(Object.entries(workflow.jobs).filter(([, { permissions }]) => permissions === undefined)).toEqual([]);
  expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
  expect(Object.keys(workflow.on)).not.toContain('workflow_run');
});

test('SAST, SBOM and Signed-Releases: the workflows do what is said of them', () => {
  const textOf = (name: string) => read(`.github/workflows/${name}.yml`);
  expect(textOf('codeql')).toMatch(/uses: github\/codeql-action\/analyze@/);
  expect(textOf('release')).toMatch(/describe-bundle\.mjs .*\.cdx\.json/);
  expect(textOf('release')).toMatch(/\.intoto\.jsonl/);
});

test('Security-Policy: SECURITY.md has a link, a time and the words that are looked for', () => {
  const policy = read('SECURITY.md');
  expect(policy).toMatch(/https:\/\/github\.com\/[\w-]+\/[\w-]+\/security\/advisories\/new/);
  expect(policy).toMatch(/\b\d+ days\b/);
  expect(policy).toMatch(/vulnerab/i);
  expect(policy).toMatch(/disclos/i);
});
