import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerMeasurement, HeapCourse } from '../../src/model/measurement.ts';
import { measure } from '../../src/prometheus/measure.ts';
import { measureHistory } from '../../src/prometheus/measure-history.ts';
import { connect } from './access/ways.ts';
import { AT, DAY, every, HOUR, MINUTE, NEW_POD, OLD_POD, RESTART, scope, series } from './engine-history.ts';
import { createFakeLog } from './fake-log.ts';
import { startCortex, startThanos, startThanosFrontend, TENANT } from './large-engines.ts';
import { has } from './local-kubectl.ts';
import { type Engine, type Series, startPrometheus, startPrometheus3, startVictoriaMetrics } from './real-engines.ts';

interface EngineCase {
  /** As docs/SOURCES.md names it. */
  readonly name: string;
  readonly programs: readonly string[];
  readonly start: (series: readonly Series[]) => Promise<Engine>;
  readonly headers?: Readonly<Record<string, string>>;
}

const ENGINES: readonly EngineCase[] = [
  { name: 'Prometheus 2', programs: ['prometheus', 'promtool'], start: (all) => startPrometheus(all) },
  { name: 'Prometheus 3', programs: ['prometheus3', 'promtool3'], start: (all) => startPrometheus3(all) },
  { name: 'VictoriaMetrics', programs: ['victoria-metrics'], start: startVictoriaMetrics },
  { name: 'Thanos Query', programs: ['thanos', 'prometheus', 'promtool'], start: (all) => startThanos(all) },
  {
    name: 'Thanos Query Frontend',
    programs: ['thanos', 'prometheus', 'promtool'],
    start: startThanosFrontend,
  },
  {
    name: 'Cortex, times aligned',
    programs: ['cortex', 'promtool'],
    start: (all) => startCortex(all, ['-querier.align-querier-with-step=true']),
    headers: { 'X-Scope-OrgID': TENANT },
  },
  {
    name: 'Cortex',
    programs: ['cortex', 'promtool'],
    start: (all) => startCortex(all),
    headers: { 'X-Scope-OrgID': TENANT },
  },
];

it('docs/SOURCES.md names the engines that are run here, and marks the others', () => {
  const text = readFileSync(new URL('../../docs/SOURCES.md', import.meta.url), 'utf8');
  const [, rows = ''] = /\n\| engine \|.*\n\|[-| ]+\n((?:\|.*\n)+)/.exec(text) ?? [];
  const cells = rows
    .trim()
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()));
  const run = cells.filter(([, , , here]) => here === 'yes').map(([, name]) => name);
  expect(run).toEqual(ENGINES.map(({ name }) => name));
  expect(cells.filter(([, , , here]) => here !== 'yes').every(([, , , here]) => here === 'no')).toBe(true);
});

describe.each(ENGINES)('a real $name (skipped where it is not installed)', ({ programs, start, headers = {} }) => {
  const there = programs.every(has);
  let engine: Engine;
  const pods = new Map<string, ContainerMeasurement>();
  beforeAll(async () => {
    if (!there) return;
    engine = await start(series);
    const client = await connect({ url: engine.url, access: 'direct', headers });
    const measured = await measure(client, scope, createFakeLog());
    expect(measured.notes.filter(({ kind }) => kind !== 'info')).toEqual([]);
    for (const each of measured.measurements) pods.set(`${each.pod}/${each.container}`, each);
  }, 60_000);
  afterAll(async () => await engine?.stop());

  it.runIf(there)('counts a pair once and leaves out what is no container', () => {
    expect([...pods.keys()].sort()).toEqual([
      'gone/app',
      'micrometer/jvm',
      'otel/jvm',
      'pair/',
      'pair/app',
      'pair/sidecar',
      'replaced/app',
      'restarted/app',
      'spike/app',
    ]);
    const pair = pods.get('pair/app');
    expect(pair).toMatchObject({ now: { workingSet: 1000, rss: 800 }, peak: 1000 });
    expect(pair?.averages).toHaveLength(60);
    expect(pair?.averages.at(-1)).toEqual({ t: AT, v: 1000 });
    expect(pair?.slowAverages).toHaveLength(17);
    expect(pair?.rss.map(({ v }) => Math.round(v / 10) * 10)).toEqual([600, 600, 800, 800]);
    expect(pair?.oomEvents).toBeUndefined();
  });

  it.runIf(there)('sees the peak of a single sample', () => {
    expect(pods.get('spike/app')).toMatchObject({ peak: 7000, now: { workingSet: 1000 } });
  });

  it.runIf(there)('measures memory pressure as a share of time, and swap', () => {
    const { pressure, now } = pods.get('spike/app') ?? {};
    expect(now?.swap).toBe(4096);
    expect(pressure?.waiting.map(({ t, v }) => [AT - t, Math.round(v * 100)])).toEqual([
      [18 * HOUR, 0],
      [12 * HOUR, 0],
      [6 * HOUR, 0],
      [0, 20],
    ]);
    expect(pods.get('pair/app')?.pressure).toBeUndefined();
  });

  it.runIf(there)('takes the running container after a restart, and tells of the kill', () => {
    const restarted = pods.get('restarted/app');
    expect(restarted).toMatchObject({ now: { workingSet: 100, startedAt: RESTART }, peak: 9000, oomEvents: 1 });
    expect(restarted?.starts.map(({ v }) => v)).toEqual([AT - 3 * DAY, RESTART]);
    expect(restarted?.restarts.map(({ v }) => v)).toEqual([2, 2, 3]);
    expect(restarted?.oomReason).toEqual([{ t: AT, v: 1 }]);
    expect(restarted?.averages.length).toBeLessThanOrEqual(6);
  });

  it.runIf(there)('tells apart pods that had the same name', () => {
    expect(pods.get('replaced/app')).toMatchObject({ peak: 6000, now: { workingSet: 300 } });
    expect(pods.get('replaced/app')?.instances).toEqual([
      { uid: OLD_POD, startedAt: AT - 5 * DAY, peak: 6000 },
      { uid: NEW_POD, startedAt: AT - 2 * HOUR, peak: 300 },
    ]);
    expect(pods.get('restarted/app')?.instances).toBeUndefined();
  });

  it.runIf(there)('finds limits under renamed labels and those of sidecars', () => {
    expect(pods.get('pair/app')).toMatchObject({ limit: 1000, request: 500, uid: 'u' });
    expect(pods.get('pair/sidecar')).toMatchObject({ limit: 1000, uid: 'u' });
  });

  it.runIf(there)('sums the pools of a JVM and finds its lowest use', () => {
    expect(pods.get('pair/')?.heap).toMatchObject({ used: 70, nonHeap: 9, maximum: 100, lowestUsed: 20 });
  });

  it.runIf(there)('measures what a JVM has beside its heap, and how it went', () => {
    const { course, ...now } = pods.get('micrometer/jvm')?.heap ?? {};
    expect(now).toMatchObject({ used: 4000, committed: 5000, nonHeap: 3000, directBuffers: 70, threads: 30 });
    const back = (field: keyof HeapCourse) =>
      course?.[field]?.map(({ t, v }) => [(AT - t) / HOUR, Math.round(v / 50) * 50]);
    expect(back('committed')).toEqual([18, 12, 6, 0].map((hours) => [hours, 5000]));
    expect(back('nonHeap')).toEqual([
      [18, 950],
      [12, 1550],
      [6, 2150],
      [0, 2750],
    ]);
    expect(course?.threads?.map(({ v }) => v)).toEqual([30, 30, 30, 30]);
    expect(course?.directBuffers?.map(({ v }) => v)).toEqual([70, 70, 70, 70]);
    expect(pods.get('otel/jvm')?.heap).toMatchObject({
      ...{ used: 4000, liveSet: 3000, directBuffers: 70, threads: 25 },
    });
  });

  it.runIf(there)('keeps a pod that is gone out of "now", and in the long peaks', async () => {
    expect(pods.get('gone/app')?.now).toBeUndefined();
    expect(pods.get('gone/app')).toMatchObject({ peak: 5000 });
    const client = await connect({ url: engine.url, access: 'direct', headers });
    const targets = [{ namespace: 'a', container: 'app', runs: true }];
    const { histories } = await measureHistory(client, { ...scope, targets }, createFakeLog());
    const gone = histories.find(({ pod }) => pod === 'gone');
    expect(gone?.dailyPeaks.map(({ v }) => v)).toEqual([5000, 5000, 5000]);
    expect(client.queries).toBe(7);
  });

  it.runIf(there)('answers for the time that is asked for, whatever multiple of a step is near', async () => {
    const at = AT - 137;
    const client = await connect({ url: engine.url, access: 'direct', headers });
    const { measurements } = await measure(client, { ...scope, at }, createFakeLog());
    const pair = measurements.find(({ pod, container }) => pod === 'pair' && container === 'app');
    expect(pair?.averages.at(-1)).toEqual({ t: at, v: 1000 });
    expect(pair?.averages).toHaveLength(60);
    expect(pair?.slowAverages.at(-1)).toEqual({ t: at, v: 1000 });
    expect(pair?.rss.at(-1)?.t).toBe(at);
    const targets = [{ namespace: 'a', container: 'app', runs: true }];
    const { histories } = await measureHistory(client, { ...scope, at, targets }, createFakeLog());
    const spike = histories.find(({ pod }) => pod === 'spike');
    expect(spike?.dailyPeaks.at(-1)).toEqual({ t: at, v: 7000 });
  });

  it.runIf(there)('takes extra matchers', async () => {
    const client = await connect({ url: engine.url, access: 'direct', headers });
    const none = measure(client, { ...scope, matchers: 'job="other"' }, createFakeLog());
    await expect(none).rejects.toThrow(/no memory series/);
  });
});

describe('a real prometheus that allows few samples (skipped where it is not installed)', () => {
  it.runIf(has('prometheus') && has('promtool'))(
    'is asked in halves, and what it still refuses is noted',
    async () => {
      const workingSets = (namespace: string, pods: number, step: number): Series[] =>
        Array.from({ length: pods }, (_, pod) => ({
          metric: `container_memory_working_set_bytes{namespace="${namespace}",pod="p-${pod}",container="app",id="/${pod}"}`,
          samples: every(step, AT - DAY, AT, () => 1000),
        }));
      const all = [
        ...workingSets('a', 2, 5 * MINUTE),
        ...workingSets('b', 2, 5 * MINUTE),
        ...workingSets('c', 1, MINUTE),
      ];
      const engine = await startPrometheus(all, ['--query.max-samples=800']);
      try {
        const client = await connect({ url: engine.url, access: 'direct' });
        const namespaces = ['a', 'b', 'c'];
        const { measurements, notes } = await measure(client, { ...scope, namespaces }, createFakeLog());
        const peaks = Object.fromEntries(measurements.map(({ namespace, pod, peak }) => [`${namespace}/${pod}`, peak]));
        expect(peaks).toMatchObject({ 'a/p-0': 1000, 'a/p-1': 1000, 'b/p-0': 1000, 'b/p-1': 1000, 'c/p-0': undefined });
        expect(notes).toContainEqual(
          expect.objectContaining({
            kind: 'incomplete',
            partial: true,
            namespaces: ['c'],
            text: expect.stringMatching(
              /refused the query for the peaks of the namespace c as too large: .*too many samples/,
            ),
          }),
        );
      } finally {
        await engine.stop();
      }
    },
    60_000,
  );
});

describe('a real Cortex that allows short queries (skipped where it is not installed)', () => {
  it.runIf(has('cortex') && has('promtool'))(
    'answers what it may, and what is too long is noted with the options to shorten',
    async () => {
      const engine = await startCortex(series, ['-store.max-query-length=5d']);
      try {
        const client = await connect({ url: engine.url, access: 'direct', headers: { 'X-Scope-OrgID': TENANT } });
        const { measurements, notes } = await measure(client, scope, createFakeLog());
        const pair = measurements.find(({ pod, container }) => pod === 'pair' && container === 'app');
        expect(pair).toMatchObject({ peak: 1000, slowAverages: [] });
        expect(pair?.averages).toHaveLength(60);
        const incomplete = notes.filter(({ kind }) => kind === 'incomplete').map(({ text }) => text);
        expect(incomplete).toEqual([
          expect.stringMatching(/the slow averages over so long a time .*shorten window, slow-window/),
        ]);
        const stranger = await connect({ url: engine.url, access: 'direct' }).catch((cause: unknown) => String(cause));
        expect(stranger).toMatch(/401 Unauthorized: no org id: set prometheus-token or prometheus-headers/);
      } finally {
        await engine.stop();
      }
    },
    60_000,
  );
});
