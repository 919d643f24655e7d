import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { addToHistory, type IndexEntry, parseIndex, writeIndex } from '../../src/report/index-page.ts';
import { goldenIn } from '../golden.ts';
import { makeInput } from './make-inspection.ts';
import { pigo } from './pigo.ts';

const expectGolden = goldenIn(import.meta.url);

function entryOf(day: number, overrides: Partial<IndexEntry> = {}): IndexEntry {
  const date = `2025-12-${String(day).padStart(2, '0')}`;
  const counts = { total: 14, healthy: 9, attention: 2, atRisk: day % 4, unknown: 1 };
  return { date, page: `${date}.md`, outcome: 'findings', verdict: 'red', ...counts, ...overrides };
}

test('an index is read back as it was written', () => {
  const entries = [entryOf(25), entryOf(24), entryOf(20)];
  expect(parseIndex(writeIndex(entries))).toEqual(entries);
});

test('shows the runs as a chart and a table', () => {
  expectGolden('index.md', writeIndex([entryOf(25), entryOf(24, { outcome: 'incomplete' }), entryOf(20)], 'hkidc'));
});

test('links no report that is gone, and keeps its numbers', () => {
  const history = [entryOf(25), entryOf(24)];
  const { text } = buildReport(
    makeInput(pigo(), { history, kept: new Set(['2025-12-25.md', '2025-12-25.json']) }),
  ).index;
  expect(text).toContain('| [2025-12-26](2025-12-26.md) |');
  expect(text).toContain('| [2025-12-25](2025-12-25.md) |');
  expect(text).toContain('| 2025-12-24 | 🔴 findings | 0 | 2 | 9 | 1 | 14 |');
  expect(text).toContain('A date without a link is of a report that was removed.');
  expect(parseIndex(text).map(({ date }) => date)).toEqual(['2025-12-26', '2025-12-25', '2025-12-24']);
});

test('a second run on the same day replaces the first', () => {
  const report = buildReport(makeInput(pigo(), { history: [entryOf(26, { atRisk: 99 }), entryOf(25)] }));
  const entries = parseIndex(report.index.text);
  expect(entries.map(({ date, atRisk }) => [date, atRisk])).toEqual([
    ['2025-12-26', 2],
    ['2025-12-25', 1],
  ]);
});

test('the newest thirty runs stay', () => {
  const history = Array.from({ length: 31 }, (_, index) => entryOf(index + 1));
  const kept = addToHistory(history, entryOf(31));
  expect(kept).toHaveLength(30);
  expect(kept.at(0)?.date).toBe('2025-12-31');
  expect(kept.at(-1)?.date).toBe('2025-12-02');
});

test('what is broken or foreign in an index is left out', () => {
  const good = entryOf(25);
  const text = [
    '# A page by a person',
    '<!-- memory-inspector run {"date":"2025-12-24" -->',
    `<!-- memory-inspector run ${JSON.stringify({ ...good, page: '../../secret.md' })} -->`,
    `<!-- memory-inspector run ${JSON.stringify({ ...good, date: '2025-12-23', atRisk: -1 })} -->`,
    `<!-- memory-inspector run ${JSON.stringify(good)} -->`,
  ].join('\n');
  expect(parseIndex(text)).toEqual([good]);
  expect(parseIndex('')).toEqual([]);
});
