import { type ContainerView, highestPod } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { measured } from '../report/describe-use.ts';
import { nameFollowed, nameFollowedChange } from '../report/followed.ts';
import type { IndexEntry } from '../report/index-page.ts';
import { sayEffects } from '../report/scorecard.ts';
import { capitalize, compareText } from '../text/format.ts';
import { code } from '../text/markdown.ts';
import { STANDING_ICONS, sayBeforeAfter, sayFollowedValues, sayOutcome, standingOf } from '../words/follow-up.ts';
import { sayRollout } from '../words/rollout.ts';
import { letterOf, nameOf } from './describe-row.ts';
import { daysBetween, type PageHistory } from './history.ts';
import { inlineOf, readInline } from './inline.ts';
import type { FollowedData, Move, MovesData, RunData, ScoreData } from './page-data.ts';
import type { EarlierUse } from './read-use.ts';

const MOST_MOVES = 12;
const MOST_FOLLOWED = 200;

/** The levels of every run that is known, the oldest first and this one last. */
export function describeRuns({ input, date }: Context, history: PageHistory): RunData[] {
  const { inspection } = input;
  const indexed = input.history.filter((entry) => entry.date < date).map(runOf);
  const today: RunData = { date, level: letterOf(inspection.verdict), ...inspection.totals };
  const byDate = new Map([...indexed, ...history.runs, today].map((run) => [run.date, run]));
  return [...byDate.values()].sort((a, b) => compareText(a.date, b.date));
}

function runOf({ date, verdict, total, healthy, attention, atRisk, unknown }: IndexEntry): RunData {
  return { date, level: letterOf(verdict), total, healthy, attention, atRisk, unknown };
}

/** What each container uses now against what it used at the time of earlier reports. */
export function describeMoves({ views, date }: Context, history: PageHistory): MovesData[] {
  const now = new Map(views.map((view) => [view.key, measuredNow(view)] as const));
  const labels = new Map(views.map((view) => [view.key, view.label] as const));
  return history.use.map((earlier) => ({
    since: earlier.date,
    days: daysBetween(earlier.date, date),
    ...findMoves(now, earlier, (key) => nameOf(labels.get(key) ?? key)),
  }));
}

function measuredNow(view: ContainerView): number | undefined {
  return measured(highestPod(view)?.facts.usage?.used);
}

/** The largest changes, what is new and what is gone; `now` holds what is there, measured or not. */
export function findMoves(
  now: ReadonlyMap<string, number | undefined>,
  { used }: Pick<EarlierUse, 'used'>,
  labelOf: (key: string) => string,
): Pick<MovesData, 'moved' | 'added' | 'addedCount' | 'gone' | 'goneCount'> {
  const keys = [...now.keys()].sort(compareText);
  const moved = keys.flatMap((key): Move[] => {
    const [from, to] = [used.get(key), now.get(key)];
    return from === undefined || to === undefined || from === to ? [] : [{ label: labelOf(key), from, to }];
  });
  const added = keys.flatMap((key): Move[] => (used.has(key) ? [] : [{ label: labelOf(key), to: now.get(key) }]));
  const gone = [...used].flatMap(([key, from]): Move[] => (now.has(key) ? [] : [{ label: labelOf(key), from }]));
  return {
    moved: moved.sort((a, b) => sizeOfMove(b) - sizeOfMove(a)).slice(0, MOST_MOVES),
    added: added.sort((a, b) => (b.to ?? 0) - (a.to ?? 0)).slice(0, MOST_MOVES),
    addedCount: added.length,
    gone: gone.sort((a, b) => (b.from ?? 0) - (a.from ?? 0) || compareText(a.label, b.label)).slice(0, MOST_MOVES),
    goneCount: gone.length,
  };
}

function sizeOfMove({ from = 0, to = 0 }: Move): number {
  return Math.abs(to - from);
}

/** The merged changes, a row a container. */
export function describeFollowed({ input, calendar }: Context): FollowedData[] {
  const rows = (input.followUps?.changes ?? []).flatMap((change) =>
    change.containers.map((container): FollowedData => {
      const name = `${capitalize(nameFollowedChange(change))}: ${code(nameFollowed(container))}`;
      return {
        change: [...readInline(name), ` ${sayFollowedValues(container.values)}`],
        merged: `${calendar.date(change.at)}${change.how === 'by hand' ? ' (seen)' : ''}`,
        rollout: inlineOf(sayRollout(container.rollout, calendar.dayAndTime)),
        use: sayBeforeAfter(container.before, container.after),
        outcome: [`${STANDING_ICONS[standingOf(container)]} `, ...inlineOf(sayOutcome(container, calendar.dayAndTime))],
      };
    }),
  );
  return rows.slice(0, MOST_FOLLOWED);
}

/** What became of all suggestions; `undefined` where there never was one. */
export function describeScore({ input }: Context): ScoreData | undefined {
  const card = input.followUps?.scorecard ?? input.lastScorecard;
  if (card === undefined || card.suggested === 0) return undefined;
  return {
    counts: [
      ['suggested', card.suggested],
      ['open', card.open],
      ['declined', card.declined],
      ['merged', card.merged],
      ['confirmed', card.confirmed],
      ['reverted', card.reverted],
    ],
    effects: sayEffects(card, input.price).map(readInline),
  };
}
