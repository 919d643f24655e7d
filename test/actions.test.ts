import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRunner } from '../src/actions.ts';

const MOST = 1024 * 1024;

test('a job summary that is as large as GitHub takes does not grow when it is written', async () => {
  const summaryFile = join(mkdtempSync(join(tmpdir(), 'summary-')), 'summary.md');
  const runner = createRunner({ summaryFile });
  await runner.writeSummary(`${'x'.repeat(MOST - 1)}\n`);
  expect(statSync(summaryFile).size).toBe(MOST);
  await runner.writeSummary('# A title');
  expect(readFileSync(summaryFile, 'utf8')).toBe('# A title\n');
});
