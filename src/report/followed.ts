import type { FollowedChange, FollowedContainer, RolloutObstacle } from '../model/follow-up.ts';
import { workloadContainerKey } from '../model/workload.ts';
import { compareText, groupBy } from '../text/format.ts';
import { code, link } from '../text/markdown.ts';
import { toPlain } from '../text/phrase.ts';
import { STANDINGS, standingOf } from '../words/follow-up.ts';
import { sayObstacle, type Told } from '../words/rollout.ts';

/** `shop/web`, and the container where it has another name. Plain text. */
export function nameFollowed({ workload, container }: FollowedContainer): string {
  const { namespace, name } = workload;
  return container === name ? `${namespace}/${name}` : `${namespace}/${name} · ${container}`;
}

/** The containers with the most pressing first, in an order of their own. */
export function byStanding(containers: readonly FollowedContainer[]): FollowedContainer[] {
  const rank = (one: FollowedContainer) => STANDINGS.indexOf(standingOf(one));
  const keyOf = ({ workload, container }: FollowedContainer) => workloadContainerKey(workload, container);
  return [...containers].sort((a, b) => rank(a) - rank(b) || compareText(keyOf(a), keyOf(b)));
}

/** A pull request of the same repository as a link, where the change's own address shows the way to it. Markdown. */
export function linkPull(number: number, { number: own, url }: Pick<FollowedChange, 'number' | 'url'>): string {
  const address = number === own ? url : url?.replace(/\/pull\/\d{1,12}$/, () => `/pull/${number}`);
  return address === url && number !== own ? `#${number}` : link(`#${number}`, address);
}

/** The pull request or what stands for it: "[#9](…)", "made by hand in place of [#9](…)". Markdown. */
export function nameFollowedChange(change: FollowedChange): string {
  const own = change.number === undefined ? undefined : linkPull(change.number, change);
  if (change.how === 'by hand') return own === undefined ? 'made by hand' : `made by hand in place of ${own}`;
  const name = own ?? link('pull request', change.url);
  return change.reverts === undefined ? name : `${name} takes back ${linkPull(change.reverts, change)}`;
}

/** The containers that something keeps from running with their new values, those together of which the same is said. */
export interface Obstacle {
  readonly obstacle: RolloutObstacle;
  readonly containers: readonly FollowedContainer[];
}

/** What stands in the way of a change, by what is said of it. */
export function listObstacles({ containers }: FollowedChange, told: Told): Obstacle[] {
  const waiting = byStanding(containers).flatMap((container) =>
    container.verdict.kind === 'open' && container.rollout.state === 'waiting'
      ? [{ container, obstacle: container.rollout.obstacle }]
      : [],
  );
  return [...groupBy(waiting, ({ obstacle }) => toPlain(sayObstacle(obstacle, told))).values()].flatMap((same) =>
    same[0] === undefined ? [] : [{ obstacle: same[0].obstacle, containers: same.map(({ container }) => container) }],
  );
}

/** Names as code, some of them. Markdown. */
export function nameSome(containers: readonly FollowedContainer[], most: number): string {
  const names = containers.slice(0, most).map((one) => code(nameFollowed(one)));
  const more = containers.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
