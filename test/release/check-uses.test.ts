import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { git, repository, runScript, scratch } from './scratch.ts';

const COMMIT = 'a'.repeat(40);
const project = {
  'package.json': JSON.stringify({ repository: { url: 'git+https://github.com/shop/inspector.git' } }),
  'CHANGELOG.md': '## 2.1.0 - 2026-12-01\n\n- b\n\n## 1.0.0 - 2026-11-28\n\n- a\n',
  'action.yml': 'inputs:\n  namespaces: {}\noutputs:\n  verdict: {}\n',
};
const workflow = (...steps: readonly string[]) =>
  `jobs:\n  one:\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`;
const fenced = (text: string, language = 'yaml') => `\`\`\`${language}\n${text}\n\`\`\`\n`;

test('the documents and workflows of this project use what exists', () => {
  const { status, complaints } = runScript(fileURLToPath(new URL('../..', import.meta.url)), 'check-uses.mjs');
  expect(complaints).toEqual([]);
  expect(status).toBe(0);
});

test('takes what is there', () => {
  const folder = repository({
    ...project,
    'README.md': `Use shop/inspector@v2.\n\n${fenced('- uses: shop/inspector@v2\n  with:\n    namespaces: shop')}\n${fenced('not: [yaml', 'text')}`,
    'docs/workflows/a.yml': workflow(
      'id: look\n        uses: shop/inspector@v2.1.0',
      'uses: actions/checkout@v7',
      'uses: shop/tool@1.2.0',
      'uses: shop/tool@1',
      `run: echo '\${{ steps.look.outputs.verdict }}'`,
    ),
    '.github/workflows/ci.yml': workflow(`uses: actions/checkout@${COMMIT} # v7.0.1`, 'uses: ./'),
  });
  expect(runScript(folder, 'check-uses.mjs')).toEqual({
    status: 0,
    out: '7 uses in 5 files, all of them of what exists\n',
    complaints: [],
  });
});

test('names each line that uses what is not there', () => {
  const folder = repository({
    ...project,
    'README.md': `Use shop/inspector@v3.\n\n1. first\n\n   ${fenced('- uses: shop/inspector@v1\n  with:\n    namespace: shop').replaceAll('\n', '\n   ')}\n${fenced('a: [', 'yml')}\n${fenced('- uses: nobody', '')}`,
    'docs/workflows/a.yml': workflow(
      'id: look\n        uses: shop/inspector@v2',
      `run: echo '\${{ steps.look.outputs.verdicts }} \${{ steps.other.outputs.verdict }}'`,
      'uses: actions/checkout@v6',
      'uses: actions/setup-node@main',
    ),
    '.github/workflows/ci.yml': workflow(
      `uses: actions/checkout@${COMMIT} # v7.0.1`,
      `uses: actions/checkout@${COMMIT}`,
      'uses: actions/cache@v5',
      'uses: ./.github/workflows/none.yml',
    ),
    '.github/workflows/other.yml': workflow(`uses: actions/checkout@${'b'.repeat(40)} # v7.0.1`),
  });
  const { status, complaints } = runScript(folder, 'check-uses.mjs');
  expect(status).toBe(1);
  expect(complaints.toSorted(byFileAndLine)).toEqual([
    '.github/workflows/ci.yml:5: The commit of actions/checkout lacks a comment with its version, like "# v1.2.3".',
    ".github/workflows/ci.yml:6: actions/cache is pinned to no commit: here it runs with this repository's token.",
    '.github/workflows/ci.yml:7: There is no ./.github/workflows/none.yml.',
    '.github/workflows/other.yml:4: actions/checkout is v7.0.1 here, but v7.0.1 in .github/workflows/ci.yml, line 4, by another commit.',
    'docs/workflows/a.yml:6: "verdicts" is no output of action.yml.',
    'docs/workflows/a.yml:6: No step has the id "other".',
    'docs/workflows/a.yml:7: actions/checkout is v6 here, but v7.0.1 in .github/workflows/ci.yml, line 4.',
    'docs/workflows/a.yml:8: "main" is neither a commit nor a version like v1 or v1.2.3.',
    "README.md:1: There is no v3 of this action: the changelog's newest is 2.1.0, so write v2.",
    'README.md:6: "namespace" is no input of action.yml.',
    "README.md:6: There is no v1 of this action: the changelog's newest is 2.1.0, so write v2.",
    expect.stringMatching(/^README\.md:12: This is no YAML: /),
    'README.md:16: "nobody" is not like owner/name@version.',
  ]);
});

test('asks GitHub for the tags, and whether a commit is that of its tag', () => {
  const github = scratch();
  git(github, 'init', '--quiet', `${github}/actions/checkout`);
  const checkout = `${github}/actions/checkout`;
  git(checkout, 'commit', '--quiet', '--allow-empty', '--message=one');
  git(checkout, 'tag', '--annotate', '--message=v7', 'v7.0.1');
  const commit = git(checkout, 'rev-parse', 'HEAD');
  const folder = repository({
    ...project,
    '.github/workflows/a.yml': workflow(
      `uses: actions/checkout@${commit} # v7.0.1`,
      `uses: actions/gone@${COMMIT} # v1.0.0`,
    ),
    'docs/workflows/b.yml': workflow('uses: actions/checkout@v7', 'uses: shop/inspector@v2'),
  });
  git(github, 'init', '--quiet', `${github}/shop/inspector`);
  git(`${github}/shop/inspector`, 'commit', '--quiet', '--allow-empty', '--message=one');
  git(`${github}/shop/inspector`, 'tag', 'v2.0.0');
  const env = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${github}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/',
  };
  const { complaints } = runScript(folder, 'check-uses.mjs', ['--online'], env);
  expect(complaints).toEqual([
    'docs/workflows/b.yml:4: actions/checkout has no v7.',
    '.github/workflows/a.yml:5: GitHub knows no actions/gone, or did not answer.',
    'README.md:1: shop/inspector has no v2, although a version of it was released.',
  ]);
  git(checkout, 'commit', '--quiet', '--allow-empty', '--message=two');
  git(checkout, 'tag', '--force', 'v7.0.1');
  git(checkout, 'tag', 'v7');
  expect(runScript(folder, 'check-uses.mjs', ['--online'], env).complaints[0]).toBe(
    `.github/workflows/a.yml:4: v7.0.1 of actions/checkout is the commit ${git(checkout, 'rev-parse', 'HEAD')}, not ${commit}.`,
  );
});

function byFileAndLine(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
