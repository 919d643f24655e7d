import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { parseReportJson } from '../../src/report/report-json.ts';
import { goldenIn } from '../golden.ts';
import { JVMS } from './jvms.ts';
import { makeInput, makeInspection } from './make-inspection.ts';

const expectGolden = goldenIn(import.meta.url);

test('where the memory of JVMs is, what of it grows and which flag to change', () => {
  const report = buildReport(makeInput(makeInspection(JVMS), {}));
  const [, todo = ''] = /(## What to do[\s\S]*?)\n## /.exec(report.pages[0]?.text ?? '') ?? [];
  expectGolden('heap-split.md', `${todo}\n`);
  const parsed = parseReportJson(report.json.text);
  if (!parsed.ok) throw new Error(parsed.why);
  const heaps = parsed.report.workloads.map(({ name, containers: [one] }) => ({
    [name]: { suggestion: one?.suggestion?.heap, withheld: one?.heap },
  }));
  expectGolden('heap-split.json', `${JSON.stringify(heaps, null, 1)}\n`);
});

test('nothing is said of the memory of a JVM whose limit stays', () => {
  const [jvm] = JVMS;
  if (jvm === undefined) throw new Error('no JVM');
  const [[pod, containers] = ['', []]] = Object.entries(jvm.pods);
  const roomy = { ...jvm, pods: { [pod]: containers.map((one) => ({ ...one, limit: 4000 })) } };
  const report = buildReport(makeInput(makeInspection([roomy]), {}));
  expect(report.pages[0]?.text).not.toContain('Where its memory is');
});
