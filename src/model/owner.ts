import type { ContainerMatch } from './match.ts';

/** What GitHub is asked to set at a pull request, in order and without the `@`; a team by its slug alone. */
export interface Recipients {
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly teamReviewers: readonly string[];
  readonly assignees: readonly string[];
}

/** Whom the pull requests concern that change a container that matches. */
export interface Owner extends Recipients {
  readonly match: ContainerMatch;
}
