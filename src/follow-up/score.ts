import { median } from '../checks/statistics.ts';
import type { FollowedChange, Score, Scorecard, SuggestedPull } from '../model/follow-up.ts';

export const NO_SCORE: Score = { suggested: 0, merged: 0, declined: 0, open: 0, confirmed: 0, reverted: 0 };

/** What the scorecard is made from. `changes` are all that were ever merged, as far as is known, with what came of them. */
export interface Scored {
  readonly pulls: readonly SuggestedPull[];
  readonly changes: readonly FollowedChange[];
  readonly cutOff: boolean;
  /** `YYYY-MM` of a time (unix seconds). */
  monthOf(time: number): string;
}

/** Counts what became of all that was ever suggested. Pure. */
export function keepScore({ pulls, changes, cutOff, monthOf }: Scored): Scorecard {
  const byNumber = new Map(changes.map((change) => [change.number, change]));
  const months = new Map<string, Score>();
  let all = NO_SCORE;
  for (const pull of pulls) {
    const one = scoreOf(pull, byNumber.get(pull.number));
    const month = monthOf(pull.createdAt);
    months.set(month, addScores(months.get(month) ?? NO_SCORE, one));
    all = addScores(all, one);
  }
  const redToMerged = pulls.flatMap(({ red, createdAt, mergedAt }) =>
    red && mergedAt !== undefined ? [mergedAt - createdAt] : [],
  );
  return {
    ...all,
    oomKills: countKills(changes),
    ...sumMemory(pulls, byNumber),
    ...(redToMerged.length > 0 && { redToMerged: median(redToMerged) }),
    months: [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, score]) => ({ month, ...score })),
    cutOff,
  };
}

function scoreOf({ state }: SuggestedPull, change: FollowedChange | undefined): Score {
  const verdicts = change?.containers.map(({ verdict }) => verdict.kind) ?? [];
  const isConfirmed = verdicts.length > 0 && verdicts.every((kind) => kind === 'confirmed');
  return {
    suggested: 1,
    merged: Number(state === 'merged'),
    declined: Number(state === 'declined'),
    open: Number(state === 'open'),
    confirmed: Number(isConfirmed),
    reverted: Number(verdicts.includes('reverted')),
  };
}

/** The sum of two counts. */
export function addScores(a: Score, b: Score): Score {
  return {
    suggested: a.suggested + b.suggested,
    merged: a.merged + b.merged,
    declined: a.declined + b.declined,
    open: a.open + b.open,
    confirmed: a.confirmed + b.confirmed,
    reverted: a.reverted + b.reverted,
  };
}

/** Of what is settled, so that the days before and after are as many. */
function countKills(changes: readonly FollowedChange[]): Scorecard['oomKills'] {
  let [before, after] = [0, 0];
  for (const { containers } of changes) {
    for (const one of containers) {
      if (one.verdict.kind === 'open' || one.before?.oomKills === undefined || one.after?.oomKills === undefined)
        continue;
      before += one.before.oomKills;
      after += one.after.oomKills;
    }
  }
  return { before, after };
}

/** By merged changes that were not taken back. */
function sumMemory(
  pulls: readonly SuggestedPull[],
  byNumber: ReadonlyMap<number | undefined, FollowedChange>,
): Pick<Scorecard, 'freed' | 'added'> {
  const freed = { limits: 0, requests: 0 };
  const added = { limits: 0, requests: 0 };
  for (const { number, state, values } of pulls) {
    const isBack = byNumber.get(number)?.containers.some(({ verdict }) => verdict.kind === 'reverted');
    const isRevert = byNumber.get(number)?.reverts !== undefined;
    if (state !== 'merged' || isBack || isRevert) continue;
    for (const { field, from, to, pods } of values) {
      if (from === undefined) continue;
      const kind = field === 'limit' ? 'limits' : 'requests';
      if (to < from) freed[kind] += (from - to) * pods;
      else added[kind] += (to - from) * pods;
    }
  }
  return { freed, added };
}
