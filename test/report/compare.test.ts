import { expect, test } from 'vitest';
import type { Level } from '../../src/model/level.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { type Comparison, compareReports } from '../../src/report/compare.ts';
import { listContainers } from '../../src/report/container-view.ts';
import { parseReportJson, type ReportJson } from '../../src/report/report-json.ts';
import { AT, type ContainerSpec, makeInput, makeInspection } from './make-inspection.ts';

/** What is observed of a container of each level. */
const OBSERVED: Readonly<Record<Level, Omit<ContainerSpec, 'name'>>> = {
  green: { used: 50 },
  yellow: { used: 75 },
  red: { used: 95 },
  unknown: {},
};

function inspectionOf(levels: Readonly<Record<string, Level>>, at = AT, namespaces = ['shop']) {
  const workloads = Object.entries(levels).map(([name, level]) => ({
    namespace: 'shop',
    name,
    pods: { [`${name}-0`]: [{ name, limit: 100, request: 50, ...OBSERVED[level] }] },
  }));
  return makeInspection(workloads, { at, namespaces });
}

function reportOf(levels: Readonly<Record<string, Level>>): ReportJson {
  const parsed = parseReportJson(buildReport(makeInput(inspectionOf(levels, AT - 86_400))).json.text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.report;
}

function compare(
  before: Readonly<Record<string, Level>>,
  now: Readonly<Record<string, Level>>,
  inspection = inspectionOf(now),
) {
  const result = compareReports(reportOf(before), '2025-12-26', inspection, listContainers(inspection));
  if (result === undefined) throw new Error('not compared');
  return namesOf(result);
}

function namesOf(comparison: Comparison) {
  const { added, worse, better, gone, lost } = comparison;
  const names = (changes: typeof added) => changes.map(({ label }) => label.replace('shop/', '')).join();
  return { added: names(added), worse: names(worse), better: names(better), gone: names(gone), lost: names(lost) };
}

const NOTHING = { added: '', worse: '', better: '', gone: '', lost: '' };

test.each([
  ['green', 'yellow', { added: 'a' }],
  ['green', 'red', { added: 'a' }],
  ['unknown', 'red', { added: 'a' }],
  ['yellow', 'red', { worse: 'a' }],
  ['red', 'yellow', { better: 'a' }],
  ['red', 'green', { gone: 'a' }],
  ['yellow', 'green', { gone: 'a' }],
  ['red', 'unknown', { lost: 'a' }],
  ['green', 'unknown', {}],
  ['red', 'red', {}],
] as const)('from %s to %s', (before, now, expected) => {
  expect(compare({ a: before }, { a: now })).toEqual({ ...NOTHING, ...expected });
});

test('a workload that is not there any more is gone, a new one is new', () => {
  expect(compare({ old: 'red', fine: 'green' }, { fresh: 'yellow' })).toEqual({
    ...NOTHING,
    added: 'fresh',
    gone: 'old',
  });
});

test('what was not inspected this time is not called gone', () => {
  expect(compare({ a: 'red' }, {}, inspectionOf({}, AT, ['other']))).toEqual({ ...NOTHING, lost: 'a' });
  const note = { kind: 'incomplete' as const, text: 'forbidden', namespaces: ['shop'] };
  expect(compare({ a: 'red' }, {}, { ...inspectionOf({}), notes: [note] })).toEqual({ ...NOTHING, lost: 'a' });
});

test('a report of the same day or later is not compared with', () => {
  const inspection = inspectionOf({ a: 'red' });
  const previous = { ...reportOf({ a: 'green' }), date: '2025-12-26' };
  expect(compareReports(previous, '2025-12-26', inspection, listContainers(inspection))).toBeUndefined();
});
