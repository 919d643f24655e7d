import type { PullRequestResult } from '../model/delivery.ts';
import type { Score, Scorecard, SuggestedPull } from '../model/follow-up.ts';
import { addScores, NO_SCORE } from './score.ts';

/** What a run did, and what it knew before. */
export interface Counted {
  readonly results: readonly PullRequestResult[];
  readonly before: readonly SuggestedPull[];
  /** `YYYY-MM` of a time (unix seconds). */
  monthOf(time: number): string;
}

/** The scorecard with what this run itself opened and closed, so that the next one finds nothing to add. Pure. */
export function countDelivered(card: Scorecard, { results, before, monthOf }: Counted): Scorecard {
  const known = new Map(before.map((pull) => [pull.number, pull]));
  return results.reduce((sum, { state, number, createdAt }) => {
    const pull = number === undefined ? undefined : known.get(number);
    if (state === 'opened' && pull === undefined && createdAt !== undefined) {
      return count(sum, monthOf(createdAt), { suggested: 1, open: 1 });
    }
    if (state === 'closed' && pull?.state === 'open') return count(sum, monthOf(pull.createdAt), { open: -1 });
    return sum;
  }, card);
}

function count(card: Scorecard, month: string, change: Partial<Score>): Scorecard {
  const more = { ...NO_SCORE, ...change };
  const others = card.months.filter((one) => one.month !== month);
  const before = card.months.find((one) => one.month === month) ?? NO_SCORE;
  const months = [...others, { month, ...addScores(before, more) }];
  return { ...card, ...addScores(card, more), months: months.toSorted((a, b) => (a.month < b.month ? -1 : 1)) };
}
