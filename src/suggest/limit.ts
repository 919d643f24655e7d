import { bytes, formatBytes, mebibytes } from '../bytes.ts';
import { pressureFelt, swapInUse } from '../checks/pressure.ts';
import { DAYS_FOR_TIGHTENING } from '../checks/sizing.ts';
import type { OomKill } from '../model/finding.ts';
import type { ProposedValue } from '../model/suggestion.ts';
import { bytesOf } from '../model/workload.ts';
import { count, formatWindow } from '../text/format.ts';
import { holdToBounds } from './bounds.ts';
import type { Evidence, SizingCase } from './case.ts';
import { adviseOnPercentage, jvmNotes, leastForJvm } from './jvm.ts';
import { roundingStep, roundToStep, stepUpTo } from './round.ts';

/** A value for one field, nothing to do, or why it is held back. */
export type FieldProposal =
  | { readonly kind: 'none' }
  | { readonly kind: 'withheld'; readonly why: string }
  | {
      readonly kind: 'value';
      readonly value: ProposedValue;
      readonly direction: 'raise' | 'lower';
      readonly notes: readonly string[];
    };

const NONE: FieldProposal = { kind: 'none' };
const SAFE_MARGIN = 1.1;
const TIGHT_FACTOR = 1.5;
const TIGHT_ROOM = mebibytes(128);
/** A limit is lowered to at most this share of what it was. */
const LOWERED_SHARE = 0.75;

/** The new limit of a workload's container: raised, lowered or added. */
export function proposeLimit(sizing: SizingCase, evidence: Evidence): FieldProposal {
  const { problems, limit } = evidence;
  const tooLow = problems.has('near limit') || problems.has('OOMKilled');
  // Killed without a limit means that the node ran out: what is missing is the limit.
  if (tooLow && limit.state === 'set') return raiseLimit(sizing, evidence);
  if (problems.has('over-provisioned') || problems.has('no limit')) return tightenLimit(sizing, evidence);
  return NONE;
}

function raiseLimit(sizing: SizingCase, evidence: Evidence): FieldProposal {
  const { limit, problems, limitBase, windowPeak, peak = bytes(0), ownPeak = bytes(0) } = evidence;
  if (limit.state !== 'set') return NONE;
  if (isCutByKills(sizing)) {
    return { kind: 'withheld', why: 'It leaks until it is OOM-killed, again and again: no limit cures that' };
  }
  const kills = sizeKills(sizing, evidence, limit.bytes);
  const verdict = judgeKills(kills, evidence.killedBefore, limit.bytes, problems.has('near limit'));
  if (verdict.withheld !== undefined) return { kind: 'withheld', why: verdict.withheld };
  const killLimit = verdict.startFrom ?? 0;
  const used = Math.max(limitBase ?? 0, killLimit);
  if (used === 0) return { kind: 'withheld', why: 'Its usage was not measured, so there is nothing to start from' };
  const line = sizing.thresholds.usageRed / 100;
  const factor = Math.max(sizing.thresholds.limitFactor, SAFE_MARGIN / line);
  const wanted = Math.max(used, ownPeak) * factor;
  const rounded = roundToStep(wanted);
  const aboveUse = Math.max(used / line + 1, aboveWaiting(sizing, line));
  const least = Math.max(peak * SAFE_MARGIN, aboveUse, killLimit + 1, aboveKills(evidence));
  const safe = stepUpTo(rounded, least);
  const ofUsage = formatBytes(limitBase ?? 0) === formatBytes(windowPeak ?? 0) ? 'usage' : 'usage without page cache';
  const base = killLimit >= (limitBase ?? 0) && killLimit > 0 ? 'limit at the OOM kill' : ofUsage;
  const from = used >= ownPeak ? `${base} ${formatBytes(used)}` : sayPeak(sizing, evidence);
  const advice = adviseOnPercentage(sizing, evidence);
  if (advice !== undefined) return { kind: 'withheld', why: advice };
  const held = hold(sizing, 'limit', limit.bytes, safe, least);
  if (!held.possible) return { kind: 'withheld', why: held.why };
  if (held.to <= limit.bytes) {
    const why = `Would be ${formatBytes(safe)}: the manifest already says ${formatBytes(limit.bytes)}, but not all pods have it yet`;
    return { kind: 'withheld', why };
  }
  const level = [problems.get('near limit')?.level, problems.get('OOMKilled')?.level];
  if (held.to < limit.bytes * SAFE_MARGIN && !level.includes('red')) {
    return { kind: 'withheld', why: `Would be ${formatBytes(held.to)}, less than 10 % more: not worth a change` };
  }
  return {
    kind: 'value',
    value: {
      from: limit,
      to: held.to,
      why: `${from} × ${trim(factor)}, rounded to ${formatBytes(roundingStep(wanted))}`,
    },
    direction: 'raise',
    notes: [...held.notes, ...notesOnKills(sizing, evidence, rounded), ...jvmNotes(sizing, evidence, held.to, 'raise')],
  };
}

/** "peak 2600Mi in 14 days without page cache" */
function sayPeak({ histories }: SizingCase, { peak = bytes(0), ownPeak = bytes(0) }: Evidence): string {
  const days = new Set(histories.flatMap(({ dailyPeaks }) => dailyPeaks.map(({ t }) => t))).size;
  const within = days === 0 ? '' : ` in ${count(days, 'day')}`;
  return `peak ${formatBytes(ownPeak)}${within}${ownPeak < peak ? ' without page cache' : ''}`;
}

/** The least that is above every limit that killed within the sizing window; 0 where none is known. */
function aboveKills({ killFloor }: Evidence): number {
  return killFloor.kind === 'none' || killFloor.limit === undefined ? 0 : killFloor.limit + 1;
}

/** The least at which nothing that waits for memory is over the red line, for it counts with its page cache; 0 where none waits. */
export function aboveWaiting({ pods }: SizingCase, line: number): number {
  const used = pods.flatMap(({ observation }) =>
    pressureFelt(observation) === undefined ? [] : (observation.measured?.now?.workingSet ?? 0),
  );
  return used.length === 0 ? 0 : Math.max(...used) / line + 1;
}

/** Says so where a limit that killed decides, and not what was used. */
function notesOnKills(sizing: SizingCase, { killFloor }: Evidence, byUse: number): string[] {
  if (killFloor.kind !== 'above' || byUse > killFloor.limit) return [];
  return [
    `It was OOM-killed at ${formatBytes(killFloor.limit)} in the last ${sayWindow(sizing)}: no limit is set below that.`,
  ];
}

function sayWindow({ pods, gone }: SizingCase): string {
  const [first] = [...pods, ...gone];
  return first === undefined ? 'days' : formatWindow(first.observation.windows.sizingWindow);
}

/** Whether kills cut a leak off again and again. */
function isCutByKills({ pods }: SizingCase): boolean {
  return pods.some(
    ({ findings: { trend } }) => trend?.level === 'red' && trend.facts.pattern === 'leak cut by OOMKills',
  );
}

/** Usage that came near the present limit tells that it was in force, where that of a pod that is gone is not known. */
function sizeKills({ gone }: SizingCase, { kills, peak = bytes(0) }: Evidence, limit: number): OomKill[] {
  const ofGone = new Set(gone.flatMap(({ observation }) => observation.oomKills));
  return kills.map((kill) =>
    kill.limit === undefined && ofGone.has(kill) && peak >= limit * 0.8 ? { ...kill, limit: bytes(limit) } : kill,
  );
}

/** What kills say about a raise: the limit to start from, or why there is none. */
function judgeKills(
  kills: readonly OomKill[],
  killedBefore: readonly number[],
  limit: number,
  nearLimit: boolean,
): { readonly startFrom?: number; readonly withheld?: string } {
  const limits = kills.flatMap((kill) => (kill.limit === undefined ? [] : [kill.limit]));
  const all = [...killedBefore, ...limits];
  const last = all.at(-1);
  const before = all.find((one) => last !== undefined && one < last);
  if (before !== undefined && last !== undefined && (limits.length > 0 || limit <= last)) {
    const raise = `from ${formatBytes(before)} to ${formatBytes(last)}`;
    return {
      withheld: `It was OOM-killed again after a raise ${raise}: that is a leak, and another raise would not stop it`,
    };
  }
  if (kills.length === 0) return {};
  const highest = Math.max(0, ...limits);
  if (nearLimit && limit > highest) return {};
  if (limits.length === 0) {
    return { withheld: 'The limit at which it was OOM-killed is unknown and may have been raised since' };
  }
  if (limit > highest) {
    const raise = `from ${formatBytes(highest)} to ${formatBytes(limit)}`;
    return { withheld: `The limit was raised after the OOM kill, ${raise}: wait and see` };
  }
  return { startFrom: highest };
}

function tightenLimit(sizing: SizingCase, evidence: Evidence): FieldProposal {
  const { limit, request, peak, limitBase, daysSeen } = evidence;
  if (peak === undefined || limitBase === undefined) {
    return { kind: 'withheld', why: 'Its usage was not measured, so there is nothing to start from' };
  }
  if (limit.state === 'set' && evidence.killFloor.kind === 'unknown') {
    const why = `It was OOM-killed in the last ${sayWindow(sizing)} at a limit that is not known, so the limit is not lowered`;
    return { kind: 'withheld', why };
  }
  if (limit.state === 'set' && sizing.pods.some(({ observation }) => swapInUse(observation) !== undefined)) {
    return {
      kind: 'withheld',
      why: 'Part of its memory is in swap, so it needs more than was seen: the limit is not lowered',
    };
  }
  const line = sizing.thresholds.usageRed / 100;
  // Not tighter than a raise would be, or the two would chase each other.
  const factor = Math.max(TIGHT_FACTOR, sizing.thresholds.limitFactor, SAFE_MARGIN / line);
  const wanted = Math.max(peak * factor, peak + TIGHT_ROOM);
  const lowest = Math.max(
    peak * SAFE_MARGIN,
    peak + TIGHT_ROOM,
    limitBase / line + 1,
    aboveWaiting(sizing, line),
    leastForJvm(sizing, evidence, line),
    aboveKills(evidence),
  );
  const current = bytesOf(limit);
  // A request is only lowered for a limit that is lowered; a limit that is added has to hold the request.
  const least = current === undefined && request.state === 'set' ? Math.max(lowest, request.bytes) : lowest;
  const to = stepUpTo(roundToStep(wanted), least);
  if (current !== undefined && to > current) {
    const why = `${formatBytes(to)} would be enough, going by the peaks of ${daysSeen} days: its pods have more, the manifest says ${formatBytes(current)}`;
    return { kind: 'withheld', why };
  }
  if (current !== undefined && to > current * LOWERED_SHARE) {
    const why = `Would be ${formatBytes(to)} going by the peaks of ${daysSeen} days: less than a quarter lower, so not worth a change`;
    return { kind: 'withheld', why };
  }
  if (current === undefined && isRoomy(to, stepUpTo(roundToStep(wanted), lowest), evidence, sizing)) {
    return {
      kind: 'withheld',
      why: `A limit would be ${formatBytes(roundToStep(wanted))}, but its request is above that: lower the request first`,
    };
  }
  if (daysSeen < DAYS_FOR_TIGHTENING) {
    const days = daysSeen === 1 ? '1 day' : `${daysSeen} days`;
    const seen =
      daysSeen === 0 ? 'less than a day of data was' : `only ${days} of data ${daysSeen === 1 ? 'was' : 'were'}`;
    return {
      kind: 'withheld',
      why: `Would be ${formatBytes(to)}, but ${seen} seen: ${DAYS_FOR_TIGHTENING} days are needed`,
    };
  }
  const held = hold(sizing, 'limit', current ?? 0, to, least);
  if (!held.possible) return { kind: 'withheld', why: held.why };
  if (current !== undefined && held.to > current * LOWERED_SHARE)
    return { kind: 'withheld', why: held.notes.join(' ') };
  const base = `peak ${formatBytes(peak)} × ${trim(factor)}`;
  return {
    kind: 'value',
    value: { from: limit, to: held.to, why: `${base}, rounded to ${formatBytes(roundingStep(wanted))}` },
    direction: 'lower',
    notes: [
      ...held.notes,
      ...notesOnKills(sizing, evidence, roundToStep(wanted)),
      ...jvmNotes(sizing, evidence, held.to, 'lower'),
    ],
  };
}

/** Whether a limit that is added would be called over-provisioned at once, and lowered to `lower`. */
function isRoomy(to: number, lower: number, { limitBase }: Evidence, { thresholds }: SizingCase): boolean {
  return (
    to > thresholds.overProvisionedAbove &&
    (limitBase ?? 0) < (to * thresholds.overProvisionedBelow) / 100 &&
    lower <= to * LOWERED_SHARE
  );
}

function hold(sizing: SizingCase, field: 'limit', from: number, to: ReturnType<typeof bytes>, least: number) {
  const { bounds, largestNode, workload } = sizing;
  const pods = Math.max(1, workload.replicas ?? sizing.pods.length);
  return holdToBounds({ bounds, largestNode, field, from, to, least, pods });
}

function trim(factor: number): string {
  return String(Math.round(factor * 100) / 100);
}
