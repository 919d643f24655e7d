/*
 * Tries rules for a limit on recorded memory series: `node scripts/evaluate-limits.ts DIR`. Each machine-day with 14 days
 * before it and 7 after it is asked how often a rule's limit is passed in the week after, and what it reserves. Then how
 * often a machine that lives close to its limit is red.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytes } from '../src/bytes.ts';
import { mean } from '../src/checks/statistics.ts';
import { checkUsage } from '../src/checks/usage.ts';
import type { ContainerObservation } from '../src/model/finding.ts';
import type { Sample } from '../src/model/measurement.ts';
import { readOptions } from '../src/options/read-options.ts';
import { between, DAY, highest, observationOf, printShares, readSeries, type Shares, tell, WEEK } from './traces.ts';

const { thresholds } = readOptions(
  () => '',
  () => undefined,
);
const SIZING_WINDOW = 2 * WEEK;
/** A machine that lives here is close to its limit by design. */
const TIGHT = 0.95;

/** The raw peaks of the days before `at`, the newest last. */
function dailyPeaks(samples: readonly Sample[], at: number, days: number): Sample[] {
  const all = Array.from({ length: days }, (_, index) => {
    const t = at - (days - 1 - index) * DAY;
    return { t, v: highest(between(samples, t - DAY, t)) };
  });
  return all.filter(({ v }) => v > 0);
}

/** The value below which `share` of the weight lies, each peak weighing half of the day after. */
function weighted(peaks: readonly Sample[], share: number): number {
  const aged = peaks.map(({ v }, index) => ({ v, weight: 2 ** (index - peaks.length) })).sort((a, b) => a.v - b.v);
  const all = aged.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  for (const { v, weight } of aged) {
    sum += weight;
    if (sum >= share * all) return v;
  }
  return aged.at(-1)?.v ?? 0;
}

type Rule = (samples: readonly Sample[], at: number) => number;

const peakOf = (samples: readonly Sample[], at: number, length: number) => highest(between(samples, at - length, at));

const RULES: Readonly<Record<string, Rule>> = {
  'raise: 1.3 × the 14-day peak': (samples, at) => thresholds.limitFactor * peakOf(samples, at, SIZING_WINDOW),
  'lower: 1.5 × the 14-day peak': (samples, at) => 1.5 * peakOf(samples, at, SIZING_WINDOW),
  '1.15 × the 14-day peak (as KRR does)': (samples, at) => 1.15 * peakOf(samples, at, SIZING_WINDOW),
  '1.15 × the 90th percentile of 8 daily peaks, the newest weighing most (as VPA does)': (samples, at) =>
    1.15 * weighted(dailyPeaks(samples, at, 8), 0.9),
  '2 × the peak of one day': (samples, at) => 2 * peakOf(samples, at, DAY),
};

/** What each rule reserves, as a multiple of what is used in the week after. */
type Reserved = Map<string, number[]>;

function tryRules(samples: readonly Sample[], at: number, passed: Shares, reserved: Reserved): void {
  const after = between(samples, at, at + WEEK);
  const used = mean(after.map(({ v }) => v));
  for (const [name, rule] of Object.entries(RULES)) {
    const limit = rule(samples, at);
    tell(passed, name, highest(after) > limit);
    const list = reserved.get(name) ?? [];
    reserved.set(name, list);
    list.push(limit / used);
  }
}

/** A machine of which the highest of 14 days is close under its limit, as far as usage looks at it. */
function observeTight(samples: readonly Sample[], at: number): ContainerObservation {
  const limit = bytes(highest(between(samples, at - SIZING_WINDOW, at)) / TIGHT);
  const last = between(samples, at - DAY, at).at(-1)?.v ?? 0;
  return observationOf(
    at,
    { now: { workingSet: bytes(last) } },
    { limit: { state: 'set', bytes: limit }, history: { dailyPeaks: dailyPeaks(samples, at, 14), kills: [] } },
  );
}

function tryTight(name: string, samples: readonly Sample[], at: number, red: Shares): void {
  const container = observeTight(samples, at);
  const plain = checkUsage(container, { ...thresholds, flatNearLimit: 'red' })?.level === 'red';
  const peaks = container.history?.dailyPeaks.slice(-7).map(({ v }) => v) ?? [];
  const flat = Math.max(...peaks) - Math.min(...peaks) <= 0.05 * Math.max(...peaks);
  const about = `${name}, ${flat ? 'flat for 7 days' : 'not flat'}, highest at ${TIGHT * 100} % of the limit`;
  tell(red, `${about}, plain line`, plain);
  tell(red, `${about}, tight by design`, checkUsage(container, thresholds)?.level === 'red');
}

const directory = process.argv[2] ?? '';
for (const { name: source } of readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const passed: Shares = new Map();
  const red: Shares = new Map();
  const reserved: Reserved = new Map();
  for (const { samples, group, startedAt } of readSeries(join(directory, source))) {
    const end = samples.at(-1)?.t ?? 0;
    for (let at = end; at - (samples[0]?.t ?? 0) >= WEEK + DAY; at -= DAY) {
      if (startedAt <= at - SIZING_WINDOW && at <= end - WEEK) tryRules(samples, at, passed, reserved);
      tryTight(`${source} ${group}`.trim(), samples, at, red);
    }
  }
  printShares(passed, `${source}: limits passed in the week after`);
  for (const [rule, shares] of reserved) {
    const sorted = [...shares].sort((a, b) => a - b);
    console.log(`${rule}: reserves ${sorted[Math.floor(sorted.length / 2)]?.toFixed(2)} × what is used (median)`);
  }
  printShares(red, `${source}: days that are red`);
}
