import type { PullRequestResult } from '../model/delivery.ts';
import type { Score, Scorecard, SuggestedPull } from '../model/follow-up.ts';

const NOTHING: Score = { suggested: 0, merged: 0, declined: 0, open: 0, confirmed: 0, reverted: 0 };

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
      return add(sum, monthOf(createdAt), { suggested: 1, open: 1 });
    }
    if (state === 'closed' && pull?.state === 'open')
      return add(sum, monthOf(pull.createdAt), { suggested: 0, open: -1 });
    return sum;
  }, card);
}

type Change = Pick<Score, 'suggested' | 'open'>;

function add(card: Scorecard, month: string, change: Change): Scorecard {
  const counted = <Kind extends Score>(score: Kind): Kind => ({
    ...score,
    suggested: score.suggested + change.suggested,
    open: score.open + change.open,
  });
  const isThere = card.months.some((one) => one.month === month);
  const months = isThere ? card.months : [...card.months, { month, ...NOTHING }];
  return {
    ...counted(card),
    months: months
      .map((one) => (one.month === month ? counted(one) : one))
      .toSorted((a, b) => (a.month < b.month ? -1 : 1)),
  };
}
