import { describe, expect, test } from 'vitest';
import type { InstantRow } from '../../src/prometheus/answer.ts';
import { chooseSource, explainUnnamed } from '../../src/prometheus/choose-source.ts';
import { createDrafts } from '../../src/prometheus/drafts.ts';
import { readLingering } from '../../src/prometheus/measure-now.ts';

const MANY = 300_000;

function rowsOf(labelsOf: (index: number) => Record<string, string>): InstantRow[] {
  return Array.from({ length: MANY }, (_, index) => ({ labels: labelsOf(index), value: index }));
}

describe('an answer with as many rows as anybody can send', () => {
  test('of series that do not say whose memory they are ends in a sentence', () => {
    const source = chooseSource(rowsOf((index) => ({ part: 'opentelemetry', cluster: String(index) })));
    expect(() => explainUnnamed(source)).toThrow(`${MANY - 1} series of container memory from OpenTelemetry`);
  });

  test('of instances of one container leaves the newest', () => {
    const drafts = createDrafts('all');
    const metric = { __name__: 'container_memory_working_set_bytes', namespace: 'a', pod: 'b', container: 'c' };
    readLingering(
      rowsOf((index) => ({ ...metric, id: String(index) })),
      drafts,
    );
    expect([...drafts.all()].map(({ now }) => now?.workingSet)).toEqual([MANY - 1]);
  });
});
