import { formatBytes } from '../bytes.ts';
import type { FollowedContainer, FollowedValue, UseOverTime, Verdict, WorseReason } from '../model/follow-up.ts';
import { count, formatPercent } from '../text/format.ts';
import { type Phrase, say, strong } from '../text/phrase.ts';
import { nameObstacle, type Told } from './rollout.ts';

/** What a followed container comes to so far, the most pressing first. */
export const STANDINGS = [
  'worse',
  'waiting',
  'not confirmed',
  'watched',
  'idle',
  'not seen',
  'confirmed',
  'reverted',
  'replaced',
  'gone',
] as const;
type Standing = (typeof STANDINGS)[number];

export const STANDING_ICONS: Readonly<Record<Standing, string>> = {
  waiting: '⏳',
  worse: '🔴',
  'not confirmed': '🟡',
  watched: '🔎',
  idle: '💤',
  'not seen': '⚪',
  confirmed: '✅',
  reverted: '↩️',
  replaced: '⚪',
  gone: '⚪',
};

/** What a container comes to so far: its verdict or, while there is none, how far it has come. */
export function standingOf({ rollout, verdict }: FollowedContainer): Standing {
  if (verdict.kind !== 'open') return verdict.kind;
  return rollout.state === 'rolled out' ? 'watched' : rollout.state;
}

/** A predicate of which containers are the subject: "is confirmed", "are confirmed". */
function sayStanding(standing: Standing, number: number): string {
  const [is, has, does, waits] = number === 1 ? ['is', 'has', 'does', 'waits'] : ['are', 'have', 'do', 'wait'];
  const words: Readonly<Record<Standing, string>> = {
    waiting: `${does} not run with the new values yet`,
    worse: `${does} worse than before`,
    'not confirmed': `${is} not confirmed`,
    watched: `${is} being watched`,
    idle: `${waits} for the next pods`,
    'not seen': `${is} out of this run's sight`,
    confirmed: `${is} confirmed`,
    reverted: `${has} been taken back`,
    replaced: `${has} been changed again since`,
    gone: `${is} no longer there`,
  };
  return words[standing];
}

/** What came of a change to a container, in some words for a cell of a table; times by `timeOf`. */
export function sayOutcome(
  { rollout, verdict }: FollowedContainer,
  timeOf: (time: number) => string,
  told: Told = 'whole',
): Phrase {
  switch (verdict.kind) {
    case 'open':
      if (rollout.state === 'waiting') return say`waits: ${nameObstacle(rollout.obstacle, told)}`;
      return [OPEN[rollout.state]];
    case 'confirmed':
      if (verdict.backtestHeld === undefined) return say`confirmed`;
      return verdict.backtestHeld
        ? say`confirmed, and no peak has passed the new limit`
        : say`confirmed, but it has peaked above the new limit`;
    case 'not confirmed':
      return say`not confirmed: ${NOT_CONFIRMED[verdict.why]}`;
    case 'worse':
      return say`${strong('worse')}: ${sayWorse(verdict.why, verdict.killedAt, timeOf)}`;
    case 'reverted':
      return say`taken back`;
    case 'replaced':
      return say`changed again before it was settled`;
    case 'gone':
      return say`no longer there`;
  }
}

const OPEN = {
  'rolled out': 'being watched',
  replaced: 'changed again since',
  gone: 'no longer there',
  idle: 'waits for its next pods',
  'not seen': 'not looked at by this run',
} as const;

type NotConfirmed = Extract<Verdict, { readonly kind: 'not confirmed' }>['why'];

const NOT_CONFIRMED: Readonly<Record<NotConfirmed, string>> = {
  'still over the red line': 'no OOM kill, but still over the red line',
  'not measured': 'nothing was measured',
  'killed since': 'OOM-killed since, which it was not before',
};

/** "OOM-killed on 12-24 03:00, after its limit was lowered" */
export function sayWorse(why: WorseReason, killedAt: number | undefined, timeOf: (time: number) => string): string {
  const when = killedAt === undefined ? '' : ` on ${timeOf(killedAt)}`;
  return why === 'killed after lowering'
    ? `OOM-killed${when}, after its limit was lowered`
    : `still OOM-killed${when}, with more memory: a leak, not its size`;
}

/** What to do then, as a sentence. */
export function adviseOnWorse(why: WorseReason): string {
  return why === 'killed after lowering'
    ? 'Take the change back.'
    : 'Look for what it keeps in memory: more only postpones the OOM kill.';
}

/** "limit 1500Mi → 2048Mi, request none → 1024Mi" */
export function sayFollowedValues(values: readonly FollowedValue[]): string {
  return values
    .map(({ field, from, fromUnknown, to }) => {
      const old = from === undefined ? 'none' : formatBytes(from);
      return `${field} ${fromUnknown ? '' : `${old} `}→ ${formatBytes(to)}`;
    })
    .join(', ');
}

/** "96 % → 71 %, no OOM kill since"; "96 %, 3 OOM kills before" as long as nothing is known of the time after; empty where nothing is. */
export function sayBeforeAfter(before: UseOverTime = {}, after: UseOverTime = {}): string {
  const pick = before.peak !== undefined && after.peak !== undefined ? peakOf : highestOf;
  const shares = [before, after].map((use) => shareOf(pick(use), use.limit));
  const sizes = [before, after].map((use) => format(pick(use)));
  const shown = shares.some((share) => share !== undefined) ? shares : sizes;
  const [was, is] = shown;
  const change = is === undefined ? (was === undefined ? [] : [was]) : [`${was ?? '?'} → ${is}`];
  return [...change, ...sayEvents(before, after)].join(', ');
}

/** "1450Mi of 2048Mi (71 %), no OOM kill"; empty where nothing was measured. */
export function sayUse(use: UseOverTime): string {
  const used = highestOf(use);
  const of = use.limit === undefined ? '' : ` of ${formatBytes(use.limit)}`;
  const share = shareOf(used, use.limit);
  const amount = used === undefined ? [] : [`${formatBytes(used)}${of}${share === undefined ? '' : ` (${share})`}`];
  const kills = use.oomKills === undefined ? [] : [countKills(use.oomKills)];
  return [...amount, ...kills, ...sayRestarts(use)].join(', ');
}

function sayEvents(before: UseOverTime, after: UseOverTime): string[] {
  const [earlier = 0, later] = [before.oomKills, after.oomKills];
  if (later === undefined) return earlier === 0 ? [] : [`${countKills(earlier)} before`];
  const told = earlier === 0 ? `${countKills(later)} since` : `${countKills(earlier)} before, ${later || 'none'} since`;
  return [told, ...sayRestarts(after).map((text) => `${text} since`)];
}

/** Restarts that are more than the OOM kills. */
function sayRestarts({ restarts = 0, oomKills = 0 }: UseOverTime): string[] {
  return restarts > oomKills ? [count(restarts, 'restart')] : [];
}

function countKills(kills: number): string {
  return kills === 0 ? 'no OOM kill' : count(kills, 'OOM kill');
}

function peakOf({ peak }: UseOverTime) {
  return peak;
}

function highestOf({ peak, used }: UseOverTime) {
  return peak ?? used;
}

function format(size: number | undefined): string | undefined {
  return size === undefined ? undefined : formatBytes(size);
}

function shareOf(size: number | undefined, limit: number | undefined): string | undefined {
  return size === undefined || !limit ? undefined : formatPercent(Math.round((size / limit) * 100));
}

/** `1 hour`, `1 day`, `7 days`; seconds in. */
export function sayLength(seconds: number): string {
  const hours = Math.round(seconds / 3600);
  return hours < 24 ? count(hours, 'hour') : count(Math.round(hours / 24), 'day');
}

/** `3 days ago`, `5 hours ago`, `within the last hour`; seconds in. */
export function sayAgo(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  if (hours < 1) return 'within the last hour';
  return hours < 48 ? `${count(hours, 'hour')} ago` : `${count(Math.floor(hours / 24), 'day')} ago`;
}

/** Numbers of containers by what they come to, the most pressing first: "1 container does worse than before, 2 are confirmed". */
export function tally(containers: readonly FollowedContainer[]): { readonly icon: string; readonly text: string } {
  const counts = STANDINGS.map((standing) => ({
    standing,
    number: containers.filter((one) => standingOf(one) === standing).length,
  })).filter(({ number }) => number > 0);
  const [first] = counts;
  const texts = counts.map(({ standing, number }, index) => {
    const what = index === 0 ? count(number, 'container') : String(number);
    return `${what} ${sayStanding(standing, number)}`;
  });
  return { icon: first === undefined ? '⚪' : STANDING_ICONS[first.standing], text: texts.join(', ') };
}
