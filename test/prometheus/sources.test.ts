import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import type { PrometheusClient } from '../../src/prometheus/client.ts';
import { type Measured, type MeasureScope, measure } from '../../src/prometheus/measure.ts';
import { measureHistory } from '../../src/prometheus/measure-history.ts';
import { connect } from './access/ways.ts';
import { createFakeLog } from './fake-log.ts';
import { has } from './local-kubectl.ts';
import { type Engine, type Series, startPrometheus, startPrometheus3 } from './real-engines.ts';
import { AT, isUtf8, KILLED, SOURCES } from './sources.ts';

const DAY = 86_400;
const scope: MeasureScope = {
  at: AT,
  windows: { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY },
  namespaces: ['shop'],
  clusterLabel: 'cluster',
};

/** The columns of the table: whether a source tells of them. */
const COLUMNS: Readonly<Record<string, (one: ContainerMeasurement | undefined) => boolean>> = {
  'working set': (one) => one?.now?.workingSet === 1000 && one.peak === 1900 && one.averages.length === 60,
  resident: (one) => one?.now?.rss === 600 && one.rss.length === 4,
  'page cache': (one) => one?.now?.activeFile === 200 && one.now.mappedFile === 50,
  start: (one) => one?.now?.startedAt === KILLED,
  restarts: (one) => one?.restarts.at(-1)?.v === 1,
  'OOM reason': (one) => (one?.oomReason.length ?? 0) > 0,
  'OOM events': (one) => one?.oomEvents === 1,
  'limit, request': (one) => one?.limit === 2000 && one.request === 1000 && one.uid === 'u-1',
};

/** The rows of the table of sources, by their first cell. */
function readTable(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL('../../docs/SOURCES.md', import.meta.url), 'utf8');
  const table = /\n\| source \|(.*)\n\|[-| ]+\n((?:\|.*\n)+)/.exec(text);
  expect(
    table?.[1]
      ?.split('|')
      .map((cell) => cell.trim())
      .filter(Boolean),
  ).toEqual(Object.keys(COLUMNS));
  const rows = (table?.[2] ?? '').trim().split('\n');
  return new Map(
    rows.map((row) => {
      const [first = '', ...cells] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [first, cells] as const;
    }),
  );
}

const table = readTable();
const engines: Engine[] = [];
afterAll(async () => {
  for (const engine of engines) await engine.stop();
});

async function measureOn(series: readonly Series[], utf8: boolean): Promise<Measured & { client: PrometheusClient }> {
  const engine = await (utf8 ? startPrometheus3(series) : startPrometheus(series));
  engines.push(engine);
  const client = await connect({ url: engine.url, access: 'direct' });
  return { ...(await measure(client, scope, createFakeLog())), client };
}

describe('docs/SOURCES.md', () => {
  it('has a row for each source that is tested, and none besides', () => {
    expect([...table.keys()]).toEqual(Object.keys(SOURCES));
  });
});

describe.each(Object.entries(SOURCES))('%s (skipped where its engine is not installed)', (source, series) => {
  const utf8 = isUtf8(source);
  const there = utf8 ? has('prometheus3') && has('promtool3') : has('prometheus') && has('promtool');

  it.runIf(there)(
    'tells what the table says',
    async () => {
      const cells = table.get(source) ?? [];
      if (!cells.includes('yes')) {
        await expect(measureOn(series, utf8)).rejects.toThrow(/without promoted resource attributes/);
        return;
      }
      const { measurements, notes, client, dialect } = await measureOn(series, utf8);
      const one = measurements.find(({ pod, container }) => pod === 'web-1' && container === 'app');
      expect(measurements).toHaveLength(1);
      const told = Object.values(COLUMNS).map((tells) => (tells(one) ? 'yes' : 'no'));
      expect(told).toEqual(cells);
      const targets = [{ namespace: 'shop', container: 'app', runs: true }];
      const { histories } = await measureHistory(client, { ...scope, targets, dialect }, createFakeLog());
      expect(histories[0]?.dailyPeaks.map(({ v }) => v)).toEqual([1900, 1900]);
      expect(histories[0]?.hourlyAverages?.at(-1)?.v).toBe(1000);
      const said = notes.map(({ text }) => text).join('\n');
      const lacks = {
        resident: 'resident memory',
        'page cache': 'page cache',
        start: 'start times',
        'OOM events': 'OOM events',
      };
      for (const [column, words] of Object.entries(lacks)) {
        const isTold = cells[Object.keys(COLUMNS).indexOf(column)] === 'yes';
        expect(said.includes(words), `${column} in ${said}`).toBe(!isTold);
      }
      expect(said.includes('from cAdvisor and from OpenTelemetry')).toBe(source === 'cAdvisor and OpenTelemetry');
      expect(said.includes('no series from kube-state-metrics')).toBe(cells.at(-1) === 'no');
    },
    60_000,
  );
});
