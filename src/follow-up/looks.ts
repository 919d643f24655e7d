import type { FollowedContainer, Look } from '../model/follow-up.ts';

const HOUR = 3600;
const DAY = 86_400;
/** Daily runs are some minutes early or late. */
const EARLY = 900;

/** How long after the rollout is looked: an hour, a day, and at the end. */
function lookTimes(confirmAfter: number): readonly number[] {
  return [...new Set([HOUR, DAY, confirmAfter])].sort((a, b) => a - b);
}

/**
 * The container with one more look, where one is due. Of several that are due, the longest: what no run saw in time stays
 * out. Times are unix seconds.
 */
export function addLook(
  container: FollowedContainer,
  rolledOutAt: number,
  { at, confirmAfter }: { readonly at: number; readonly confirmAfter: number },
): FollowedContainer {
  const { looks, after } = container;
  const due = lookTimes(confirmAfter).filter((length) => at + Math.min(EARLY, length / 4) >= rolledOutAt + length);
  const longest = due.at(-1);
  if (after === undefined || longest === undefined || looks.some((look) => look.after >= longest)) return container;
  const look: Look = { ...after, after: longest, at };
  return { ...container, looks: [...looks, look] };
}
