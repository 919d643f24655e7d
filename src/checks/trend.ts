import type { Check, ContainerObservation, DataGap, Finding, Thresholds } from '../model/finding.ts';
import { bySeverity } from '../model/level.ts';
import { isTime } from '../plausible.ts';
import { judgeSlowWindow } from './slow-leak.ts';
import { mean } from './statistics.ts';
import { judgeStretch, measureRise, paceOf, SMALLEST_LEAK, type TrendVerdict } from './steady-rise.ts';
import { cutIntoStretches, type Stretch, slotLength } from './stretches.ts';

const HOURS_NEEDED = 6;
const VALUES_NEEDED = 8;
const VALUES_IN_STRETCH = 4;
const KILLS_NEEDED = 3;

/** Whether memory rises in a way that ends at the limit: over the window, over the slow window, or from kill to kill. */
export const checkTrend: Check<'trend'> = (container, thresholds) => {
  const slot = slotLength(container);
  const stretches = cutIntoStretches(container);
  const hoursSeen = ((container.measured?.averages.length ?? 0) * slot) / 3600;
  const killed = judgeKilledStretches(stretches, thresholds);
  if (killed !== undefined) return withFacts(killed, container, hoursSeen);
  if (hasFallenSilent(container)) return silent(container, hoursSeen);
  const enough = stretches.filter(
    ({ samples }) => samples.length >= VALUES_NEEDED && samples.length * slot >= HOURS_NEEDED * 3600,
  );
  if (enough.length === 0) return tooLittle(stretches, slot);
  const wholeWindow =
    stretches.length === 1 &&
    container.startedAt !== undefined &&
    container.startedAt <= container.at - container.windows.window;
  const verdicts = enough.map(({ samples }) => judgeStretch(samples, container, thresholds, wholeWindow)).reverse();
  const slow = thresholds.trendRule === 'steady' ? judgeSlowWindow(container, thresholds) : undefined;
  if (slow !== undefined) verdicts.push(slow);
  const [worst] = [...verdicts].sort((a, b) => bySeverity(a.level, b.level));
  if (worst === undefined) return tooLittle(stretches, slot);
  return withFacts(worst, container, hoursSeen);
};

/** Three or more runs of at least 4 averages that grew by more than the yellow line (10 %) and ended in an OOMKill are a leak at any length. */
function judgeKilledStretches(stretches: readonly Stretch[], thresholds: Thresholds): TrendVerdict | undefined {
  const rises = stretches
    .filter(({ samples, killed }) => killed && samples.length >= VALUES_IN_STRETCH)
    .map(({ samples }) => measureRise(samples))
    .filter(({ growth }) => growth > thresholds.growthYellow);
  if (rises.length < KILLS_NEEDED) return undefined;
  const isSmall = rises.every(({ growthBytes }) => growthBytes < SMALLEST_LEAK);
  return {
    level: isSmall ? 'yellow' : 'red',
    pattern: 'leak cut by OOMKills',
    growth: mean(rises.map(({ growth }) => growth)),
    bytesPerHour: mean(rises.map(({ bytesPerHour }) => bytesPerHour)),
    kills: rises.length,
  };
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
