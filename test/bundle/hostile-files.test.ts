import { mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { REPORT_SCHEMA } from '../../src/report/report-json.ts';
import { type BundleRun, runBundle } from './run-bundle.ts';

const demo = readFileSync(fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url)));
const MB = 1_000_000;
const DEPTHS = [100_000, 5_000_000];

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function expectOneSentence(run: BundleRun, said: RegExp): void {
  expect(run.errors, run.log.slice(0, 2000)).toEqual([expect.stringMatching(said)]);
  expect(run.errors[0]?.length).toBeLessThan(1000);
  expect(run.errors[0]).not.toContain('bug');
  expect(run.code).toBe(1);
  expect(run.outputs.outcome).toBe('error');
}

describe('a recording', () => {
  it('that unpacks to gigabytes is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * MB, ' '));
    const run = await runBundle({ inputs: { recording: 'case.json.gz' }, files: { 'case.json.gz': bomb } });
    expectOneSentence(run, /"case\.json\.gz" .*larger than 256 MB/);
  });

  it('that is a huge file is not even read', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'huge-'));
    writeFileSync(join(workspace, 'case.json'), '{');
    truncateSync(join(workspace, 'case.json'), 5_000 * MB);
    const run = await runBundle({ inputs: { recording: 'case.json' }, env: { GITHUB_WORKSPACE: workspace } });
    expectOneSentence(run, /"case\.json" .*larger than 256 MB/);
  });

  it.each(DEPTHS)('that is nested %i deep is refused', async (depth) => {
    const text = gunzipSync(demo)
      .toString()
      .replace('"notes":', `"deep":${nested(depth)},"notes":`);
    const run = await runBundle({ inputs: { recording: 'case.json' }, files: { 'case.json': text } });
    expectOneSentence(run, /"case\.json" is not a recording.*nested more than 500 levels deep/);
  });

  it('that is wrong everywhere is explained in one sentence', async () => {
    const text = gunzipSync(demo)
      .toString()
      .replace(/"namespaces":\[[^\]]*\]/, `"namespaces":[${Array(200_000).fill(1)}]`);
    const run = await runBundle({ inputs: { recording: 'case.json' }, files: { 'case.json': text } });
    expectOneSentence(run, /"case\.json" is not a recording/);
  });
});

describe('a config file', () => {
  const CONFIG = '.github/memory-inspector.yml';

  it.each([
    ['of lists in lists', '['.repeat(900_000), /nested too deeply/],
    ['of mappings in mappings', '- '.repeat(100_000), /nested too deeply/],
    [
      'of nothing but keys',
      Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join('\n'),
      /far more than a config file needs/,
    ],
    ['that is huge', '#'.repeat(2 * MB), /larger than 1 MB/],
  ])('%s is refused in one sentence', async (_, text, said) => {
    const run = await runBundle({ inputs: {}, files: { [CONFIG]: text } });
    expectOneSentence(run, said);
    expect(run.errors[0]).toContain(CONFIG);
  });
});

describe('an earlier report', () => {
  const FOLDER = 'reports/memory';

  async function runAfter(
    files: Readonly<Record<string, string>>,
    large?: string,
  ): Promise<BundleRun & { report: string }> {
    const workspace = mkdtempSync(join(tmpdir(), 'earlier-'));
    mkdirSync(join(workspace, FOLDER), { recursive: true });
    writeFileSync(join(workspace, 'case.json.gz'), demo);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, FOLDER, name), text);
    if (large !== undefined) truncateSync(join(workspace, FOLDER, large), 3_000 * MB);
    const inputs = { recording: 'case.json.gz', 'fail-on': 'never' };
    const run = await runBundle({ inputs, env: { GITHUB_WORKSPACE: workspace } });
    expect(run.outputs.outcome, run.log.slice(0, 2000)).toBe('ok');
    return { ...run, report: readFileSync(join(workspace, run.outputs['report-path'] ?? ''), 'utf8') };
  }

  it.each(DEPTHS)('that is nested %i deep is passed over, and said', async (depth) => {
    const text = `{"$schema":"${REPORT_SCHEMA}","date":"2026-11-23","notes":${nested(depth)}}`;
    const { report } = await runAfter({ '2026-11-23.json': text });
    expect(report).toMatch(/An earlier report was skipped: 2026-11-23\.json: it is nested more than 500 levels deep/);
  });

  it('that is huge is passed over, and said', async () => {
    const { report } = await runAfter({ '2026-11-23.json': '{' }, '2026-11-23.json');
    expect(report).toMatch(/An earlier report was skipped: 2026-11-23\.json: it is larger than 25 MB/);
  });

  it('whose index is huge is passed over, and said', async () => {
    const { report } = await runAfter({ 'README.md': '#' }, 'README.md');
    expect(report).toMatch(/An earlier report was skipped: README\.md: it is larger than 25 MB/);
  });

  it('whose index is full of beginnings costs no time', async () => {
    const { report } = await runAfter({ 'README.md': '<!-- memory-inspector run {'.repeat(500_000) });
    expect(report).toContain('pigo');
  });
});
