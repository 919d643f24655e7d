import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runBundle } from './run-bundle.ts';

const recording = readFileSync(fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url)));
const inputs = { recording: 'case.json.gz' };
const MONEY = /a month|costs the same|costPerMonth|"cost"/;

it('with a price, a run says what its suggestions add and free a month, in the texts and for programs', async () => {
  const given = { inputs: { ...inputs, 'price-per-gib-month': '3.20 EUR' }, files: { 'case.json.gz': recording } };
  const run = await runBundle(given);
  expect(run.summary, run.log).toMatch(/^Requested in \d+ pods: [\d.]+[KMGT]i, about [\d.]+ EUR a month\b/m);
  expect(run.summary).toMatch(/All suggestions together would cost about [\d.]+ EUR a month more/);
  const suggestions: readonly { readonly name: string; readonly costPerMonth?: number }[] = JSON.parse(
    run.outputs.suggestions ?? '[]',
  );
  // 536Mi of a GiB at 3.20.
  expect(suggestions.find(({ name }) => name === 'nacos')?.costPerMonth).toBe(1.675);
  const report = JSON.parse(readFileSync(join(run.workspace, run.outputs['report-json-path'] ?? ''), 'utf8'));
  expect(report.cost).toMatchObject({ perGibMonth: 3.2, currency: 'EUR' });
  const added = suggestions.reduce((sum, { costPerMonth = 0 }) => sum + Math.max(0, costPerMonth), 0);
  expect(report.cost.added).toBeCloseTo(added, 3);
});

it('without a price, it says nothing of it', async () => {
  const run = await runBundle({ inputs, files: { 'case.json.gz': recording } });
  const report = readFileSync(join(run.workspace, run.outputs['report-json-path'] ?? ''), 'utf8');
  expect([run.summary, report, run.outputs.suggestions].join('\n')).not.toMatch(MONEY);
});
