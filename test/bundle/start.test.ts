import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runBundle } from './run-bundle.ts';

const recording = readFileSync(fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url)));
const files = { 'case.json.gz': recording };
const inputs = { recording: 'case.json.gz' };

/** The machine's own Node beside the one that runs the tests, where that is another. */
const nodes = [process.execPath, ...otherNode()];

function otherNode(): string[] {
  const path = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  try {
    return [execFileSync('which', ['node'], { env: { PATH: path.join(':') }, encoding: 'utf8' }).trim()];
  } catch {
    return [];
  }
}

describe.each(nodes)('the bundle under %s', (node) => {
  it('inspects a recording and says the same of it every time', async () => {
    const [first, second] = await Promise.all([runBundle({ inputs, files, node }), runBundle({ inputs, files, node })]);
    expect(first.errors.at(-1)).toMatch(/^Memory: \d+ pods at risk\. The job summary and /);
    expect(first.code).toBe(1);
    expect(first.outputs).toMatchObject({ outcome: 'findings', verdict: 'red', 'report-url': '' });
    expect(first.written).toEqual([
      'reports/memory/2026-11-24.json',
      'reports/memory/2026-11-24.md',
      'reports/memory/README.md',
    ]);
    for (const path of first.written) {
      expect(readFileSync(`${second.workspace}/${path}`), path).toEqual(readFileSync(`${first.workspace}/${path}`));
    }
    expect(first.summary).toContain('pigo-rel/nacos');
  });

  it('does not need the file of the event', async () => {
    const event = fileURLToPath(new URL('run-bundle.ts', import.meta.url));
    for (const path of [event, `${event}.missing`]) {
      const run = await runBundle({ inputs, files, node, env: { GITHUB_EVENT_PATH: path } });
      expect(run.outputs.outcome, run.log).toBe('findings');
    }
  });

  it('passes where nothing is asked to fail the job', async () => {
    const run = await runBundle({ inputs: { ...inputs, 'fail-on': 'never' }, files, node });
    expect(run.code, run.log).toBe(0);
    expect(run.outputs.outcome).toBe('ok');
  });

  it('ends at a bad option with one sentence and nothing written', async () => {
    const run = await runBundle({ inputs: { ...inputs, 'usage-yellow': '95' }, files, node });
    expect(run.code).toBe(1);
    expect(run.errors).toHaveLength(1);
    expect(run.errors[0]).toMatch(/usage-yellow.*95.*usage-red.*85/s);
    expect(run.outputs.outcome).toBe('error');
    expect(run.summary).toContain('could not run');
    expect(run.log).not.toMatch(/^\s+at /m);
    expect(run.written).toEqual([]);
  });
});

describe('a recording', () => {
  it.each([
    ['another JSON file', '{"kind":"List"}', /"case\.json" is not a recording/],
    ['a damaged one', recording.subarray(0, 5000), /"case\.json" is not a recording/],
  ])('that is %s is refused in one sentence', async (_, content, message) => {
    const run = await runBundle({ inputs: { recording: 'case.json' }, files: { 'case.json': content } });
    expect(run.errors).toEqual([expect.stringMatching(message)]);
    expect(run.code).toBe(1);
  });

  it('that is not there is named', async () => {
    const run = await runBundle({ inputs: { recording: 'nowhere.json' } });
    expect(run.errors).toEqual([expect.stringContaining('"nowhere.json"')]);
  });

  it('outside the workspace is not read', async () => {
    const run = await runBundle({ inputs: { recording: '../../etc/passwd' } });
    expect(run.errors).toEqual([expect.stringContaining('leaves the workspace')]);
  });
});
