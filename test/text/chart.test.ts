import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mebibytes } from '../../src/bytes.ts';
import { drawChart, drawSparkline } from '../../src/text/chart.ts';
import { AT, ramp, spread, WINDOWS } from '../report/make-inspection.ts';

const course = (values: readonly number[]) => ({ averages: spread(values), at: AT, window: WINDOWS.window });

test('a steady rise climbs from the lowest bar to the highest', () => {
  expect(drawSparkline(course(ramp(1000, 1390)))).toBe('▁▂▃▄▅▆▇█');
});

test('noise of a few percent stays flat', () => {
  const noise = Array.from({ length: 48 }, (_, index) => 1000 + (index % 2) * 20);
  expect(new Set(drawSparkline(course(noise))).size).toBe(1);
});

test('zero is drawn as nothing used', () => {
  expect(drawSparkline(course(Array<number>(48).fill(0)))).toBe('▁▁▁▁▁▁▁▁');
});

test('gaps are dots, and no data is nothing', () => {
  const samples = spread(ramp(500, 500)).filter((_, index) => index < 6 || index >= 42);
  expect(drawSparkline({ ...course([]), averages: samples })).toBe('▅······▅');
  expect(drawSparkline(course([]))).toBe('');
});

test('samples out of the window are left out', () => {
  const old = [
    { t: AT - WINDOWS.window - 1, v: 1 },
    { t: AT + 60, v: 1 },
  ];
  expect(drawSparkline({ ...course([]), averages: old })).toBe('');
});

test('a chart bridges gaps and begins where the data does', () => {
  const samples = spread(ramp(100, 148, 48)).filter((_, index) => index >= 24 && (index < 30 || index >= 36));
  const chart = drawChart({ ...course([]), averages: samples, title: 'x', limit: mebibytes(200) }) ?? '';
  expect(chart).toContain('x-axis "hours" -11.5 --> -0.5');
  expect(lineOf(chart, 'used')).toEqual(
    [125, 127, 129, 131, 133, 135, 137, 139, 141, 143, 145, 147].map((v) => expect.closeTo(v, -0.5)),
  );
});

test('no chart without two points', () => {
  expect(drawChart({ ...course([]), title: 'x' })).toBeUndefined();
  expect(drawChart({ ...course([]), averages: [{ t: AT, v: 1e9 }], title: 'x' })).toBeUndefined();
});

test('a week is drawn in days', () => {
  const week = { averages: spread(ramp(1, 48), 7 * 86_400), at: AT, window: 7 * 86_400 };
  expect(drawChart({ ...week, title: 'x' })).toContain('x-axis "days" -6.9 --> -0.1');
});

function lineOf(chart: string, name: string): number[] {
  const list = new RegExp(`line "${name}[^"]*" \\[(.*)\\]`).exec(chart)?.[1] ?? '';
  return list.split(', ').map(Number);
}

test('the range covers every line, and all lines have as many points', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 48, maxLength: 48 });
  fc.assert(
    fc.property(
      values,
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (used, limit, more) => {
        const chart =
          drawChart({ ...course(used), title: 'x', limit: mebibytes(limit), proposedLimit: mebibytes(more) }) ?? '';
        const [, bottom, top] = /y-axis "Mi" (\S+) --> (\S+)/.exec(chart) ?? [];
        const lines = [lineOf(chart, 'used'), lineOf(chart, 'limit'), lineOf(chart, 'proposed limit')];
        expect(new Set(lines.map((line) => line.length)).size).toBe(1);
        for (const value of lines.flat()) {
          expect(value).toBeGreaterThanOrEqual(Number(bottom));
          expect(value).toBeLessThanOrEqual(Number(top));
        }
        expect(Number(top)).toBeGreaterThan(Number(bottom));
      },
    ),
  );
});
