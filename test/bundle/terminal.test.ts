import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { git } from '../../demo/run-demo.mjs';
import { decodeRecording, encodeRecording } from '../../src/record/recording.ts';
import { reportJson } from '../../src/report/report-json.ts';
import { command, newFolder, type } from './type-command.ts';

/* The command as it is typed, of the committed bundle, on the demo's recording. */

const recording = fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url));
const manifests = fileURLToPath(new URL('../e2e/pigo/manifests', import.meta.url));

test('an inspection shows what to do, and leaves report, JSON and page in a folder that git does not see', async () => {
  const folder = newFolder();
  git('init', '--quiet', folder);
  const { code, out, err } = await type(['--recording', recording], { folder });
  expect(code).toBe(2);
  expect(out).toContain('RED  5 containers are about to be OOM-killed');
  expect(out).toContain('pigo-rel/nacos uses 2017Mi of 2000Mi (100.8 %)');
  expect(out).toContain('Limit 2000Mi → 2560Mi');
  expect(out).toMatch(/Exit code 2: something is as bad as --fail-on\.\n$/);
  expect(err).toContain('Inspecting the recording');
  expect(out + err).not.toContain('\u001b');
  expect(readdirSync(join(folder, 'memory-report')).toSorted()).toEqual([
    '.gitignore',
    '2026-11-24.json',
    '2026-11-24.md',
    'README.md',
    'index.html',
  ]);
  expect(git('-C', folder, 'status', '--porcelain')).toBe('');
});

test('--json prints the report and nothing else to standard output', async () => {
  const { code, out, err } = await type(['inspect', '--recording', recording, '--json', '--fail-on', 'never']);
  expect(code).toBe(0);
  expect(reportJson.parse(JSON.parse(out)).verdict).toBe('red');
  expect(err).toContain('Exit code 0: nothing is as bad as --fail-on.');
});

test.each([
  [recording, ['--fail-on', 'never'], 0],
  [recording, ['--fail-on', 'yellow'], 2],
  [recording, ['--usage-red', '900'], 1],
  [incomplete(), ['--fail-on', 'never'], 3],
  [incomplete(), ['--fail-on', 'never', '--allow-incomplete'], 0],
  [incomplete(), [], 2],
] as const)('%s with %j ends with %i', async (path, words, code) => {
  expect((await type(['--recording', path, ...words])).code).toBe(code);
});

/** The same recording of a run that could not read everything. */
function incomplete(): string {
  const observation = decodeRecording(readFileSync(recording), recording);
  const path = join(newFolder(), 'incomplete.json');
  const note = { kind: 'incomplete' as const, text: 'A query was refused.' };
  writeFileSync(path, encodeRecording({ ...observation, notes: [...observation.notes, note] }, path));
  return path;
}

test('--diff prints edits that git applies to the checkout, from any folder of it', async () => {
  const checkout = newFolder();
  cpSync(manifests, checkout, { recursive: true });
  git('init', '--quiet', checkout);
  git('-C', checkout, 'add', '--all');
  git('-C', checkout, 'commit', '--quiet', '--message', 'Deploy');
  const folder = join(checkout, 'below');
  mkdirSync(folder);
  const { out } = await type(['--recording', recording, '--diff', '--output', '../../elsewhere'], { folder });
  expect(out).toMatch(/^diff --git /);
  const patch = join(newFolder(), 'edits.diff');
  writeFileSync(patch, out);
  git('-C', checkout, 'apply', patch);
  expect(git('-C', checkout, 'diff')).toContain('2560Mi');
  expect(existsSync(join(folder, 'memory-report'))).toBe(false);
});

test('the page tells of the earlier reports in the checkout, and the report is compared with the newest', async () => {
  const folder = newFolder();
  await type(['--recording', recording], { folder });
  const report = readFileSync(join(folder, 'memory-report/2026-11-24.json'), 'utf8');
  const reports = join(folder, 'reports/memory');
  mkdirSync(reports, { recursive: true });
  for (const date of ['2026-11-17', '2026-11-20'])
    writeFileSync(join(reports, `${date}.json`), report.replaceAll('2026-11-24', date));
  await type(['--recording', recording], { folder });
  const page = readFileSync(join(folder, 'memory-report/index.html'), 'utf8');
  expect(page).toContain('"date":"2026-11-17"');
  expect(page).toContain('"date":"2026-11-20"');
  expect(readFileSync(join(folder, 'memory-report/2026-11-24.md'), 'utf8')).toContain('since 2026-11-20');
});

test('nothing goes to GitHub, whatever the variables around it say', async () => {
  const { code, out } = await type(['--recording', recording], {
    env: {
      GITHUB_REPOSITORY: 'owner/name',
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_TOKEN: 'a-token-of-the-shell',
      GITHUB_WORKSPACE: '/nowhere',
      'INPUT_GITHUB-TOKEN': 'a-token-of-the-shell',
      'INPUT_FAIL-ON': 'never',
    },
  });
  expect(code).toBe(2);
  expect(out).not.toContain('Part of the run failed');
});

test.each([
  [['--namespace', 'shop'], 'There is no flag --namespace. Did you mean --namespaces?'],
  [['shop'], '"shop" is no command. Namespaces are given as --namespaces shop.'],
  [['--prometheus-token', 'hush'], 'set the variable MEMORY_INSPECTOR_PROMETHEUS_TOKEN instead'],
  [['--labels', 'x'], 'There is no flag --labels. That option is for runs on GitHub or for the config file'],
  [['--window', '5m'], '--window must be a length of time in whole hours from 6h to 31d, not "5m"'],
  [['--namespaces='], '--namespaces is empty'],
  [['--watch', '1s'], '--watch must be a length of time from 10s to 24h'],
  [['--recording', 'missing.json.gz'], '--recording names "missing.json.gz", but there is no such file'],
  [['--fail-on'], 'Not enough arguments following: fail-on'],
  [['--output='], '--output is empty'],
  [['--no-namespaces'], '--namespaces cannot be negated: leave it out.'],
  [['--json', '--diff'], '--json and --diff both print to standard output'],
] as const)('%j is refused in one sentence', async (words, sentence) => {
  const { code, out, err } = await type([...words]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(sentence);
  expect(err).not.toContain('hush');
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('files are written where they were typed, also into a folder that is not there yet', async () => {
  const folder = newFolder();
  const words = ['--sarif', 'new/x.sarif', '--junit', 'junit.xml', '--fail-on', 'never', '--fail-on', 'red'];
  const { code, err } = await type(['--recording', recording, ...words], { folder });
  expect(code).toBe(2);
  expect(err).toContain('SARIF: new/x.sarif\n');
  expect(JSON.parse(readFileSync(join(folder, 'new/x.sarif'), 'utf8')).version).toBe('2.1.0');
  expect(existsSync(join(folder, 'junit.xml'))).toBe(true);
});

test('a folder that cannot be made takes nothing from what was found', async () => {
  const { code, out, err } = await type(['--recording', recording, '--output', '/proc/x']);
  expect(code).toBe(1);
  expect(out).toContain('pigo-rel/nacos uses 2017Mi of 2000Mi');
  expect(err).toMatch(/^✗ The folder "\/proc\/x" cannot be used \(\w+\): /m);
});

test('a folder with a README of its own is not written over', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'README.md'), '# Ours\n');
  const { code, err } = await type(['--recording', recording, '--output', '.'], { folder });
  expect(code).toBe(1);
  expect(err).toContain('--output names ".", where there is another README.md: choose a folder of its own.');
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('# Ours\n');
  const again = async () => (await type(['--recording', recording, '--output', 'own'], { folder })).code;
  expect([await again(), await again()]).toEqual([2, 2]);
});

test('--watch inspects again and again, and Ctrl-C ends it with the code of the last inspection', async () => {
  const words = ['--recording', recording, '--watch', '10s'];
  const { code, out, err } = await type(words, {
    onOutput: (said, kill) => {
      if (said.err.includes('Ctrl-C ends')) kill('SIGINT');
    },
  });
  expect(code).toBe(2);
  expect(out.match(/Exit code 2/g)).toHaveLength(1);
  expect(err).toContain('Again in 10 s; Ctrl-C ends.');
});

test('help, version and completion come from the same options', async () => {
  const [help, version, script, flags, values] = await Promise.all([
    type(['--help']),
    type(['--version']),
    type(['completion']),
    type(['--get-yargs-completions', 'kubernetes-memory-inspector', '--pro']),
    type(['--get-yargs-completions', 'kubernetes-memory-inspector', '--fail-on', '']),
  ]);
  expect(help.out).toContain('Exit codes: 0 nothing is as bad as --fail-on, 1 error, 2 findings, 3 incomplete');
  const { version: packed } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(version.out).toBe(`${packed}\n`);
  expect(script.out).toContain('kubernetes-memory-inspector --get-yargs-completions');
  expect(flags.out.split('\n')).toContain('--prometheus-url');
  expect(values.out.trim().split('\n').toSorted()).toEqual(['never', 'red', 'yellow']);
});

test('on a terminal there is colour and a bar, and the cursor is there again at the end', async () => {
  const folder = newFolder();
  const python = `import pty,sys,os
code = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(code))`;
  const child = spawn('python3', ['-c', python, process.execPath, command, '--recording', recording], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
  expect(said).toContain('\u001b[31m');
  expect(stripVTControlCharacters(said)).toContain('pigo-rel/nacos uses 2017Mi of 2000Mi');
  expect(said.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(said.lastIndexOf('\u001b[?25l'));
});
