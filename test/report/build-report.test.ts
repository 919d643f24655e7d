import { test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { expectGolden } from './golden.ts';
import { makeInput } from './make-inspection.ts';
import { pigo, pigoDeliveries, pigoLocations } from './pigo.ts';

test('tells the pigo case', () => {
  const report = buildReport(
    makeInput(pigo(), {
      clusterName: 'hkidc',
      timeZone: 'Asia/Hong_Kong',
      runUrl: 'https://example.invalid/actions/runs/4711',
      repositoryUrl: 'https://example.invalid/blob/main/',
      deliveries: pigoDeliveries,
      locations: pigoLocations,
    }),
  );
  expectGolden('pigo.md', report.pages[0]?.text ?? '');
  expectGolden('pigo.json', report.json.text);
  expectGolden('pigo-index.md', report.index.text);
});
