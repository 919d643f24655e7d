import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Scorecard } from '../../src/model/follow-up.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { parseIndex } from '../../src/report/index-page.ts';
import { keepScorecard, parseScorecard, writeScorecard } from '../../src/report/scorecard.ts';
import { goldenIn } from '../golden.ts';
import { SCORECARD } from './follow-ups.ts';
import { makeInput } from './make-inspection.ts';
import { pigo } from './pigo.ts';

const expectGolden = goldenIn(import.meta.url);

function indexOf(overrides: Parameters<typeof makeInput>[1]): string {
  return buildReport(makeInput(pigo(), overrides)).index.text;
}

test('shows what became of the suggestions, and by month', () => {
  expectGolden('index-scorecard.md', indexOf({ followUps: { changes: [], scorecard: SCORECARD } }));
});

test('a run that did not ask GitHub keeps the last one', () => {
  const asked = indexOf({ followUps: { changes: [], scorecard: SCORECARD } });
  const lastScorecard = parseScorecard(asked);
  expect(lastScorecard).toEqual(SCORECARD);
  expect(indexOf({ lastScorecard })).toBe(asked);
  expect(parseIndex(asked)).toHaveLength(1);
});

test('says nothing where nothing was ever suggested', () => {
  const none: Scorecard = { ...SCORECARD, suggested: 0 };
  expect(indexOf({ followUps: { changes: [], scorecard: none } })).toBe(indexOf({}));
  expect(writeScorecard(undefined)).toBe('');
});

test('says no more of what nobody has merged than that, and what was not looked at', () => {
  const text = writeScorecard({ ...SCORECARD, merged: 0, months: SCORECARD.months.slice(1), cutOff: true });
  expect(text).toContain(
    '6 of them were withdrawn, because nothing was left to change. Older ones were not looked at.',
  );
  expect(text).not.toContain('OOM kills');
  expect(text).not.toContain('mermaid');
});

test('keeps the newest two years of months, in their order', () => {
  const months = Array.from({ length: 40 }, (_, index) => ({
    ...SCORECARD,
    month: `${2020 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
  }));
  const kept = parseScorecard(keepScorecard({ ...SCORECARD, months: months.toReversed() }));
  expect(kept?.months.map(({ month }) => month)).toEqual(months.slice(-24).map(({ month }) => month));
  expect(keepScorecard({ ...SCORECARD, months }).length).toBeLessThan(20_000);
});

const line = (value: unknown) => `text\n<!-- memory-inspector scorecard ${JSON.stringify(value)} -->\n`;

test.each([
  ['no line', ''],
  ['no JSON', '<!-- memory-inspector scorecard {"suggested":} -->'],
  ['a negative number', line({ ...SCORECARD, merged: -1 })],
  ['an impossible number', line({ ...SCORECARD, oomKills: { before: 1e300, after: 0 } })],
  ['a month that is none', line({ ...SCORECARD, months: [{ ...SCORECARD, month: '2025-13"] --> <b>' }] })],
  ['a line without an end', line({ ...SCORECARD, more: 'x'.repeat(100_000) })],
])('takes %s for no scorecard', (_, text) => {
  expect(parseScorecard(text)).toBeUndefined();
});

test('whatever stands there, it does not throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseScorecard(line({ ...SCORECARD, months: value }))?.months ?? []).toEqual([]);
      expect(parseScorecard(line(value))).toBeUndefined();
    }),
  );
});
