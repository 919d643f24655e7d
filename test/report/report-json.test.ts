import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { parseReportJson, publishedReportSchema } from '../../src/report/report-json.ts';
import { makeInput, makeInspection } from './make-inspection.ts';
import { NACOS, pigo, pigoDeliveries } from './pigo.ts';

const SCHEMA_FILE = new URL('../../schemas/report.schema.json', import.meta.url);

test('the published schema is the one in the code (UPDATE_GOLDEN=1 writes it)', () => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(SCHEMA_FILE, publishedReportSchema());
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(publishedReportSchema());
});

test('reports follow the published schema', () => {
  const validate = new Ajv2020().compile(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')));
  for (const inspection of [pigo(), makeInspection([], { verdict: 'unknown' })]) {
    const { json } = buildReport(makeInput(inspection, { clusterName: 'hkidc', deliveries: pigoDeliveries }));
    validate(JSON.parse(json.text));
    expect(validate.errors).toBeNull();
  }
});

test('the published schema refuses what is not a report', () => {
  const validate = new Ajv2020().compile(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')));
  const report = JSON.parse(buildReport(makeInput(pigo())).json.text);
  expect(validate({ ...report, verdict: 'orange' })).toBe(false);
  expect(validate({ ...report, workloads: undefined })).toBe(false);
});

test('holds levels and the suggestion in bytes', () => {
  const { json } = buildReport(makeInput(pigo(), { deliveries: pigoDeliveries }));
  const parsed = parseReportJson(json.text);
  if (!parsed.ok) throw new Error(parsed.why);
  const nacos = parsed.report.workloads.find(({ name }) => name === 'nacos');
  expect(nacos).toMatchObject({ namespace: 'pigo-rel', kind: 'Deployment', level: 'red', pods: 1 });
  const [container] = nacos?.containers ?? [];
  expect(container?.suggestion).toMatchObject({ limit: 2560 * 1024 ** 2, request: 1536 * 1024 ** 2 });
  expect(container?.checks).toMatchObject({
    usage: { level: 'red' },
    trend: { level: 'green' },
    sizing: { level: 'red' },
    heap: { level: 'unknown', applies: false },
  });
  expect(parsed.report.pullRequests[0]?.suggestions).toEqual([NACOS]);
});

test.each([
  ['', 'it is not JSON'],
  ['{"verdict":', 'it is not JSON'],
  ['null', 'it is not a report of this version'],
  ['[]', 'it is not a report of this version'],
  ['{"$schema":"urn:other"}', 'it is not a report of this version'],
])('passes over %j', (text, why) => {
  expect(parseReportJson(text)).toEqual({ ok: false, why });
});

test('says what is wrong with a damaged report', () => {
  const report = JSON.parse(buildReport(makeInput(pigo())).json.text);
  const parsed = parseReportJson(JSON.stringify({ ...report, totals: { ...report.totals, atRisk: 'many' } }));
  expect(parsed).toMatchObject({ ok: false, why: expect.stringContaining('totals.atRisk') });
});

test('reads a report with fields that a later version adds', () => {
  const report = JSON.parse(buildReport(makeInput(pigo())).json.text);
  expect(parseReportJson(JSON.stringify({ ...report, later: true })).ok).toBe(true);
});

test('the order in which workloads and pods come changes nothing', () => {
  const inspection = pigo();
  const shuffled = fc.shuffledSubarray([...inspection.workloads], { minLength: inspection.workloads.length });
  const expected = buildReport(makeInput(inspection));
  fc.assert(
    fc.property(shuffled, fc.boolean(), (workloads, reverse) => {
      const turned = workloads.map((workload) =>
        reverse ? { ...workload, pods: workload.pods.toReversed() } : workload,
      );
      expect(buildReport(makeInput({ ...inspection, workloads: turned }))).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});
