import { joinSome } from '../text/format.ts';
import { code } from '../text/markdown.ts';
import { matches } from '../text/matches.ts';
import { isOpen } from './change.ts';
import type { ContainerView } from './container-view.ts';
import type { Context } from './context.ts';

/** Whom a red container concerns that no open pull request tells of it, as a Markdown sentence; empty where nobody is named. */
export function describeOwners({ level, key, ref, container }: ContainerView, context: Context): string[] {
  const delivery = context.deliveries.get(key);
  if (level !== 'red' || (delivery !== undefined && isOpen(delivery))) return [];
  const { namespace, kind, name } = ref;
  const found = (context.input.owners ?? []).filter(({ match }) =>
    matches(match, { namespace, kind, name, container: container.name }),
  );
  const names = found.flatMap(({ assignees, reviewers, teamReviewers }) => [
    ...assignees,
    ...reviewers,
    ...teamReviewers,
  ]);
  return names.length === 0 ? [] : [`Owners: ${joinSome([...new Set(names)].map(code), 5)}`];
}
