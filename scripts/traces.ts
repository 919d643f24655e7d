import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { KIB, MIB } from '../src/bytes.ts';
import { quantile } from '../src/checks/statistics.ts';
import type { ContainerObservation } from '../src/model/finding.ts';
import type { ContainerMeasurement, Sample } from '../src/model/measurement.ts';

export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** A fall by more than this share of the value is taken for a restart. */
const RESTART_SHARE = 0.3;

/** One run of a recorded process, pod or machine. */
export interface Series {
  readonly name: string;
  readonly group: string;
  readonly samples: readonly Sample[];
  readonly startedAt: number;
}

/**
 * Reads a folder of CSV files (also gzipped) that have a time, a size in KB or Mi and, for several series a file, their
 * name and group.
 */
export function readSeries(folder: string): Series[] {
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
  return [...byName].flatMap(([name, { group, samples }]) => runsOf(name, group, samples));
}

/** Cuts a series where it falls as only a restart makes it. Noisy series without a group are one run. */
function runsOf(name: string, group: string, samples: Sample[]): Series[] {
  samples.sort((a, b) => a.t - b.t);
  const runs: Sample[][] = [[]];
  for (const sample of samples) {
    const run = runs.at(-1) ?? [];
    const last = run.at(-1);
    if (group !== '' && last !== undefined && sample.v < last.v * (1 - RESTART_SHARE)) runs.push([sample]);
    else run.push(sample);
  }
  return runs.map((run) => ({ name, group, samples: run, startedAt: run[0]?.t ?? 0 }));
}

/** The samples after `begin` up to `end`. */
export function between(samples: readonly Sample[], begin: number, end: number): readonly Sample[] {
  return samples.slice(indexAfter(samples, begin), indexAfter(samples, end));
}

function indexAfter(samples: readonly Sample[], time: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.t ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Averages over slots that end at `at`; slots without a sample are left out. */
export function average(samples: readonly Sample[], at: number, length: number, slot: number): Sample[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { t, v } of between(samples, at - length, at)) {
    const end = at - Math.floor((at - t) / slot) * slot;
    const { sum, count } = sums.get(end) ?? { sum: 0, count: 0 };
    sums.set(end, { sum: sum + v, count: count + 1 });
  }
  return [...sums].map(([t, { sum, count }]) => ({ t, v: sum / count })).sort((a, b) => a.t - b.t);
}

/** Whether values stay close enough together for a leak put on top to be visible: 10th to 90th percentile within half the median. */
export function isQuiet(samples: readonly Sample[] = []): boolean {
  const values = samples.map(({ v }) => v);
  return quantile(values, 0.9) - quantile(values, 0.1) < quantile(values, 0.5) / 2;
}

export function highest(samples: readonly Sample[]): number {
  let top = 0;
  for (const { v } of samples) if (v > top) top = v;
  return top;
}

/** Counts of yes and no by name. */
export type Shares = Map<string, { yes: number; all: number }>;

export function tell(shares: Shares, name: string, yes: boolean): void {
  const count = shares.get(name) ?? { yes: 0, all: 0 };
  shares.set(name, { yes: count.yes + (yes ? 1 : 0), all: count.all + 1 });
}

export function printShares(shares: Shares, heading: string): void {
  console.log(`\n| ${heading} | of | share |\n|---|--:|--:|`);
  for (const [name, { yes, all }] of shares)
    console.log(`| ${name} | ${all} | ${((yes / all) * 100).toFixed(2)} % (${yes}) |`);
}

/** A container of which only what is given was observed. */
export function observationOf(
  at: number,
  measured: Partial<ContainerMeasurement>,
  change: Partial<ContainerObservation> = {},
): ContainerObservation {
  const name = { namespace: '', pod: '', container: '' };
  return {
    ...name,
    at,
    windows: { window: DAY, slowWindow: WEEK, sizingWindow: 2 * WEEK },
    kind: 'container',
    limit: { state: 'unknown' },
    request: { state: 'unknown' },
    measured: {
      ...name,
      averages: [],
      slowAverages: [],
      rss: [],
      mappedFile: [],
      activeFile: [],
      starts: [],
      restarts: [],
      oomReason: [],
      ...measured,
    },
    oomKills: [],
    restartsInWindow: 0,
    partial: false,
    ...change,
  };
}
