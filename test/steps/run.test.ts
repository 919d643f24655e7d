import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Runner } from '../../src/actions.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { run } from '../../src/run.ts';
import { measureOf } from '../checks/fixtures.ts';
import { observationOf, podOf, workloadOf } from '../judge/fixtures.ts';

/** Runs on a recording of one pod that uses 1900Mi of 2000Mi, in a workspace of its own. */
async function runOnRecording(inputs: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) {
  const workspace = mkdtempSync(join(tmpdir(), 'run-'));
  const measurement = measureOf(() => 1900);
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measurement]);
  writeFileSync(join(workspace, 'rec.json'), encodeRecording(observation, 'rec.json'));
  writeFileSync(join(workspace, 'taken'), '');
  const outputs: Record<string, string> = {};
  let summary = '';
  const given: Readonly<Record<string, string>> = { recording: 'rec.json', ...inputs };
  const runner: Runner = {
    log: { step() {}, debug() {}, warn() {}, group: (_, work) => work() },
    input: (name) => given[name] ?? '',
    mask() {},
    output: (name, value) => {
      outputs[name] = value;
    },
    annotate() {},
    writeSummary: async (markdown) => {
      summary = markdown;
    },
  };
  const sentence = await run(runner, { GITHUB_WORKSPACE: workspace, ...env });
  const report = (path: string) => readFileSync(join(workspace, path), 'utf8');
  return { sentence, outputs, summary, report };
}

describe('a run', () => {
  it('that may not deliver shows what it found all the same', async () => {
    const { sentence, outputs, summary, report } = await runOnRecording({}, { GITHUB_REPOSITORY: 'o/r' });
    expect(sentence).toMatch(/github-token/);
    expect(outputs).toMatchObject({ outcome: 'error', verdict: 'red', 'at-risk': '1' });
    expect(summary).toContain('shop/cart');
    expect(summary).toContain('github-token');
    expect(summary).not.toContain('Nothing was judged');
    expect(report(outputs['report-path'] ?? '')).toContain('github-token');
  });

  it('whose report directory is a file says so', async () => {
    const { sentence, outputs } = await runOnRecording({ 'report-directory': 'taken' });
    expect(sentence).toMatch(/"taken\/.*a file, not a folder/);
    expect(sentence).not.toMatch(/bug/);
    expect(outputs).toEqual({ outcome: 'error' });
  });
});
