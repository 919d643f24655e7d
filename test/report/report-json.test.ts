import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { parseReportJson, parseReportPart, publishedReportSchemas } from '../../src/report/report-json.ts';
import { inspectLargeCluster } from './large-cluster.ts';
import { makeInput, makeInspection } from './make-inspection.ts';
import { NACOS, pigo, pigoDeliveries } from './pigo.ts';

const SCHEMA_FILE = new URL('../../schemas/report.schema.json', import.meta.url);

test.each(Object.entries(publishedReportSchemas()))(
  'the published %s is the one in the code (UPDATE_GOLDEN=1 writes it)',
  (name, text) => {
    const file = new URL(`../../schemas/${name}`, import.meta.url);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

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
  const { context: _, ...expected } = buildReport(makeInput(inspection));
  fc.assert(
    fc.property(shuffled, fc.boolean(), (workloads, reverse) => {
      const turned = workloads.map((workload) =>
        reverse ? { ...workload, pods: workload.pods.toReversed() } : workload,
      );
      expect(buildReport(makeInput({ ...inspection, workloads: turned }))).toMatchObject(expected);
    }),
    { numRuns: 20 },
  );
});

test('reads a report that the first version of the schema describes', () => {
  const text = readFileSync(new URL('golden/report-1.json', import.meta.url), 'utf8');
  const schema = new URL('../../schemas/report-1.schema.json', import.meta.url);
  expect(new Ajv2020().validate(JSON.parse(readFileSync(schema, 'utf8')), JSON.parse(text))).toBe(true);
  const [first, now] = [text, buildReport(makeInput(pigo(), { deliveries: pigoDeliveries })).json.text].map((json) => {
    const parsed = parseReportJson(json);
    if (!parsed.ok) throw new Error(parsed.why);
    const previous = { ...parsed.report, date: '2025-12-25' };
    return buildReport(makeInput({ ...pigo(), workloads: pigo().workloads.slice(2) }, { previous })).pages;
  });
  expect(first).toEqual(now);
});

test('tells of what is green its level and its sizes alone', () => {
  const parsed = parseReportJson(buildReport(makeInput(pigo())).json.text);
  if (!parsed.ok) throw new Error(parsed.why);
  const { workloads } = parsed.report;
  const nginx = workloads.find(({ name }) => name === 'web')?.containers.find(({ name }) => name === 'nginx');
  expect(nginx).toEqual({
    name: 'nginx',
    level: 'green',
    checks: {
      usage: { level: 'green' },
      trend: { level: 'green' },
      sizing: { level: 'green' },
      heap: { level: 'unknown', applies: false },
    },
    used: 41_940_000,
    peak: 41_940_000,
    limit: 128 * 1024 ** 2,
    request: 32 * 1024 ** 2,
    growth: 0,
  });
  const leaking = workloads.find(({ name }) => name === 'game-api')?.containers[0];
  expect(leaking).toMatchObject({ pod: 'game-api-6f5d-k2', pattern: 'leak', bytesPerHour: 17_400_000 });
  expect(leaking?.percent).toBeUndefined();
});

test('the workloads of two kinds of one name come in one order', () => {
  const inspection = makeInspection([{ namespace: 'a', name: 'x', kind: 'Cluster', pods: {} }]);
  const [one] = inspection.workloads;
  if (one === undefined) throw new Error('no workload');
  const other = { ...one, workload: { ...one.workload, ref: { ...one.workload.ref, group: 'z.example' } } };
  const [text, turned] = [
    [one, other],
    [other, one],
  ].map((workloads) => buildReport(makeInput({ ...inspection, workloads })).json.text);
  expect(text).toBe(turned);
});

test('a report that is too large for one file has its workloads in parts, which the schema describes', () => {
  const { json, jsonParts } = buildReport(makeInput(inspectLargeCluster(14_000)));
  expect(jsonParts.length).toBeGreaterThan(1);
  for (const { text } of [json, ...jsonParts]) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_500_000);
  const main = parseReportJson(json.text);
  if (!main.ok) throw new Error(main.why);
  const folder = json.path.slice(0, json.path.lastIndexOf('/'));
  expect(main.report.parts?.map((part) => `${folder}/${part}`)).toEqual(jsonParts.map(({ path }) => path));
  expect(main.report.workloads).toEqual([]);
  const validate = new Ajv2020().compile(JSON.parse(publishedReportSchemas()['report-part.schema.json'] ?? ''));
  const pods = jsonParts.flatMap(({ text }) => {
    validate(JSON.parse(text));
    expect(validate.errors).toBeNull();
    const part = parseReportPart(text);
    if (!part.ok) throw new Error(part.why);
    return part.workloads.map(({ pods }) => pods);
  });
  expect(pods.reduce((sum, own) => sum + own, 0)).toBe(14_000);
});

test.each(['../2026-11-23/x.json', '/etc/x.json', 'a/../x.json', '.git/../x.json', 'x.json', 'a/b/c.json', './x.json'])(
  'a report whose part is %j is none',
  (part) => {
    const report = JSON.parse(buildReport(makeInput(pigo())).json.text);
    expect(parseReportJson(JSON.stringify({ ...report, parts: [part] })).ok).toBe(false);
  },
);
