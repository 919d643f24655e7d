import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIB } from '../../src/bytes.ts';
import { judge } from '../../src/judge/judge.ts';
import { selectHistoryTargets } from '../../src/judge/select-history-targets.ts';
import type { JudgedWorkload } from '../../src/model/inspection.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Workload } from '../../src/model/workload.ts';
import { measure } from '../../src/prometheus/measure.ts';
import { measureHistory } from '../../src/prometheus/measure-history.ts';
import { AT, DAY, HOUR, set, WINDOWS } from '../checks/fixtures.ts';
import { liveContainer, observationOf, podOf, SETTINGS, templateOf } from '../judge/fixtures.ts';
import { connect } from './access/ways.ts';
import { createFakeLog } from './fake-log.ts';
import { has } from './local-kubectl.ts';
import { type Engine, type Series, startPrometheus, startVictoriaMetrics } from './real-engines.ts';

const STEP = 300;
const BEGIN = AT - 8 * DAY;

type Point = readonly [number, number];

function points(from: number, to: number, valueAt: (t: number) => number): Point[] {
  const first = Math.ceil(from / STEP) * STEP;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / STEP) + 1) }, (_, index): Point => {
    const t = first + index * STEP;
    return [t, valueAt(t)];
  });
}

function labels(pod: string, more = ''): string {
  return `{namespace="shop",pod="${pod}",container="app"${more}}`;
}

/** What a cluster's series tell of one run of a container that uses what `usedAt` says, in Mi by hours since its start. */
function runSeries(pod: string, id: string, start: number, end: number, usedAt: (hours: number) => number): Series[] {
  const own = labels(pod, `,id="/${id}"`);
  return [
    {
      metric: `container_memory_working_set_bytes${own}`,
      samples: points(start + 30, end, (t) => Math.round(usedAt((t - start) / HOUR) * MIB)),
    },
    { metric: `container_start_time_seconds${own}`, samples: points(start + 30, end, () => start) },
  ];
}

/** A container that is killed every so many hours, the last time so many hours before `AT`, by a limit in Mi. */
function killedSeries(pod: string, every: number, last: number, limitAt: (t: number) => number): Series[] {
  const kills: number[] = [];
  for (let at = AT - last * HOUR; at > BEGIN; at -= every * HOUR) kills.unshift(at);
  const ends = [...kills, AT];
  const starts = [BEGIN - DAY, ...kills];
  const growing = (hours: number) => 400 + (600 * hours) / every;
  const runs = starts.flatMap((start, index) =>
    runSeries(pod, `${pod}-${index}`, start, (ends[index] ?? AT) - 1, start < BEGIN ? () => 400 : growing),
  );
  const inSight = runs.map(({ metric, samples }) => ({ metric, samples: samples.filter(([t]) => t >= BEGIN) }));
  const killsAt = (t: number) => kills.filter((kill) => kill <= t).length;
  const first = kills[0] ?? AT;
  return [
    ...inSight.filter(({ samples }) => samples.length > 0),
    { metric: `kube_pod_container_status_restarts_total${labels(pod)}`, samples: points(BEGIN, AT, killsAt) },
    {
      metric: `kube_pod_container_status_last_terminated_reason${labels(pod, ',reason="OOMKilled"')}`,
      samples: points(first + 60, AT, () => 1),
    },
    {
      metric: `kube_pod_container_resource_limits${labels(pod, `,resource="memory",uid="uid-${pod}"`)}`,
      samples: points(BEGIN, AT, (t) => limitAt(t) * MIB),
    },
  ];
}

/** The pods of a Deployment that is rolled out every night at the same hour; the last one runs since 20 h. */
const NIGHTS = Array.from({ length: 7 }, (_, index) => `nightly-7d4b9c6f5${index}-x2x1p`);

function nightlySeries(): Series[] {
  return NIGHTS.flatMap((pod, index) => {
    const start = AT - 20 * HOUR - (6 - index) * DAY;
    return runSeries(pod, pod, start, Math.min(AT, start + DAY), (hours) => 500 + 12 * hours);
  });
}

/** A StatefulSet that is rolled out every night: its pod keeps its name, and gets another UID. */
function rolledSeries(): Series[] {
  return Array.from({ length: 7 }, (_, index) => {
    const start = AT - 20 * HOUR - (6 - index) * DAY;
    const uid = `00000000-0000-4000-8000-00000000000${index}`;
    const id = `kubepods/burstable/pod${uid}/c${index}`;
    return runSeries('rolled-0', id, start, Math.min(AT, start + DAY - 60), (hours) => 500 + 12 * hours);
  }).flat();
}

const series: Series[] = [
  ...rolledSeries(),
  ...killedSeries('often-0', 23, 5, () => 1000),
  ...killedSeries('seldom-0', 40, 36, () => 1000),
  ...killedSeries('resized-0', 400, 12, (t) => (t > AT - 6 * HOUR ? 2000 : 1000)),
  ...nightlySeries(),
];

/** The workload as the API server has it: its pod runs, and says when it was killed last. */
function workload(name: string, kind: string, pod: string, limit: number, killedHoursAgo?: number): Workload {
  const killed = killedHoursAgo !== undefined && {
    restarts: 3,
    lastTermination: { reason: 'OOMKilled', exitCode: 137, finishedAt: AT - killedHoursAgo * HOUR },
  };
  const container = liveContainer({ limit: set(limit), request: set(500), ...killed });
  return {
    ref: { namespace: 'shop', group: 'apps', kind, name },
    edit: { allowed: true },
    replicas: 1,
    containers: [templateOf({ limit: set(limit), request: set(500) })],
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods: [podOf(pod, [container])],
  };
}

const workloads = [
  workload('rolled', 'StatefulSet', 'rolled-0', 2000),
  workload('often', 'StatefulSet', 'often-0', 1000, 5),
  workload('seldom', 'StatefulSet', 'seldom-0', 1000, 36),
  workload('resized', 'StatefulSet', 'resized-0', 2000, 12),
  workload('nightly', 'Deployment', NIGHTS.at(-1) ?? '', 2000),
];

async function inspect(engine: Engine): Promise<ReadonlyMap<string, JudgedWorkload>> {
  const client = await connect({ url: engine.url, access: 'direct' });
  const scope = { at: AT, windows: WINDOWS, namespaces: ['shop'], clusterLabel: 'cluster' };
  const { measurements } = await measure(client, scope, createFakeLog());
  const seen: Observation = observationOf(workloads, measurements);
  const targets = selectHistoryTargets(seen, SETTINGS);
  const { histories, notes } = await measureHistory(client, { ...scope, targets }, createFakeLog());
  expect(notes).toEqual([]);
  const { workloads: judged } = judge({ ...seen, histories }, SETTINGS);
  return new Map(judged.map((one) => [one.workload.ref.name, one]));
}

const ENGINES = [
  ['prometheus', has('prometheus') && has('promtool'), startPrometheus],
  ['victoria-metrics', has('victoria-metrics'), startVictoriaMetrics],
] as const;

describe.each(ENGINES)('leaks in the history of a real %s (skipped where it is not installed)', (_, there, start) => {
  let engine: Engine;
  let judged: ReadonlyMap<string, JudgedWorkload>;

  beforeAll(async () => {
    if (!there) return;
    engine = await start(series);
    judged = await inspect(engine);
  }, 120_000);
  afterAll(async () => engine?.stop());

  const trendOf = (name: string) => judged.get(name)?.containers[0]?.worst.trend?.finding;

  it.runIf(there)('killed every 23 hours is a leak, which no raise cures', () => {
    expect(trendOf('often')).toMatchObject({ level: 'red', facts: { pattern: 'leak cut by OOMKills' } });
    const container = judged.get('often')?.containers[0];
    expect(container?.suggestion?.limit).toBeUndefined();
    expect(container?.withheld?.why).toMatch(/leak/);
  });

  it.runIf(there)('killed every 40 hours is a leak, four hours before it is killed again', () => {
    expect(trendOf('seldom')).toMatchObject({ level: 'red' });
  });

  it.runIf(there)('redeployed every night grows in every run, over the pods that are gone', () => {
    expect(trendOf('nightly')).toMatchObject({ level: 'yellow', facts: { pattern: 'grows in every run', runs: 7 } });
  });

  it.runIf(there)('rolled out every night grows in every run, though its pod keeps its name', () => {
    expect(trendOf('rolled')).toMatchObject({ level: 'yellow', facts: { pattern: 'grows in every run' } });
  });

  it.runIf(there)('killed before it was resized in place was killed by the limit of that time', () => {
    const kills = judged.get('resized')?.pods[0]?.containers[0]?.observation.oomKills;
    expect(kills).toEqual([expect.objectContaining({ limit: 1000 * MIB })]);
    expect(judged.get('resized')?.containers[0]?.withheld?.why).toMatch(/raised after the OOM kill/);
  });
});
