import type { Pull } from '../github/list-pulls.ts';
import { dateIn } from '../text/format.ts';

/** The label with which a person has a pull request made anew, or takes back a no. */
export const REBASE = 'memory-inspector/rebase';

const SNOOZE = /^memory-inspector\/snooze-([1-9]\d{0,3})d$/;
const DAY = 86_400;

/** Whether a person has asked for a pull request to be made anew. */
export function wantsRebase({ labels }: Pull): boolean {
  return labels.some(({ name }) => name === REBASE);
}

/** That a person wants an open pull request left alone at `at` (unix seconds), and until when; undefined where nobody does. */
export function saySnoozed({ labels, createdAt }: Pull, at: number): string | undefined {
  const until = latest(labels.flatMap((label) => untilOf(label.name, label.at ?? createdAt)));
  return until !== undefined && at < until ? `a label snoozes it until ${dateIn('UTC', until)}` : undefined;
}

/** Until when a no holds that was said by closing; undefined where it holds for good. */
export function refusedUntil({ labels, closedAt, createdAt }: Pull): number | undefined {
  return latest(labels.flatMap(({ name }) => untilOf(name, closedAt ?? createdAt)));
}

function untilOf(label: string, from: number): number[] {
  const days = SNOOZE.exec(label)?.[1];
  return days === undefined ? [] : [from + Number(days) * DAY];
}

function latest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.max(...times);
}
