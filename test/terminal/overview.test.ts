import fc from 'fast-check';
import { createColors } from 'picocolors';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { prepareContext } from '../../src/report/context.ts';
import { drawOverview } from '../../src/terminal/overview.ts';
import { goldenIn } from '../golden.ts';
import { makeInput } from '../report/make-inspection.ts';
import { pigo, pigoDeliveries, pigoLocations } from '../report/pigo.ts';

const golden = goldenIn(import.meta.url);
const colours = createColors(false);

test.each([80, 140])('what a run found, on %i columns', (columns) => {
  const drawn = drawOverview(
    prepareContext(makeInput(pigo(), { deliveries: pigoDeliveries, locations: pigoLocations })),
    { colours, columns, all: true },
  );
  golden(`pigo-${columns}.txt`, drawn);
});

test('no name makes a line wider than a terminal of 80 columns or more, or makes the terminal do anything', () => {
  const inspection = pigo();
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 253 });
  fc.assert(
    fc.property(name, fc.integer({ min: 80, max: 200 }), (hostile, columns) => {
      const workloads = inspection.workloads.map((judged) => ({
        ...judged,
        workload: { ...judged.workload, ref: { ...judged.workload.ref, name: hostile } },
      }));
      const context = prepareContext(makeInput({ ...inspection, workloads }));
      const lines = drawOverview(context, { colours, columns, all: true }).split('\n');
      expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
      expect(lines.filter((line) => /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u.test(line))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
