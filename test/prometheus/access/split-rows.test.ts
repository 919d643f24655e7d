import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRowSplitter } from '../../../src/prometheus/access/split-rows.ts';
import { readAnswer } from '../../../src/prometheus/answer.ts';

const untouched = (text: string) => text;
const asIs = (raw: Record<string, unknown>) => raw;

/** The text in chunks that end at the given places. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((from, index) => text.slice(from, ends[index] ?? text.length));
}

function split(chunks: readonly string[]): { rows: unknown[]; rest: string } {
  const rows: unknown[] = [];
  const splitter = createRowSplitter((text) => rows.push(JSON.parse(text)));
  return { rest: chunks.map(splitter).join(''), rows };
}

const row = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
const answer = fc.record({
  status: fc.constantFrom('success', 'error'),
  data: fc.record({ resultType: fc.string(), result: fc.array(row), analysis: fc.jsonValue({ maxDepth: 1 }) }),
  warnings: fc.array(fc.string()),
});

it('finds the rows that reading the whole answer finds, wherever it is cut into chunks', () => {
  fc.assert(
    fc.property(answer, fc.array(fc.nat(), { maxLength: 20 }), fc.nat({ max: 2 }), (given, places, indent) => {
      const text = JSON.stringify(given, null, indent);
      const { rows, rest } = split(cut(text, places));
      const whole = readAnswer(text, asIs, untouched);
      expect(rows).toEqual(whole.rows);
      const left = readAnswer(rest, asIs, untouched);
      expect(left.rows).toEqual([]);
      expect(left.envelope).toEqual(whole.envelope);
    }),
  );
});

it('leaves an answer broken that was cut short', () => {
  fc.assert(
    fc.property(answer, fc.nat(), (given, place) => {
      const text = JSON.stringify(given);
      const { rest } = split([text.slice(0, place % text.length)]);
      expect(() => readAnswer(rest, asIs, untouched)).toThrow(/cut short|empty/);
    }),
  );
});

it('leaves other answers as they are', () => {
  for (const text of ['{"data":{"result":[1700006400,"1"]}}', 'no', '[[[{"a":1},{"b":2}]]]']) {
    expect(split(cut(text, [3, 9])).rest).toBe(text);
  }
});
