import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSeries, encodeSeries } from '../../src/page/series.ts';

const AT = 1_766_737_800;

test('a course comes back at its times, to a 4,094th of its span and a Ki', () => {
  const course = fc
    .tuple(
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.array(fc.option(fc.integer({ min: 0, max: 2 ** 45 }), { nil: undefined }), { minLength: 1, maxLength: 120 }),
    )
    .map(([slot, back, values]) =>
      values.flatMap((v, index) => (v === undefined ? [] : [{ t: AT - back - (values.length - 1 - index) * slot, v }])),
    );
  fc.assert(
    fc.property(course, (samples) => {
      const series = encodeSeries(samples, AT);
      if (samples.length === 0 || series === undefined) {
        expect([samples.length, series]).toEqual([0, undefined]);
        return;
      }
      const points = decodeSeries(series).filter(({ v }) => v !== undefined);
      const values = samples.map(({ v }) => v);
      const exactness = (Math.max(...values) - Math.min(...values)) / 4094 + 1024;
      expect(points.map(({ t }) => t + AT)).toEqual(samples.map(({ t }) => t));
      for (const [index, { v }] of points.entries()) {
        expect(Math.abs((v ?? 0) - (values[index] ?? 0))).toBeLessThanOrEqual(exactness);
      }
    }),
  );
});

test('times that fit no step are kept in their order, and as few', () => {
  const uneven = fc.array(fc.tuple(fc.integer({ min: 0, max: 700_000 }), fc.integer({ min: 0, max: 2 ** 40 })), {
    minLength: 1,
    maxLength: 150,
  });
  fc.assert(
    fc.property(uneven, (pairs) => {
      const samples = pairs.map(([ago, v]) => ({ t: AT - ago, v })).toSorted((a, b) => a.t - b.t);
      const series = encodeSeries(samples, AT);
      expect(series?.[4].length).toBeLessThanOrEqual(2000);
      const first = decodeSeries(series ?? [0, 0, 0, 0, ''])[0];
      expect(Math.abs((first?.t ?? 0) + AT - (samples[0]?.t ?? 0))).toBeLessThanOrEqual(500);
    }),
  );
});

test('nothing that a series holds can break its reading', () => {
  const anything = fc.tuple(fc.integer(), fc.integer(), fc.integer(), fc.integer(), fc.string());
  fc.assert(fc.property(anything, (series) => decodeSeries(series).length === Math.floor(series[4].length / 2)));
});
