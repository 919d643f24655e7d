import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../demo/demo.mjs', import.meta.url));

/** The demo as a newcomer starts it: its exit code, and what it printed under each heading. */
function runDemo(): Promise<{ code: number; said: string; parts: Map<string, string> }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { env: { PATH: process.env.PATH } }, (error, stdout, stderr) => {
      const [, ...parts] = stdout.split(/^── (.*?) ─+\n/m);
      const pairs = parts.flatMap((title, at): [string, string][] =>
        at % 2 === 0 ? [[title, parts[at + 1] ?? '']] : [],
      );
      resolve({ code: error ? Number(error.code ?? -1) : 0, said: stdout + stderr, parts: new Map(pairs) });
    });
  });
}

it('the demo shows day 1, and what the merged change has done on day 2 and day 9', async () => {
  const { code, said, parts } = await runDemo();
  expect(code, said).toBe(0);
  const first = parts.get('Day 1: the run');
  expect(first).toContain('✗ pigo-rel/nacos: memory at risk: Uses 2017Mi of 2000Mi (100.8 %)');
  expect(first).toContain('Pull request #2 opened: Raise memory of pigo-rel/nacos: limit 2000Mi → 2560Mi');
  const second = parts.get('Day 2: #2 is merged and applied; what it says now');
  expect(second).toContain('Rolled out: 2026-11-24 10:00');
  expect(second).toContain('being watched');
  expect(parts.get('Day 2: the report\'s section "Follow-up"')).toContain('101 % → 79 %');
  const ninth = parts.get('Day 9: a week later; what it says now');
  expect(ninth).toContain('✅ 7 days later: looked at 2026-12-02 06:00');
  expect(ninth).toContain('✅ confirmed, and no peak has passed the new limit');
  expect(parts.get('Day 9: the report\'s section "Follow-up"')).toContain('✅ confirmed');
  const counts = parts.get('What the index of the reports counts');
  expect(counts).toContain('| 6 | 5 | 0 | 1 | 1 | 0 |');
  expect(counts).toContain('Median time from red to merged: 3 h.');
});
