import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { ContainerEvidence } from '../../src/model/gate.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { parseReportJson, type ReportJson, type ReportJsonContainer } from '../../src/report/report-json.ts';
import { evidenceOfObservation } from '../../src/weigh/evidence-of-observation.ts';
import { evidenceOfReports, type ReportsInput, type StoredReport } from '../../src/weigh/evidence-of-reports.ts';
import { ABSENT, AT, DAY, HOUR, mi, set } from '../checks/fixtures.ts';
import { makeInput } from '../report/make-inspection.ts';
import { changeOf, limitTo, REF } from './fixtures.ts';
import { scenes } from './scenes.ts';

const INPUT: ReportsInput = { instead: { kind: 'fork' }, now: AT + 5 * HOUR, gateWindow: 14 * DAY };

function reportOf(inspection: Inspection, change: Partial<ReportJson> = {}): StoredReport {
  const parsed = parseReportJson(buildReport(makeInput(inspection)).json.text);
  if (!parsed.ok) throw new Error(parsed.why);
  return { path: 'reports/memory/2025-12-25.json', report: { ...parsed.report, ...change } };
}

/** A report of so many days before `AT`, with one container. */
function reportAgo(
  days: number,
  container: Partial<ReportJsonContainer>,
  change: Partial<ReportJson> = {},
): StoredReport {
  const green = { level: 'green' } as const;
  const whole: ReportJsonContainer = {
    name: 'app',
    level: 'green',
    checks: { usage: green, trend: green, sizing: green, heap: green },
    used: mi(1000),
    peak: mi(1100),
    limit: mi(2000),
    request: mi(1000),
    ...container,
  };
  const { namespace, group, kind, name } = REF;
  const workloads = [{ namespace, group, kind, name, level: 'green' as const, pods: 2, containers: [whole] }];
  const at = new Date((AT - days * DAY) * 1000).toISOString();
  return {
    path: `reports/memory/${at.slice(0, 10)}.json`,
    report: {
      $schema: 'urn:kubernetes-memory-inspector:report:2',
      date: at.slice(0, 10),
      at,
      timeZone: 'UTC',
      outcome: 'ok',
      verdict: 'green',
      totals: { total: 2, healthy: 2, attention: 0, atRisk: 0, unknown: 0 },
      namespaces: ['shop'],
      access: { way: 'direct', url: 'http://prometheus:9090' },
      queries: 12,
      thresholds: {},
      notes: [],
      pullRequests: [],
      workloads,
      ...change,
    },
  };
}

function useIn(reports: readonly StoredReport[], input: Partial<ReportsInput> = {}): ContainerEvidence {
  const matched = evidenceOfReports(reports, { ...INPUT, ...input }).match(limitTo(1500));
  if (matched.state !== 'matched' || matched.evidence === undefined) throw new Error(matched.state);
  return matched.evidence;
}

test('a report tells what the observation that it is made of does', () => {
  fc.assert(
    fc.property(scenes, ({ observation, settings }) => {
      const matched = evidenceOfObservation(observation, settings).match(limitTo(1500));
      const told = useIn([reportOf(judge(observation, settings))]);
      const known = matched.state === 'matched' ? matched.evidence : undefined;
      if (known === undefined) throw new Error('nothing is known');
      const { used = 0, peak = 0, requestBase = 0, days, flatDays, cacheShare, actual, heap, leak, ...same } = known;
      expect(told).toMatchObject(same);
      const near = (size: number | undefined, to: number, by: number) =>
        expect(Math.abs((size ?? 0) - to)).toBeLessThanOrEqual(to * by + 1);
      near(told.used, used, 0.001);
      near(told.peak, peak, 0.001);
      near(told.requestBase, requestBase, 0.06);
      near(told.leak?.bytesPerHour, leak?.bytesPerHour ?? 0, 0.001);
      near(told.heap?.live, heap?.live ?? 0, 0.001);
      near(told.heap?.nonHeap, heap?.nonHeap ?? 0, 0.001);
      expect(Math.abs((told.cacheShare ?? 0) - (cacheShare ?? 0))).toBeLessThanOrEqual(0.05);
      expect(told.days).toBeLessThanOrEqual(days);
    }),
    { numRuns: 200 },
  );
});

describe('several reports', () => {
  test('tell the highest of their peaks, over the days that they span', () => {
    const reports = [reportAgo(0, {}), reportAgo(6, { peak: mi(1800) }), reportAgo(3, { peak: mi(1300) })];
    expect(useIn(reports)).toMatchObject({ used: mi(1000), peak: mi(1800), days: 7 });
  });

  test('before the gate window tell nothing', () => {
    expect(useIn([reportAgo(0, {}), reportAgo(14, { peak: mi(1800) })])).toMatchObject({ peak: mi(1100), days: 1 });
    const { source } = evidenceOfReports([reportAgo(15, {})], INPUT);
    expect(source).toMatchObject({ kind: 'none', why: expect.stringContaining('before gate-window') });
  });

  test('tell of earlier days only as far as the newest knows them', () => {
    const use = { peak: mi(1900), days: 14 };
    expect(useIn([reportAgo(0, { use })])).toMatchObject({ peak: mi(1900), days: 14 });
    expect(useIn([reportAgo(0, {}), reportAgo(1, { use })])).toMatchObject({ peak: mi(1100), days: 2 });
  });

  test('tell the highest limit that killed, or that one is not known', () => {
    const killed = (killedAt: number | 'unknown') => ({ oomKills: 1, use: { killedAt } });
    const reports = [reportAgo(0, {}), reportAgo(1, killed('unknown')), reportAgo(2, killed(mi(900)))];
    expect(useIn(reports).killed).toEqual({ kind: 'at', limit: mi(900) });
    expect(useIn(reports.slice(0, 2)).killed).toEqual({ kind: 'unknown' });
    expect(useIn([reportAgo(0, { oomKills: 2 })]).killed).toEqual({ kind: 'unknown' });
    expect(useIn([reportAgo(0, {}), reportAgo(1, { use: { killedAt: mi(900) } })]).killed).toEqual({ kind: 'no' });
  });

  test('of another cluster are passed over', () => {
    const others = [reportAgo(0, { used: mi(5000) }, { cluster: 'prod' }), reportAgo(1, {}, { cluster: 'dev' })];
    expect(useIn(others, { clusterName: 'dev' }).used).toBe(mi(1000));
    expect(evidenceOfReports(others, { ...INPUT, clusterName: 'rel' }).source.kind).toBe('none');
  });

  test('name the newest, and how old it is', () => {
    const { source } = evidenceOfReports([reportAgo(1, {}), reportAgo(0, {})], INPUT);
    expect(source).toEqual({
      kind: 'reports',
      path: 'reports/memory/2025-12-25.json',
      count: 2,
      at: AT,
      age: 5 * HOUR,
      instead: { kind: 'fork' },
    });
  });
});

test('a workload that the newest report does not have is new, or in a namespace that was not looked at', () => {
  const evidence = evidenceOfReports([reportAgo(0, {})], INPUT);
  const inNamespace = (namespace: string) => changeOf({ workload: { ...REF, name: 'basket', namespace } });
  expect(evidence.match(inNamespace('shop'))).toEqual({ state: 'new' });
  expect(evidence.match(inNamespace('pay'))).toEqual({ state: 'not inspected' });
});

test('pods that are sized in place are told apart from their template', () => {
  const drifts = [{ how: 'in place' as const, pods: 2, limit: { from: mi(2000), to: mi(3000) } }];
  expect(useIn([reportAgo(0, { limit: mi(3000), drifts })]).actual).toEqual({ limit: set(3000), request: set(1000) });
});

test('no report is no evidence, and says so', () => {
  const evidence = evidenceOfReports([], INPUT);
  expect(evidence.source).toEqual({ kind: 'none', instead: { kind: 'fork' }, why: 'The base branch has no report' });
  expect(evidence.match(changeOf({ limit: { ...limitTo(1).limit, after: ABSENT } }))).toMatchObject({
    state: 'not known',
  });
});
