import { type Bytes, formatBytes } from '../bytes.ts';
import type { Check, ContainerObservation, Finding, Thresholds, TrendFacts } from '../model/finding.ts';
import { bySeverity } from '../model/level.ts';
import { judgeSlowWindow } from './slow-leak.ts';
import { mean } from './statistics.ts';
import { judgeStretch, measureRise, SMALLEST_LEAK, type TrendVerdict } from './steady-rise.ts';
import { cutIntoStretches, type Stretch, slotLength } from './stretches.ts';
import { formatGrowth, formatHours } from './wording.ts';

const HOURS_NEEDED = 6;
const VALUES_NEEDED = 8;
const VALUES_IN_STRETCH = 4;
const KILLS_NEEDED = 3;

/** Whether memory rises in a way that ends at the limit: over the window, over the slow window, or from kill to kill. */
export const checkTrend: Check = (container, thresholds) => {
  const slot = slotLength(container);
  const stretches = cutIntoStretches(container);
  const hoursSeen = ((container.measured?.averages.length ?? 0) * slot) / 3600;
  const killed = judgeKilledStretches(stretches, thresholds);
  if (killed !== undefined) return describe(killed.verdict, container, hoursSeen, killed.kills);
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
  return describe(worst, container, hoursSeen);
};

/** Three or more runs of at least 4 averages that grew by more than the yellow line (10 %) and ended in an OOMKill are a leak at any length. */
function judgeKilledStretches(
  stretches: readonly Stretch[],
  thresholds: Thresholds,
): { verdict: TrendVerdict; kills: number } | undefined {
  const rises = stretches
    .filter(({ samples, killed }) => killed && samples.length >= VALUES_IN_STRETCH)
    .map(({ samples }) => measureRise(samples))
    .filter(({ growth }) => growth > thresholds.growthYellow);
  if (rises.length < KILLS_NEEDED) return undefined;
  const isSmall = rises.every(({ growthBytes }) => growthBytes < SMALLEST_LEAK);
  const verdict: TrendVerdict = {
    level: isSmall ? 'yellow' : 'red',
    pattern: 'leak cut by OOMKills',
    growth: mean(rises.map(({ growth }) => growth)),
    bytesPerHour: mean(rises.map(({ bytesPerHour }) => bytesPerHour)),
    span: mean(rises.map(({ span }) => span)),
    meaning: `possible leak: it grew until it was OOM-killed, ${rises.length} times`,
  };
  return { verdict, kills: rises.length };
}

/** A container that runs and of which nothing is measured now: its trend would be told from a part of the window. */
function hasFallenSilent({ live, measured }: ContainerObservation): boolean {
  return live?.running === true && (measured?.averages.length ?? 0) > 0 && measured?.now?.workingSet === undefined;
}

function silent({ at, measured }: ContainerObservation, hoursSeen: number): Finding {
  const ago = Math.max(0, at - (measured?.averages.at(-1)?.t ?? at)) / 3600;
  return {
    check: 'trend',
    level: 'unknown',
    short: 'no data now',
    summary: `its measurements ended ${ago < 1 ? 'within the last hour' : `${formatHours(ago)} ago`}, so its trend is not known`,
    facts: { check: 'trend', pattern: 'too little data', hoursSeen },
  };
}

function tooLittle(stretches: readonly Stretch[], slot: number): Finding {
  const longest = Math.max(0, ...stretches.map(({ samples }) => samples.length));
  const hoursSeen = (longest * slot) / 3600;
  const cut = stretches.length > 1 ? ' between restarts' : '';
  const seen = longest === 0 ? 'no data' : `only ${formatHours(hoursSeen)} of data${cut}`;
  return {
    check: 'trend',
    level: 'unknown',
    short: longest === 0 ? 'no data' : `${formatHours(hoursSeen)} of data`,
    summary: `${seen}: a trend needs ${HOURS_NEEDED} h and ${VALUES_NEEDED} values`,
    facts: { check: 'trend', pattern: 'too little data', hoursSeen },
  };
}

function describe(verdict: TrendVerdict, container: ContainerObservation, hoursSeen: number, kills?: number): Finding {
  const { level, pattern, growth, tau } = verdict;
  const alarming = level === 'yellow' || level === 'red';
  const rate = alarming && verdict.bytesPerHour > 0 ? verdict.bytesPerHour : undefined;
  const facts: TrendFacts = {
    check: 'trend',
    growth,
    span: verdict.span,
    bytesPerHour: verdict.bytesPerHour,
    reachesLimitAt: rate === undefined ? undefined : reachesLimitAt(container, rate),
    pattern,
    hoursSeen,
    tau,
    kills,
  };
  const pace = rate === undefined ? '' : `, ${formatBytes(rate as Bytes)} an hour`;
  return { check: 'trend', level, short: formatGrowth(growth), summary: `${verdict.meaning}${pace}`, facts };
}

/** Unix seconds at which usage meets the limit when it goes on at `rate` bytes an hour. */
function reachesLimitAt(container: ContainerObservation, rate: number): number | undefined {
  const used = container.measured?.now?.workingSet ?? container.measured?.averages.at(-1)?.v;
  if (container.limit.state !== 'set' || used === undefined) return undefined;
  return Math.round(container.at + (Math.max(0, container.limit.bytes - used) / rate) * 3600);
}
