import type { Owner, Recipients } from '../model/owner.ts';
import { matches } from '../text/matches.ts';
import type { ProposedChange } from './delivery-input.ts';

/**
 * Whom a pull request with these changes concerns: the lists of every entry that matches one of its containers, in the
 * order of the entries, each name once. The lists that hold for all pull requests are not among them.
 */
export function ownersOf(changes: readonly ProposedChange[], owners: readonly Owner[]): Recipients {
  const found = owners.filter(({ match }) => changes.some((change) => matches(match, subjectOf(change))));
  return found.reduce<Recipients>(joinRecipients, { labels: [], reviewers: [], teamReviewers: [], assignees: [] });
}

/** Both, each name once: the first's come first. */
export function joinRecipients(first: Recipients, second: Recipients): Recipients {
  return {
    labels: eachOnce([...first.labels, ...second.labels]),
    reviewers: eachOnce([...first.reviewers, ...second.reviewers]),
    teamReviewers: eachOnce([...first.teamReviewers, ...second.teamReviewers]),
    assignees: eachOnce([...first.assignees, ...second.assignees]),
  };
}

function subjectOf({ location: { suggestion } }: ProposedChange) {
  const { namespace, kind, name } = suggestion.workload;
  return { namespace, kind, name, container: suggestion.container };
}

/** GitHub knows labels, users and teams in any case. */
function eachOnce(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.filter((name) => {
    const known = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return !known;
  });
}
