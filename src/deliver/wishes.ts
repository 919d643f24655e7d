import type { Pull } from '../github/list-pulls.ts';

/** The label with which a person has a pull request made anew, or takes back a no. */
export const REBASE = 'memory-inspector/rebase';

const SNOOZE = /^memory-inspector\/snooze-([1-9]\d{0,3})d$/;
const DAY = 86_400;

/** Whether a person has asked for a pull request to be made anew. */
export function wantsRebase({ labels }: Pull): boolean {
  return labels.some(({ name }) => name === REBASE);
}

/** Until when (unix seconds) a person wants an open pull request left alone; undefined where nobody does. */
export function snoozedUntil({ labels, createdAt }: Pull): number | undefined {
  return latest(labels.flatMap(({ name, at }) => untilOf(name, at ?? createdAt)));
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
