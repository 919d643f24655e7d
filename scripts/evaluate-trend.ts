/*
 * Tries the trend rules on recorded memory series: `node scripts/evaluate-trend.ts DIR`. DIR holds one folder a source
 * with CSV files (also gzipped) that have a time, a size in KB or Mi and, for several series a file, their name and group.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { KIB, MIB } from '../src/bytes.ts';
import { judgeSlowWindow } from '../src/checks/slow-leak.ts';
import { quantile } from '../src/checks/statistics.ts';
import { measureRise } from '../src/checks/steady-rise.ts';
import { checkTrend } from '../src/checks/trend.ts';
import type { ContainerObservation } from '../src/model/finding.ts';
import type { Level } from '../src/model/level.ts';
import type { Sample } from '../src/model/measurement.ts';
import { readOptions } from '../src/options/read-options.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** A fall by more than this share of the value is taken for a restart. */
const RESTART_SHARE = 0.3;

interface Series {
  readonly group: string;
  readonly samples: readonly Sample[];
  readonly startedAt: number;
}

const { thresholds: THRESHOLDS } = readOptions(
  () => '',
  () => undefined,
);

type Tally = Map<string, Record<Level, number>>;

function add(tally: Tally, name: string, level: Level): void {
  const counts = tally.get(name) ?? { green: 0, yellow: 0, red: 0, unknown: 0 };
  counts[level]++;
  tally.set(name, counts);
}

function print(tally: Tally): void {
  console.log('| series and rule | windows | red | yellow |\n|---|--:|--:|--:|');
  for (const [name, { green, yellow, red }] of [...tally].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const total = green + yellow + red;
    const share = (count: number) => `${((count / total) * 100).toFixed(1)} % (${count})`;
    if (total > 0) console.log(`| ${name} | ${total} | ${share(red)} | ${share(yellow)} |`);
  }
}

function readSeries(folder: string): Series[] {
  const byName = new Map<string, { group: string; samples: Sample[] }>();
  for (const file of readdirSync(folder).filter((name) => /\.csv(\.gz)?$/.test(name))) {
    const raw = readFileSync(join(folder, file));
    const [header = '', ...lines] = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').trim().split('\n');
    const columns = header.trim().split(',');
    for (const line of lines) {
      const cells = line.trim().split(',');
      const cell = (...names: string[]) => names.map((name) => cells[columns.indexOf(name)]).find((value) => value);
      const time = cell('unix_ts') ?? String(Date.parse(`${cell('timestamp')}Z`) / 1000);
      const kib = cell('rss_kb', 'mem_usage_kb');
      const size = kib === undefined ? Number(cell('memory_mi')) * MIB : Number(kib) * KIB;
      if (!Number.isFinite(size) || !Number.isFinite(Number(time))) continue;
      const group = cell('group') ?? '';
      const name = `${file} ${group} ${cell('nickname', 'pod') ?? ''}`;
      const series = byName.get(name) ?? { group, samples: [] };
      series.samples.push({ t: Number(time), v: size });
      byName.set(name, series);
    }
  }
  return [...byName.values()].flatMap(({ group, samples }) => runsOf(group, samples));
}

/** Cuts a series where it falls as only a restart makes it. Noisy series without a group are one run. */
function runsOf(group: string, samples: Sample[]): Series[] {
  samples.sort((a, b) => a.t - b.t);
  const runs: Sample[][] = [[]];
  for (const sample of samples) {
    const run = runs.at(-1) ?? [];
    const last = run.at(-1);
    if (group !== '' && last !== undefined && sample.v < last.v * (1 - RESTART_SHARE)) runs.push([sample]);
    else run.push(sample);
  }
  return runs.map((run) => ({ group, samples: run, startedAt: run[0]?.t ?? 0 }));
}

/** Averages over slots that end at `at`; slots without a sample are left out. */
function average(samples: readonly Sample[], at: number, length: number, slot: number): Sample[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { t, v } of samples) {
    if (t <= at - length || t > at) continue;
    const end = at - Math.floor((at - t) / slot) * slot;
    const { sum, count } = sums.get(end) ?? { sum: 0, count: 0 };
    sums.set(end, { sum: sum + v, count: count + 1 });
  }
  return [...sums].map(([t, { sum, count }]) => ({ t, v: sum / count })).sort((a, b) => a.t - b.t);
}

function observe({ samples, startedAt }: Series, at: number): ContainerObservation {
  return {
    at,
    windows: { window: DAY, slowWindow: WEEK, sizingWindow: 2 * WEEK },
    namespace: '',
    pod: '',
    container: '',
    kind: 'container',
    limit: { state: 'unknown' },
    request: { state: 'unknown' },
    measured: {
      namespace: '',
      pod: '',
      container: '',
      averages: average(samples, at, DAY, HOUR / 2),
      slowAverages: average(samples, at, WEEK, 3 * HOUR),
      rss: [],
      mappedFile: [],
      activeFile: [],
      starts: [],
      restarts: [],
      oomReason: [],
    },
    startedAt,
    oomKills: [],
    restartsInWindow: 0,
    partial: false,
  };
}

/** The series with a leak put on top: `share` of the window's first day's mean a day. */
function withLeak(series: Series, at: number, length: number, share: number): Series {
  const begin = at - length;
  const firstDay = series.samples.filter(({ t }) => t > begin && t <= begin + DAY);
  const level = firstDay.reduce((sum, { v }) => sum + v, 0) / Math.max(1, firstDay.length);
  const leaking = ({ t, v }: Sample) => ({ t, v: v + Math.max(0, (t - begin) / DAY) * share * level });
  return { ...series, samples: series.samples.map(leaking) };
}

/** Whether values stay close enough together for a leak put on top to be visible: 10th to 90th percentile within half the median. */
function isQuiet(samples: readonly Sample[] = []): boolean {
  const values = samples.map(({ v }) => v);
  return quantile(values, 0.9) - quantile(values, 0.1) < quantile(values, 0.5) / 2;
}

/** The quarter rule with nothing beside it. */
function plainRule({ measured }: ContainerObservation): Level {
  const averages = measured?.averages ?? [];
  if (averages.length < 4) return 'unknown';
  const { growth } = measureRise(averages);
  if (growth > THRESHOLDS.growthRed) return 'red';
  return growth > THRESHOLDS.growthYellow ? 'yellow' : 'green';
}

/** The steady rule alone: the slow window left out by a start that is too late for it. */
function steadyRule(container: ContainerObservation): Level {
  const startedAt = Math.max(container.startedAt ?? 0, container.at - 2 * DAY);
  return checkTrend({ ...container, startedAt }, THRESHOLDS)?.level ?? 'unknown';
}

function evaluate(source: string, tally: Tally): void {
  for (const series of readSeries(join(directory, source))) {
    const name = `${source} ${series.group}`.trim();
    const end = series.samples.at(-1)?.t ?? 0;
    const begin = Math.min(series.startedAt + DAY, end);
    for (let at = end; at >= begin; at -= DAY) {
      const container = observe(series, at);
      add(tally, `${name}, day, plain quarter rule`, plainRule(container));
      add(tally, `${name}, day, steady rule`, steadyRule(container));
      if (isQuiet(container.measured?.averages)) {
        const leaking = observe(withLeak(series, at, DAY, 0.5), at);
        add(tally, `${name}, quiet, + 50 % a day, day, plain quarter rule`, plainRule(leaking));
        add(tally, `${name}, quiet, + 50 % a day, day, steady rule`, steadyRule(leaking));
      }
      const slow = judgeSlowWindow(container, THRESHOLDS);
      if (slow === undefined) continue;
      add(tally, `${name}, slow window`, slow.level);
      if (series.startedAt > at - WEEK || !isQuiet(container.measured?.slowAverages)) continue;
      for (const share of [0.06, 0.1]) {
        const slowly = judgeSlowWindow(observe(withLeak(series, at, WEEK, share), at), THRESHOLDS);
        add(tally, `${name}, quiet, + ${share * 100} % a day, slow window`, slowly?.level ?? 'unknown');
      }
    }
  }
}

const directory = process.argv[2] ?? '';
const tally: Tally = new Map();
for (const entry of readdirSync(directory, { withFileTypes: true })) {
  if (entry.isDirectory()) evaluate(entry.name, tally);
}
print(tally);
