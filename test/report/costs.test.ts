import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { sumUpCosts } from '../../src/report/costs.ts';
import { parseReportJson } from '../../src/report/report-json.ts';
import { writeScorecard } from '../../src/report/scorecard.ts';
import { goldenIn } from '../golden.ts';
import { makeInput, makeInspection, mi } from './make-inspection.ts';
import { pigo, pigoDeliveries, pigoLocations } from './pigo.ts';

const expectGolden = goldenIn(import.meta.url);

const PRICE = { perGibMonth: 3.2, currency: 'EUR' };
const COMPLETE = { deliveries: pigoDeliveries, locations: pigoLocations };

test('with a price, the report says what is requested and what each change and all of them add and free', () => {
  const report = buildReport(makeInput(pigo(), { ...COMPLETE, price: PRICE }));
  expectGolden('price.md', report.pages[0]?.text ?? '');
  const parsed = parseReportJson(report.json.text);
  expect(parsed.ok && parsed.report.cost).toMatchObject(PRICE);
});

test('without one, not a byte is said of it', () => {
  const { context: _, ...without } = buildReport(makeInput(pigo(), COMPLETE));
  const { context: __, ...priced } = buildReport(makeInput(pigo(), { ...COMPLETE, price: PRICE }));
  expect(JSON.stringify(without)).not.toMatch(/a month|costPerMonth|"cost"|reserves/);
  const [before, after] = [without, priced].map(({ pages }) => pages[0]?.text.split('\n') ?? []);
  const bare = after?.filter((line) => !/^Requested in /.test(line)).map((line) => line.replace(COST, ''));
  expect(bare?.join('\n').replace(/\n\n\n/g, '\n\n')).toBe(before?.join('\n'));
});

const COST = / · (?:costs|frees) (?:the same|about [\d.]+ EUR a month(?: more)?)/;

test('what is requested today is what is in force, of pods as a whole what they ask for as such', () => {
  const inspection = pigo();
  const all = sumUpCosts({ inspection, price: PRICE }, []);
  const [first, ...rest] = inspection.workloads;
  if (first === undefined) throw new Error('no workloads');
  const requestOf = (pod: object) => {
    const pods = first.workload.pods.map((one) => ({ ...one, ...pod }));
    const workloads = [{ ...first, workload: { ...first.workload, pods } }, ...rest];
    return sumUpCosts({ inspection: { ...inspection, workloads }, price: PRICE }, [])?.requested;
  };
  const own = first.workload.pods.length;
  expect(all?.requested.unknown).toBe(0);
  expect(requestOf({ requestsAsWhole: true })).toMatchObject({ pods: (all?.requested.pods ?? 0) - own, unknown: own });
  expect(requestOf({ deleting: true })).toMatchObject({ pods: (all?.requested.pods ?? 0) - own, unknown: 0 });
  const container = { name: 'a', kind: 'container', injected: false, running: true, restarts: 0 } as const;
  const sizes = (limit: number, request: number) => ({
    limit: { state: 'set', bytes: mi(limit) } as const,
    request: { state: 'set', bytes: mi(request) } as const,
  });
  const nothing = requestOf({ containers: [] })?.bytes ?? 0;
  const resized = { ...container, ...sizes(10, 10), actual: sizes(30, 20) };
  expect(requestOf({ containers: [resized] })?.bytes).toBe(nothing + own * mi(20));
  const whole = { ...container, ...sizes(100, 70), name: '(pod)', kind: 'pod' };
  expect(requestOf({ containers: [resized, whole] })?.bytes).toBe(nothing + own * mi(70));
});

test('nothing to inspect costs nothing', () => {
  const page = buildReport(makeInput(makeInspection([]), { price: PRICE })).pages[0]?.text;
  expect(page).not.toContain('a month');
});

test('the scorecard says what was handed back and added', () => {
  const gib = 1024 ** 3;
  const card = {
    ...{ suggested: 3, merged: 2, declined: 0, open: 1, confirmed: 1, reverted: 0 },
    oomKills: { before: 2, after: 0 },
    freed: { limits: 8 * gib, requests: 128 * gib },
    added: { limits: gib, requests: 0 },
    months: [],
    cutOff: false,
  };
  const line = 'Memory handed back, over all pods: limits **8192Mi**, requests **128Gi**';
  expect(writeScorecard(card, PRICE)).toContain(`${line} (about 410 EUR a month). Added: limits **1024Mi**.`);
  expect(writeScorecard(card)).toContain(`${line}. Added`);
});
