import type { Owner, Recipients } from '../model/owner.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { matches } from '../text/matches.ts';
import type { ProposedChange } from './delivery-input.ts';

/**
 * Whom a pull request with these changes concerns: the lists of every entry that matches one of its containers, in the
 * order of the entries, each name once. The lists that hold for all pull requests are not among them.
 */
export function ownersOf(changes: readonly ProposedChange[], owners: readonly Owner[]): Recipients {
  return ownersOfContainers(
    changes.map(({ location }) => location.suggestion),
    owners,
  );
}

/** The same for containers of workloads. */
export function ownersOfContainers(
  containers: readonly Pick<Suggestion, 'workload' | 'container'>[],
  owners: readonly Owner[],
): Recipients {
  const found = owners.filter(({ match }) => containers.some((one) => matches(match, subjectOf(one))));
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

function subjectOf({ workload, container }: Pick<Suggestion, 'workload' | 'container'>) {
  const { namespace, kind, name } = workload;
  return { namespace, kind, name, container };
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
