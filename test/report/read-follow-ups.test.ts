import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../src/bytes.ts';
import type { FollowedChange } from '../../src/model/follow-up.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { readFollowUps } from '../../src/report/read-follow-ups.ts';
import { parseReportJson, publishedReportSchemas } from '../../src/report/report-json.ts';
import { changeOf } from './arbitrary-follow-ups.ts';
import { makeInput, makeInspection } from './make-inspection.ts';

const NOTHING = makeInspection([], { verdict: 'unknown' });
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 100 });

function write(changes: readonly FollowedChange[]): string {
  return buildReport(makeInput(NOTHING, { followUps: { changes } })).json.text;
}

function read(json: string): readonly FollowedChange[] {
  const parsed = parseReportJson(json);
  if (!parsed.ok) throw new Error(parsed.why);
  return readFollowUps(parsed.report);
}

test('what is followed is read back from the JSON of the report as it was, and fits its schema', () => {
  const validate = new Ajv2020().compile(JSON.parse(publishedReportSchemas()['report.schema.json'] ?? ''));
  fc.assert(
    fc.property(fc.array(changeOf(name), { maxLength: 4 }), (changes) => {
      const json = write(changes);
      expect(read(json)).toEqual(changes);
      validate(JSON.parse(json));
      expect(validate.errors).toBeNull();
    }),
    { numRuns: 100 },
  );
});

test('a report without any says none', () => {
  expect(write([])).not.toContain('followUps');
  expect(readFollowUps({})).toEqual([]);
});

test('whatever stands there is read without harm to the rest of the report', () => {
  const report = JSON.parse(write([]));
  fc.assert(
    fc.property(fc.jsonValue(), (followUps) => {
      expect(read(JSON.stringify({ ...report, followUps }))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('what one change says wrongly is not known, and spoils nothing else', () => {
  const container = {
    namespace: 'shop',
    group: 'apps',
    kind: 'Deployment',
    name: 'web',
    container: 'app',
    direction: 'raise',
    values: [
      { field: 'limit', from: -1, to: 2048 },
      { field: 'request', to: 2 ** 60 },
    ],
    before: { peak: 1e300, oomKills: 'many', days: 14 },
    rollout: { state: 'rolled out', at: 1e18 },
    looks: [
      { after: 3600, at: 1_766_700_000, used: 1024, restarts: -1 },
      { after: 'soon', at: 1 },
    ],
    verdict: { kind: 'of a later version' },
  };
  const change = { number: 9, url: 'javascript:alert(1)', how: 'merged', at: 1_766_600_000, settled: 'yes' };
  const followUps = [
    { ...change, containers: [container, { ...container, name: 5 }, 'x'] },
    { ...change, at: 'yesterday', containers: [container] },
    { ...change, containers: [] },
    null,
  ];
  expect(read(JSON.stringify({ ...JSON.parse(write([])), followUps }))).toEqual([
    {
      number: 9,
      how: 'merged',
      at: 1_766_600_000,
      settled: false,
      containers: [
        {
          workload: { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'web' },
          container: 'app',
          direction: 'raise',
          values: [{ field: 'limit', to: bytes(2048) }],
          before: { days: 14 },
          rollout: { state: 'not seen' },
          looks: [{ after: 3600, at: 1_766_700_000, used: bytes(1024) }],
          verdict: { kind: 'open' },
        },
      ],
    },
  ]);
});

test('more than a megabyte is never written: what is settled goes first', () => {
  const [one] = fc.sample(changeOf(fc.string({ minLength: 40, maxLength: 60 })), { numRuns: 1, seed: 4 });
  if (one === undefined) throw new Error('no change');
  const container = one.containers[0];
  if (container === undefined) throw new Error('no container');
  const changes = Array.from({ length: 12 }, (_, index) => ({
    ...one,
    number: index + 1,
    settled: index < 6,
    containers: Array.from({ length: 500 }, () => container),
  }));
  const json = write(changes);
  expect(Buffer.byteLength(json)).toBeLessThan(1_010_000);
  const kept = read(json);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(12);
  expect(kept[0]?.number).toBe(7);
});
