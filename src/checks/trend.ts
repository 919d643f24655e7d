import type { Check, ContainerObservation, DataGap, Finding, Thresholds } from '../model/finding.ts';
import { bySeverity } from '../model/level.ts';
import { isTime } from '../plausible.ts';
import { judgeCutByKills } from './cut-by-kills.ts';
import { judgeRunToRun } from './run-to-run.ts';
import { judgeSlowWindow } from './slow-leak.ts';
import { judgeSoon } from './soon.ts';
import { judgeStretch } from './steady-rise.ts';
import { cutIntoStretches, type Stretch, slotLength } from './stretches.ts';
import { paceOf, type TrendVerdict } from './trend-verdict.ts';

const HOURS_NEEDED = 6;
const VALUES_NEEDED = 8;

/**
 * Whether memory rises in a way that ends at the limit: over the window, soon, over the slow window, from run to run or from
 * kill to kill. Of the worst findings the one counts that reaches the limit first.
 */
export const checkTrend: Check<'trend'> = (container, thresholds) => {
  const slot = slotLength(container);
  const stretches = cutIntoStretches(container);
  const hoursSeen = ((container.measured?.averages.length ?? 0) * slot) / 3600;
  const killed = judgeCutByKills(stretches, container, thresholds);
  if (killed !== undefined) return withFacts(killed, container, hoursSeen);
  if (hasFallenSilent(container)) return silent(container, hoursSeen);
  const enough = stretches.filter(
    ({ samples }) => samples.length >= VALUES_NEEDED && samples.length * slot >= HOURS_NEEDED * 3600,
  );
  const wholeWindow = stretches.length === 1 && hasRunForTheWindow(container);
  const ofStretches = enough.map(({ samples }) => judgeStretch(samples, container, thresholds, wholeWindow)).reverse();
  const verdicts = [...ofStretches, ...judgeBeyond(container, thresholds)];
  const [first] = verdicts
    .map((verdict) => withFacts(verdict, container, hoursSeen))
    .sort((a, b) => bySeverity(a.level, b.level) || doubtOf(a) - doubtOf(b) || endOf(a) - endOf(b));
  return first ?? tooLittle(stretches, slot);
};

function hasRunForTheWindow({ startedAt, at, windows }: ContainerObservation): boolean {
  return startedAt !== undefined && startedAt <= at - windows.window;
}

/** What looks further than the window as a whole, or closer. */
function judgeBeyond(container: ContainerObservation, thresholds: Thresholds): TrendVerdict[] {
  if (thresholds.trendRule !== 'steady') return [];
  const found = [judgeSoon, judgeSlowWindow, judgeRunToRun].map((rule) => rule(container, thresholds));
  return found.filter((verdict) => verdict !== undefined);
}

/** 1 for a rise of which more has to be seen, which what all runs show goes before. */
function doubtOf({ facts }: Finding<'trend'>): number {
  return facts.pattern === 'rising' || facts.pattern === 'warming up' || facts.pattern === 'step' ? 1 : 0;
}

/** When the limit is reached, as unix seconds; infinite where it is not. */
function endOf({ facts }: Finding<'trend'>): number {
  return facts.reachesLimitAt ?? Number.MAX_SAFE_INTEGER;
}

/** A container that runs and of which nothing is measured now: its trend would be told from a part of the window. */
function hasFallenSilent({ live, measured }: ContainerObservation): boolean {
  return live?.running === true && (measured?.averages.length ?? 0) > 0 && measured?.now?.workingSet === undefined;
}

function silent({ at, measured }: ContainerObservation, hoursSeen: number): Finding<'trend'> {
  return withoutTrend({ kind: 'silent', seconds: Math.max(0, at - (measured?.averages.at(-1)?.t ?? at)) }, hoursSeen);
}

function tooLittle(stretches: readonly Stretch[], slot: number): Finding<'trend'> {
  const longest = Math.max(0, ...stretches.map(({ samples }) => samples.length));
  if (longest === 0) return withoutTrend({ kind: 'no data' }, 0);
  const betweenRestarts = stretches.length > 1;
  const needed = { hoursNeeded: HOURS_NEEDED, valuesNeeded: VALUES_NEEDED };
  return withoutTrend({ kind: 'too short', betweenRestarts, ...needed }, (longest * slot) / 3600);
}

function withoutTrend(gap: DataGap, hoursSeen: number): Finding<'trend'> {
  return { level: 'unknown', facts: { pattern: 'too little data', gap, hoursSeen } };
}

function withFacts(verdict: TrendVerdict, container: ContainerObservation, hoursSeen: number): Finding<'trend'> {
  const { level, bytesPerHour } = verdict;
  const alarming = (level === 'yellow' || level === 'red') && bytesPerHour > 0;
  const numbers = {
    ...paceOf(verdict),
    hoursSeen,
    reachesLimitAt: alarming ? reachesLimitAt(container, bytesPerHour) : undefined,
  };
  switch (verdict.pattern) {
    case 'soon':
      return { level, facts: { ...numbers, pattern: 'soon', hours: verdict.hours } };
    case 'grows in every run': {
      const { grew, runs, hoursOfRun, hoursToLimit } = verdict;
      const ofRuns = { grew, runs, hoursOfRun, ...(hoursToLimit === undefined ? {} : { hoursToLimit }) };
      return { level, facts: { ...numbers, ...ofRuns, pattern: 'grows in every run' } };
    }
    case 'rising':
      return { level, facts: { ...numbers, pattern: 'rising', doubt: verdict.doubt } };
    case 'leak cut by OOMKills':
      return { level, facts: { ...numbers, pattern: 'leak cut by OOMKills', kills: verdict.kills } };
    default:
      return { level, facts: { ...numbers, pattern: verdict.pattern } };
  }
}

/** Unix seconds at which usage meets the limit when it goes on at `rate` bytes an hour; `undefined` beyond any calendar. */
function reachesLimitAt(container: ContainerObservation, rate: number): number | undefined {
  const used = container.measured?.now?.workingSet ?? container.measured?.averages.at(-1)?.v;
  if (container.limit.state !== 'set' || used === undefined) return undefined;
  const time = Math.round(container.at + (Math.max(0, container.limit.bytes - used) / rate) * 3600);
  return isTime(time) ? time : undefined;
}
