import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runBundle } from './run-bundle.ts';

const recording = readFileSync(fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url)));
const files = { 'case.json.gz': recording };
const inputs = { recording: 'case.json.gz' };
const folder = () => mkdtempSync(join(tmpdir(), 'summary-'));

/** A GitHub that never answers; `asked` is called at the first request. */
async function startSilentGithub(asked: () => void) {
  const server = createServer(asked);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('the job summary', () => {
  it('of a run that is killed while it delivers has the findings, and says that the rest is missing', async () => {
    const killed = new AbortController();
    const github = await startSilentGithub(() => killed.abort());
    try {
      const run = await runBundle({
        inputs: { ...inputs, 'github-token': 'a-token' },
        files,
        env: { GITHUB_REPOSITORY: 'o/r', GITHUB_API_URL: github.url },
        kill: killed.signal,
      });
      expect(run.code, run.log).toBe(null);
      expect(run.summary).toContain('pigo-rel/nacos');
      expect(run.summary).toMatch(/^⏳ \*\*Not finished/m);
      expect(run.outputs).toEqual({});
    } finally {
      github.close();
    }
  });

  it('of a run that ends does not say that anything is to come', async () => {
    const run = await runBundle({ inputs, files });
    expect(run.summary).toContain('pigo-rel/nacos');
    expect(run.summary).not.toContain('Not finished');
  });
});

const readOnly = () => {
  const path = join(folder(), 'summary.md');
  writeFileSync(path, '', { mode: 0o444 });
  return path;
};
const places: [string, () => string][] = [
  ['in a folder that is not there', () => join(folder(), 'nowhere/summary.md')],
  ['that is a folder', folder],
  ['on a full disk', () => '/dev/full'],
];
// Nothing is read-only for root.
if (process.getuid?.() !== 0) places.push(['that is read-only', readOnly]);

describe.each(places)('a job summary %s', (_, place) => {
  it('is told, and takes nothing else with it', async () => {
    const run = await runBundle({ inputs, files, env: { GITHUB_STEP_SUMMARY: place() } });
    expect(run.errors.at(-1)).toMatch(/^Memory: \d+ pods at risk.*GITHUB_STEP_SUMMARY/);
    expect(run.errors.at(-1)?.match(/GITHUB_STEP_SUMMARY/g)).toHaveLength(1);
    expect(run.log).not.toContain('This is a bug');
    expect(run.outputs).toMatchObject({ outcome: 'error', verdict: 'red' });
    expect(run.written).toContain('reports/memory/2026-11-24.json');
    const page = readFileSync(join(run.workspace, 'reports/memory/2026-11-24.md'), 'utf8');
    expect(page).toContain('GITHUB_STEP_SUMMARY');
  });

  it('does not hide why a run could not do its work', async () => {
    const run = await runBundle({ inputs: { recording: 'nowhere.json' }, env: { GITHUB_STEP_SUMMARY: place() } });
    expect(run.errors).toEqual([expect.stringMatching(/"nowhere\.json".*GITHUB_STEP_SUMMARY/)]);
    expect(run.outputs.outcome).toBe('error');
  });
});
