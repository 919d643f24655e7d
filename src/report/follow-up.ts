import type { FollowedChange, FollowedContainer } from '../model/follow-up.ts';
import { capitalize, endSentence } from '../text/format.ts';
import { code } from '../text/markdown.ts';
import { toMarkdown } from '../text/phrase.ts';
import {
  STANDING_ICONS,
  STANDINGS,
  sayAgo,
  sayBeforeAfter,
  sayFollowedValues,
  sayOutcome,
  standingOf,
} from '../words/follow-up.ts';
import { sayObstacle, sayRollout } from '../words/rollout.ts';
import type { Context } from './context.ts';
import { linkPull, listObstacles, nameFollowed, nameFollowedChange, nameSome } from './followed.ts';

/** Rows beyond are folded, and what is settled where it is more than that. */
const SHOWN = 20;
const SETTLED = 5;
const REMINDERS = 10;
/** Seconds for which a rollout may take its time. */
const PATIENCE = 3600;

const HEAD = ['| change | merged | rolled out | before → after | outcome |', '|---|---|---|---|---|'];

interface Row {
  readonly change: FollowedChange;
  readonly container: FollowedContainer;
}

/** What the merged changes did, at most `most` rows; empty when there are none. `rest` is where the others are, as Markdown. */
export function writeFollowUp(context: Context, most: number, rest: string): string {
  const changes = context.input.followUps?.changes ?? [];
  const all = listRows(changes);
  if (all.length === 0) return '';
  const rows = all.slice(0, most);
  const open = rows.filter(({ change }) => !change.settled);
  const settled = rows.filter(({ change }) => change.settled);
  const foldsSettled = settled.length > SETTLED || open.length + settled.length > SHOWN;
  const shown = [...open.slice(0, SHOWN), ...(foldsSettled ? [] : settled)];
  const sections = [
    '## Follow-up',
    writeReminders(changes, context),
    writeTable(shown, context),
    writeFold(`${open.length - SHOWN} more that are followed`, open.slice(SHOWN), context),
    foldsSettled ? writeFold(`Settled in the last 14 days (${settled.length})`, settled, context) : '',
    all.length > most ? `*${all.length - most} more: ${rest}.*` : '',
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** A row a container: what waits first, then what got worse; what is settled last. */
function listRows(changes: readonly FollowedChange[]): Row[] {
  const rankOf = ({ change, container }: Row) => {
    const standing = standingOf(container);
    return (change.settled ? STANDINGS.length : 0) + (standing === 'waiting' ? -1 : STANDINGS.indexOf(standing));
  };
  return changes
    .flatMap((change) => change.containers.map((container) => ({ change, container })))
    .map((row) => ({ row, rank: rankOf(row) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ row }) => row);
}

/** "Merged 3 days ago and still not running: [#9](…), `shop/web`: Argo CD has not applied it; sync it, or …" */
function writeReminders(changes: readonly FollowedChange[], { input }: Context): string {
  const reminders = changes
    .filter(({ settled, at }) => !settled && input.inspection.at - at >= PATIENCE)
    .toSorted((a, b) => a.at - b.at)
    .flatMap((change) =>
      listObstacles(change, 'whole').map(({ obstacle, containers }) => {
        const since = `${change.how === 'by hand' ? 'first seen' : 'merged'} ${sayAgo(input.inspection.at - change.at)}`;
        const what = endSentence(toMarkdown(sayObstacle(obstacle)));
        return `- ⏳ ${nameFollowedChange(change)}, ${since} and still not running for ${nameSome(containers, 3)}: ${what}`;
      }),
    );
  const more = reminders.length - REMINDERS;
  return [...reminders.slice(0, REMINDERS), ...(more > 0 ? [`- *${more} more wait.*`] : [])].join('\n');
}

function writeFold(title: string, rows: readonly Row[], context: Context): string {
  if (rows.length === 0) return '';
  return [`<details><summary>${title}</summary>`, writeTable(rows, context), '</details>'].join('\n\n');
}

function writeTable(rows: readonly Row[], context: Context): string {
  return rows.length === 0 ? '' : [...HEAD, ...rows.map((row) => writeRow(row, context))].join('\n');
}

function writeRow({ change, container }: Row, { calendar }: Context): string {
  const standing = standingOf(container);
  const { verdict } = container;
  const by = verdict.kind === 'reverted' && verdict.by !== undefined ? ` by ${linkPull(verdict.by, change)}` : '';
  const waits = container.verdict.kind === 'open' && container.rollout.state !== 'rolled out';
  const outcome = waits ? 'open' : `${toMarkdown(sayOutcome(container, calendar.dayAndTime))}${by}`;
  const cells = [
    `${capitalize(nameFollowedChange(change))}: ${code(nameFollowed(container))} ${sayFollowedValues(container.values)}`,
    `${calendar.date(change.at).slice('2025-'.length)}${change.how === 'by hand' ? ' (seen)' : ''}`,
    toMarkdown(sayRollout(container.rollout, calendar.dayAndTime)),
    sayBeforeAfter(container.before, container.after) || '–',
    `${STANDING_ICONS[standing]} ${outcome}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
