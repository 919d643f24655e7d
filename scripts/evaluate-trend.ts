/*
 * Tries the trend rules on recorded memory series: `node scripts/evaluate-trend.ts DIR`. DIR holds one folder a source, as
 * `traces.ts` reads it. Most series have no limit: it is taken to be 1.3 × the highest of the 14 days before, as suggested.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytes, MIB } from '../src/bytes.ts';
import { measureRise } from '../src/checks/rise.ts';
import { judgeRunToRun } from '../src/checks/run-to-run.ts';
import { judgeSlowWindow } from '../src/checks/slow-leak.ts';
import { judgeSoon } from '../src/checks/soon.ts';
import { quantile } from '../src/checks/statistics.ts';
import { checkTrend } from '../src/checks/trend.ts';
import type { ContainerObservation, Run } from '../src/model/finding.ts';
import type { Level } from '../src/model/level.ts';
import type { Sample } from '../src/model/measurement.ts';
import { readOptions } from '../src/options/read-options.ts';
import {
  average,
  between,
  DAY,
  HOUR,
  highest,
  isQuiet,
  observationOf,
  printShares,
  readSeries,
  type Series,
  type Shares,
  tell,
  WEEK,
} from './traces.ts';

const LIMIT_FACTOR = 1.3;
/** As a run of the default window has them. */
const SLOT = 1440;

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

function observe(
  { samples, startedAt }: Series,
  at: number,
  limit = LIMIT_FACTOR * highest(between(samples, at - 2 * WEEK, at)),
): ContainerObservation {
  const last = between(samples, at - DAY, at).at(-1)?.v ?? 0;
  return observationOf(
    at,
    {
      now: { workingSet: bytes(last), startedAt },
      averages: average(samples, at, DAY, SLOT),
      slowAverages: average(samples, at, WEEK, 3 * HOUR),
    },
    { limit: { state: 'set', bytes: bytes(limit) }, startedAt },
  );
}

/** The series with a leak put on top: `share` of the window's first day's mean a day. */
function withLeak(series: Series, at: number, length: number, share: number): Series {
  const begin = at - length;
  const firstDay = series.samples.filter(({ t }) => t > begin && t <= begin + DAY);
  const level = firstDay.reduce((sum, { v }) => sum + v, 0) / Math.max(1, firstDay.length);
  const leaking = ({ t, v }: Sample) => ({ t, v: v + Math.max(0, (t - begin) / DAY) * share * level });
  return { ...series, samples: series.samples.map(leaking) };
}

/** The quarter rule with nothing beside it. */
function plainRule({ measured }: ContainerObservation): Level {
  const averages = measured?.averages ?? [];
  if (averages.length < 4) return 'unknown';
  const { growth } = measureRise(averages);
  if (growth > THRESHOLDS.growthRed) return 'red';
  return growth > THRESHOLDS.growthYellow ? 'yellow' : 'green';
}

/** The steady rule alone: what looks beyond the window is left out by a missing limit and a start that is too late for it. */
function steadyRule(container: ContainerObservation): Level {
  const startedAt = Math.max(container.startedAt ?? 0, container.at - 2 * DAY);
  return checkTrend({ ...container, limit: { state: 'unknown' }, startedAt }, THRESHOLDS)?.level ?? 'unknown';
}

/** The series with a leak that began `ago` hours before and reaches `limit` `ahead` hours after `at`. */
function withNewLeak(series: Series, at: number, ago: number, ahead: number, limit: number): Series {
  const begin = at - ago * HOUR;
  const base = between(series.samples, at - 2 * DAY, at).at(-1)?.v ?? 0;
  const pace = (limit - base) / (ago + ahead) / HOUR;
  return { ...series, samples: series.samples.map(({ t, v }) => ({ t, v: v + Math.max(0, t - begin) * pace })) };
}

/** The last week as runs of a day, each with a leak of `share` of the week's median a day on top. */
function dailyRuns(series: Series, at: number, share: number): Run[] {
  const week = between(series.samples, at - WEEK, at);
  const level = [...week].sort((a, b) => a.v - b.v)[Math.floor(week.length / 2)]?.v ?? 0;
  return Array.from({ length: 7 }, (_, index): Run => {
    const begin = at - (7 - index) * DAY;
    const leaking = between(week, begin, begin + DAY).map(({ t, v }) => ({
      t,
      v: v + ((t - begin) / DAY) * share * level,
    }));
    const samples = average(leaking, begin + DAY, DAY, 3 * HOUR);
    return { pod: String(index), samples, slot: 3 * HOUR, end: index === 6 ? 'goes on' : 'pod gone' };
  });
}

/** Leaks by how long ago they began and how far their kill is ahead, in hours. */
const NEW_LEAKS = [
  [3, 1],
  [3, 3],
  [6, 6],
  [12, 12],
] as const;

/** Whether a leak of a good part of it a day is more than 32Mi, below which nothing is called a leak. */
function isLarge(samples: readonly Sample[]): boolean {
  return (
    quantile(
      samples.map(({ v }) => v),
      0.5,
    ) >
    128 * MIB
  );
}

function evaluate(source: string, tally: Tally, shares: Shares): void {
  for (const series of readSeries(join(directory, source))) {
    const name = `${source} ${series.group}`.trim();
    const end = series.samples.at(-1)?.t ?? 0;
    const begin = Math.min(series.startedAt + DAY, end);
    for (let at = end; at >= begin; at -= DAY) {
      const container = observe(series, at);
      add(tally, `${name}, day, plain quarter rule`, plainRule(container));
      add(tally, `${name}, day, steady rule`, steadyRule(container));
      add(tally, `${name}, day, all rules`, checkTrend(container, THRESHOLDS)?.level ?? 'unknown');
      const averages = container.measured?.averages ?? [];
      const quiet = averages.length > 0.8 * (DAY / SLOT) && isQuiet(averages) && isLarge(averages);
      if (averages.length > 0.8 * (DAY / SLOT))
        tell(shares, `${name}, day, soon`, judgeSoon(container, THRESHOLDS)?.level === 'red');
      if (quiet) {
        tell(shares, `${name}, quiet day, soon`, judgeSoon(container, THRESHOLDS)?.level === 'red');
        const tight = observe(series, at, 1.05 * highest(between(series.samples, at - 2 * WEEK, at)));
        tell(
          shares,
          `${name}, quiet day, soon, limit 5 % above the highest`,
          judgeSoon(tight, THRESHOLDS)?.level === 'red',
        );
        evaluateNewLeaks(name, series, at, container, shares);
        const leaking = observe(withLeak(series, at, DAY, 0.5), at);
        add(tally, `${name}, quiet, + 50 % a day, day, plain quarter rule`, plainRule(leaking));
        add(tally, `${name}, quiet, + 50 % a day, day, steady rule`, steadyRule(leaking));
      }
      if (series.startedAt <= at - WEEK) evaluateRuns(name, series, at, container, shares);
      evaluateSlowly(name, series, at, container, tally);
    }
  }
}

function evaluateNewLeaks(
  name: string,
  series: Series,
  at: number,
  container: ContainerObservation,
  shares: Shares,
): void {
  const limit = container.limit.state === 'set' ? container.limit.bytes : 0;
  for (const [ago, ahead] of NEW_LEAKS) {
    const leaking = observe(withNewLeak(series, at, ago, ahead, limit), at, limit);
    const about = `${name}, quiet day, leak of ${ago} h, limit in ${ahead} h`;
    tell(shares, `${about}, steady rule`, steadyRule(leaking) === 'red');
    tell(shares, `${about}, all rules`, checkTrend(leaking, THRESHOLDS)?.level === 'red');
  }
}

function evaluateRuns(name: string, series: Series, at: number, container: ContainerObservation, shares: Shares): void {
  const slow = container.measured?.slowAverages ?? [];
  const quiet = isQuiet(slow) && isLarge(slow) ? 'quiet ' : '';
  for (const share of quiet === '' ? [0] : [0, 0.2, 0.5]) {
    const runs = dailyRuns(series, at, share);
    if (runs.some(({ samples }) => samples.length < 5)) continue;
    const verdict = judgeRunToRun({ ...container, pod: '6', runs }, THRESHOLDS);
    const about = `${name}, ${quiet}week of daily runs, + ${share * 100} % a day`;
    tell(shares, `${about}, seen`, verdict !== undefined);
    tell(shares, `${about}, red`, verdict?.level === 'red');
  }
}

function evaluateSlowly(name: string, series: Series, at: number, container: ContainerObservation, tally: Tally): void {
  const slow = judgeSlowWindow(container, THRESHOLDS);
  if (slow === undefined) return;
  add(tally, `${name}, slow window`, slow.level);
  if (series.startedAt > at - WEEK || !isQuiet(container.measured?.slowAverages)) return;
  for (const share of [0.06, 0.1]) {
    const slowly = judgeSlowWindow(observe(withLeak(series, at, WEEK, share), at), THRESHOLDS);
    add(tally, `${name}, quiet, + ${share * 100} % a day, slow window`, slowly?.level ?? 'unknown');
  }
}

const directory = process.argv[2] ?? '';
const tally: Tally = new Map();
const shares: Shares = new Map();
for (const entry of readdirSync(directory, { withFileTypes: true })) {
  if (entry.isDirectory()) evaluate(entry.name, tally, shares);
}
print(tally);
printShares(shares, 'series and what was found');
