import { UserError } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import { openGithub } from '../github/open-github.ts';
import type { InspectionContext } from './context.ts';

/**
 * The repository on GitHub that the run delivers to; `undefined` where there is none (a run by hand) or nothing is to be
 * delivered. Throws a `UserError` where a token is missing.
 */
export async function openRepository({
  environment,
  options,
  runner,
}: Pick<InspectionContext, 'environment' | 'options' | 'runner'>): Promise<Github | undefined> {
  if (environment.github.repository === undefined || !(options.commitReport || options.openPullRequests))
    return undefined;
  if (options.githubToken === undefined) {
    if (options.dryRun) return undefined;
    throw new UserError(
      'Option github-token is empty, so neither the report nor a pull request can be delivered. Leave it out to use the ' +
        "workflow's own token, or set commit-report and open-pull-requests to false.",
    );
  }
  return openGithub(environment, options.githubToken, runner.log);
}
