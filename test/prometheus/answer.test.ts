import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryFailure } from '../../src/prometheus/access/failure.ts';
import { readAnswer, readInstantRow, readRangeRow, warningsOf } from '../../src/prometheus/answer.ts';
import { createRedactor } from '../../src/text/redact.ts';

const labels = fc.dictionary(fc.constantFrom('namespace', 'pod', 'container', '__name__'), fc.string(), { maxKeys: 4 });
const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), fc.constantFrom('NaN', '+Inf'));
const rangeRows = fc.array(
  fc.record({ metric: labels, values: fc.array(fc.tuple(fc.nat(2_000_000_000), value), { maxLength: 4 }) }),
  { maxLength: 4 },
);

function toText(result: unknown, space?: number): string {
  return JSON.stringify(
    { status: 'success', warnings: ['a "w" ]}'], data: { resultType: 'matrix', result } },
    null,
    space,
  );
}

const asItIs = (text: string) => text;

describe('readAnswer', () => {
  it('reads what JSON.parse reads, whatever the labels hold', () => {
    fc.assert(
      fc.property(rangeRows, fc.constantFrom(0, 2), (result, space) => {
        const { rows, envelope } = readAnswer(toText(result, space), readRangeRow, asItIs);
        const expected = result
          .map(({ metric, values }) => ({
            labels: { ...metric },
            samples: values.map(([t, v]) => ({ t, v: Number(v) })).filter(({ v }) => Number.isFinite(v)),
          }))
          .filter(({ samples }) => samples.length > 0);
        expect(rows).toEqual(expected);
        expect(envelope.warnings).toEqual(['a "w" ]}']);
      }),
    );
  });

  it('takes no answer that is cut anywhere for a whole one', () => {
    fc.assert(
      fc.property(rangeRows, fc.double({ min: 0, max: 0.999, noNaN: true }), (result, share) => {
        const text = toText(result);
        const cut = text.slice(0, Math.floor(text.length * share));
        expect(() => readAnswer(cut, readRangeRow, asItIs)).toThrow(QueryFailure);
      }),
    );
  });

  it.each([
    ['', /the answer is empty/],
    ['  \n', /the answer is empty/],
    ['<!DOCTYPE html><title>Sign in</title>', /HTML, not JSON \(title "Sign in"\)/],
    ['upstream connect error', /not JSON: "upstream connect error"/],
    ['{"status":"success"}{"status":"success"}', /text follows/],
    ['{"status":"success","data":{"result":[{]}}', /cut short or not JSON/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => readAnswer(text, readInstantRow, asItIs)).toThrow(message);
  });
});

describe('a secret', () => {
  const redact = createRedactor(['true', '1000']);

  it('that is also a word or a number of the answer breaks neither', () => {
    const body =
      '{"status":"success","isPartial":true,"data":{"result":[{"metric":{"pod":"true-1"},"value":[1000,"1000"]}]}}';
    const { envelope, rows } = readAnswer(body, readInstantRow, redact);
    expect(envelope.isPartial).toBe(true);
    expect(rows).toEqual([{ labels: { pod: '***-1' }, value: 1000 }]);
  });

  it('is taken out however JSON writes it', () => {
    const body =
      '{"status":"error","error":"\\u0074ru\\u0065","data":{"result":[{"metric":{"pod":"t\\u0072ue"},"value":[1,"1"]}]}}';
    const { envelope, rows } = readAnswer(body, readInstantRow, redact);
    expect([envelope.error, rows[0]?.labels.pod]).toEqual(['***', '***']);
  });
});

describe('warningsOf', () => {
  it('tells missing data from remarks about the query', () => {
    const warnings = ['store 10.0.0.1 is unreachable', 'PromQL info: metric might not be a counter'];
    expect(warningsOf({ warnings })).toEqual(['store 10.0.0.1 is unreachable']);
    expect(warningsOf({ isPartial: true })).toHaveLength(1);
    expect(warningsOf({ isPartial: false, warnings: null })).toEqual([]);
  });
});
