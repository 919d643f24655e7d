import { expect, it } from 'vitest';
import { headlineOf } from '../../src/inspect/deliver.ts';

const at = Date.parse('2026-11-23T22:30:00Z') / 1000;
const inspection = { totals: { total: 3, healthy: 0, attention: 2, atRisk: 1, unknown: 0 } };

it('dates the commit as the report is dated, in the chosen time zone', () => {
  const of = (timeZone: string) =>
    headlineOf({ inspection, options: { timeZone, clusterName: 'prod' }, observation: { at } });
  expect(of('UTC')).toBe('Memory report of prod for 2026-11-23: 1 at risk, 2 need attention');
  expect(of('Asia/Tokyo')).toContain('for 2026-11-24:');
});
