import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findMoves } from '../../src/page/describe-history.ts';
import { readHistory } from '../../src/page/history.ts';
import { buildReport } from '../../src/report/build-report.ts';
import type { ReportStore } from '../../src/report/stored-reports.ts';
import { inspectLargeCluster } from '../report/large-cluster.ts';
import { AT, makeInput } from '../report/make-inspection.ts';
import { pigo } from '../report/pigo.ts';

const DAY = 86_400;
const SCOPE = { folder: 'reports/memory', reportName: '{date}', before: '2025-12-26' };

function storeOf(files: Readonly<Record<string, string>>): ReportStore {
  return {
    list: async () => Object.keys(files),
    read: async (path) => files[path],
  };
}

/** The files of the report of so many days before. */
function reportBefore(days: number): Record<string, string> {
  const { json, jsonParts } = buildReport(makeInput(pigo({ at: AT - days * DAY })));
  return Object.fromEntries([json, ...jsonParts].map(({ path, text }) => [path, text]));
}

test('the runs of earlier reports come back, the oldest first, with the use of a week and a month ago', async () => {
  const days = [1, 2, 6, 9, 29, 60];
  const history = await readHistory(storeOf(Object.assign({}, ...days.map(reportBefore))), SCOPE);
  expect(history.runs.map(({ date }) => date)).toEqual([
    '2025-10-27',
    '2025-11-27',
    '2025-12-17',
    '2025-12-20',
    '2025-12-24',
    '2025-12-25',
  ]);
  expect(history.runs[0]).toMatchObject({ level: 'r', total: 12, atRisk: 2, attention: 2 });
  expect(history.use.map(({ date }) => date)).toEqual(['2025-12-20', '2025-11-27']);
  expect(history.use[0]?.used.get('pigo-rel/Deployment/nacos/nacos')).toBe(2_115_000_000);
  expect([history.passedOver, history.leftOut]).toEqual([0, 0]);
});

test('the report of today and of later days, other files and what is broken are not counted as runs', async () => {
  const history = await readHistory(
    storeOf({
      ...reportBefore(0),
      ...reportBefore(-3),
      ...reportBefore(5),
      'reports/memory/2025-12-19.json': '{"$schema":',
      'reports/memory/2025-12-18.json': `{"$schema":"urn:kubernetes-memory-inspector:report:2"}${'['.repeat(5000)}`,
      'reports/memory/2025-12-17.json': Object.values(reportBefore(1))[0] ?? '',
      'reports/memory/notes.json': '{}',
      'reports/memory/README.md': '',
    }),
    SCOPE,
  );
  expect(history.runs.map(({ date }) => date)).toEqual(['2025-12-21']);
  expect(history.passedOver).toBe(3);
});

test('reading ends at the budget, the newest reports first', async () => {
  const files = Object.assign({}, ...[1, 2, 3, 4].map(reportBefore));
  const few = await readHistory(storeOf(files), { ...SCOPE, most: 2 });
  expect(few.runs.map(({ date }) => date)).toEqual(['2025-12-24', '2025-12-25']);
  expect(few.leftOut).toBe(2);
  const small = await readHistory(storeOf(files), { ...SCOPE, mostBytes: 1 });
  expect([small.runs.length, small.leftOut]).toEqual([1, 3]);
  expect((await readHistory(storeOf(files), { ...SCOPE, patience: -1 })).runs).toEqual([]);
});

test('a store that fails for a report costs that report', async () => {
  const files = Object.assign({}, ...[1, 7].map(reportBefore));
  const store: ReportStore = {
    ...storeOf(files),
    read: async (path) => {
      if (path.includes('12-19')) throw new Error('unreachable');
      return files[path];
    },
  };
  const history = await readHistory(store, SCOPE);
  expect([history.runs.length, history.passedOver, history.use.length]).toEqual([1, 1, 0]);
});

test('the use of a report in parts is found in its parts', async () => {
  const { json, jsonParts } = buildReport(makeInput(inspectLargeCluster(12_500)));
  expect(jsonParts.length).toBeGreaterThan(0);
  const files = Object.fromEntries([json, ...jsonParts].map(({ path, text }) => [path, text]));
  const history = await readHistory(storeOf(files), { ...SCOPE, before: '2026-12-01' });
  expect(history.use[0]?.used.size).toBeGreaterThan(7000);
});

test('what moved is told largest first, and nothing is both new and gone', () => {
  const use = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'd'),
    fc.integer({ min: 0, max: 999 }),
  );
  fc.assert(
    fc.property(use, use, (now, then) => {
      const [after, before] = [new Map(Object.entries(now)), new Map(Object.entries(then))];
      const { moved, added, addedCount, gone, goneCount } = findMoves(after, { used: before }, (key) => key);
      const sizes = moved.map(({ from = 0, to = 0 }) => Math.abs(to - from));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect([added.length, gone.length]).toEqual([addedCount, goneCount]);
      const same = [...after].filter(([key, to]) => before.get(key) === to).length;
      expect(moved.length + addedCount + same).toBe(after.size);
      expect(moved.length + goneCount + same).toBe(before.size);
    }),
  );
});
