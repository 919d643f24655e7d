import type { FollowedChange, FollowedContainer } from '../model/follow-up.ts';
import { type Calendar, calendarOf, endSentence } from '../text/format.ts';
import { code, escapeMarkdown, link } from '../text/markdown.ts';
import { toMarkdown } from '../text/phrase.ts';
import {
  adviseOnWorse,
  STANDING_ICONS,
  sayFollowedValues,
  sayLength,
  sayOutcome,
  sayUse,
  sayWorse,
  standingOf,
  tally,
} from '../words/follow-up.ts';
import { sayObstacle } from '../words/rollout.ts';
import { byStanding, linkPull, listObstacles, nameFollowed, nameSome } from './followed.ts';

/** Below what a comment may have; its mark comes after it. */
const MOST_CHARACTERS = 64_000;
/** Of them, what the list of what is to be done may take. */
const MOST_TO_DO = 20_000;
const SHOWN = 20;
const HOUR = 3600;
const DAY = 86_400;

export interface CommentContext {
  readonly clusterName?: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly reportUrl?: string;
  /** Seconds. */
  readonly confirmAfter: number;
  /** The pull request that is to take it back, where one is open. */
  readonly revert?: { readonly number: number; readonly url?: string };
}

/**
 * What is said of a merged change on its pull request, as Markdown of at most 65,000 characters. It tells what the looks saw
 * and how far the change has come, not what is used now: so it stays the same from one look to the next.
 */
export function writeFollowUpComment(change: FollowedChange, context: CommentContext): string {
  const calendar = calendarOf(context.timeZone);
  const { icon, text } = tally(change.containers);
  const steps = listSteps(change, context.confirmAfter);
  const before = [
    `### ${icon} Follow-up: ${text}`,
    ...(change.reverts === undefined ? [] : [`This takes back ${linkPull(change.reverts, change)}.`]),
    writeSteps(change, steps, calendar),
    ...writeToDo(change, context, calendar),
  ];
  const after = writeClosing(change, context);
  const left = MOST_CHARACTERS - [...before, after].join('\n\n').length;
  return [...before, ...writeTable(change, steps, calendar, left), after].join('\n\n');
}

/** The lengths after which is looked, in seconds: those of this run, and those of the runs before it. */
function listSteps({ containers }: FollowedChange, confirmAfter: number): number[] {
  const looked = containers.flatMap(({ looks }) => looks.map(({ after }) => after));
  return [...new Set([HOUR, DAY, confirmAfter, ...looked])].sort((a, b) => a - b).slice(0, 6);
}

function writeSteps(change: FollowedChange, steps: readonly number[], calendar: Calendar): string {
  const going = change.containers.filter((one) => !isOver(one));
  const watched = going.length > 0 ? going : change.containers;
  const times = watched.flatMap(({ rollout }) => (rollout.state === 'rolled out' ? [rollout.at] : []));
  const last = Math.max(...times);
  const isOut = watched.length > 0 && times.length === watched.length;
  const made = change.how === 'by hand' ? 'Made by hand, first seen' : 'Merged';
  const some = isOut ? '' : `${times.length} of ${watched.length} containers, the last `;
  const rolledOut = times.length === 0 ? 'Rolled out' : `Rolled out: ${some}${calendar.full(last)}`;
  return [
    writeStep(true, `${made} ${calendar.full(change.at)}`),
    writeStep(isOut, rolledOut),
    ...steps.map((step) => {
      const looks = watched.flatMap((one) => one.looks.filter(({ after }) => after === step));
      const isDone = isOut && looks.length >= watched.length;
      const wasMissed = watched.some((one) => one.looks.some(({ after }) => after > step));
      const open = isOut ? `: from ${calendar.full(last + step)}` : '';
      const due = wasMissed ? ': no run looked then' : change.settled ? ': not looked at any more' : open;
      if (looks.length > 0) {
        const seen = calendar.full(Math.max(...looks.map(({ at }) => at)));
        const share = isDone ? 'looked at' : `${looks.length} of ${watched.length} containers, the last`;
        return writeStep(isDone, `${sayLength(step)} later: ${share} ${seen}`);
      }
      return writeStep(false, `${sayLength(step)} later${due}`);
    }),
  ].join('\n');
}

/** Whether what was changed is no longer there to be looked at. */
function isOver({ verdict }: FollowedContainer): boolean {
  return verdict.kind === 'reverted' || verdict.kind === 'replaced' || verdict.kind === 'gone';
}

function writeStep(isDone: boolean, text: string): string {
  return `- ${isDone ? '✅' : '⬜'} ${text}`;
}

/** What got worse and what is missing, with what to do. */
function writeToDo(change: FollowedChange, { revert }: CommentContext, calendar: Calendar): string[] {
  const worse = byStanding(change.containers).flatMap((one) =>
    one.verdict.kind === 'worse' ? [{ one, ...one.verdict }] : [],
  );
  const lines = [
    ...worse.map(
      ({ one, why, killedAt }) =>
        `- 🔴 ${nameSome([one], 1)}: ${sayWorse(why, killedAt, calendar.full)}. ${adviseOnWorse(why)}`,
    ),
    ...listObstacles(change, 'steady').map(
      ({ obstacle, containers }) =>
        `- ⏳ ${nameSome(containers, 3)}: ${endSentence(toMarkdown(sayObstacle(obstacle, 'steady')))}`,
    ),
  ];
  const urge =
    revert === undefined
      ? []
      : [`**Merge ${link(`#${revert.number}`, revert.url)} to take it back**: it is urgent, and has the numbers.`];
  return [...urge, ...(lines.length === 0 ? [] : ['**What to do**', shorten(lines, MOST_TO_DO)])];
}

function writeTable(change: FollowedChange, steps: readonly number[], calendar: Calendar, most: number): string[] {
  const head = [
    `| container | change | before | ${steps.map(sayLength).join(' | ')} | so far |`,
    `|---|---|---|${'---|'.repeat(steps.length)}---|`,
  ];
  const rows = byStanding(change.containers).map((one) => writeRow(change, one, steps, calendar));
  const room = most - 2 * head.join('\n').length - 500;
  const shown = countFitting(rows, room);
  const [open, folded] = [rows.slice(0, Math.min(SHOWN, shown)), rows.slice(SHOWN, shown)];
  return [
    ...(open.length === 0 ? [] : [[...head, ...open].join('\n')]),
    ...(folded.length === 0
      ? []
      : [
          `<details><summary>${folded.length} more containers</summary>`,
          [...head, ...folded].join('\n'),
          '</details>',
        ]),
    ...(shown < rows.length ? [`*${rows.length - shown} more containers do not fit here.*`] : []),
  ];
}

function writeRow(
  change: FollowedChange,
  one: FollowedContainer,
  steps: readonly number[],
  calendar: Calendar,
): string {
  const { verdict } = one;
  const by = verdict.kind === 'reverted' && verdict.by !== undefined ? ` by ${linkPull(verdict.by, change)}` : '';
  const cells = [
    code(nameFollowed(one)),
    sayFollowedValues(one.values) || '–',
    sayUse(one.before ?? {}) || '–',
    ...steps.map((step) => sayUse(one.looks.find(({ after }) => after === step) ?? {}) || '–'),
    `${STANDING_ICONS[standingOf(one)]} ${toMarkdown(sayOutcome(one, calendar.dayAndTime, 'steady'))}${by}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function writeClosing(change: FollowedChange, { clusterName, timeZone, reportUrl, confirmAfter }: CommentContext) {
  const parts = [
    `Times in ${escapeMarkdown(timeZone)}`,
    ...(clusterName === undefined ? [] : [`cluster ${code(clusterName)}`]),
    ...(reportUrl === undefined ? [] : [link('report', reportUrl)]),
    change.settled
      ? 'settled: nothing more is looked at'
      : `followed until ${sayLength(confirmAfter)} after its rollout; later runs update this comment`,
  ];
  return parts.join(' · ');
}

function shorten(lines: readonly string[], most: number): string {
  const shown = countFitting(lines, most);
  return [...lines.slice(0, shown), ...(shown < lines.length ? [`- *${lines.length - shown} more*`] : [])].join('\n');
}

/** How many lines, from the first, fit in so many characters. */
function countFitting(lines: readonly string[], most: number): number {
  let left = most;
  const over = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return over < 0 ? lines.length : over;
}
