import { UserError } from '../errors.ts';
import { createGithub, type Github } from '../github/create-github.ts';
import { loadToolkit } from '../github/load-toolkit.ts';
import type { InspectionContext } from './context.ts';

/**
 * The repository on GitHub that the run delivers to; `undefined` where there is none (a run by hand) or nothing is to be
 * delivered. Throws a `UserError` where a token is missing.
 */
export async function openRepository({ environment, options, runner }: InspectionContext): Promise<Github | undefined> {
  const { repository, apiUrl, graphqlUrl } = environment.github;
  if (repository === undefined || !(options.commitReport || options.openPullRequests)) return undefined;
  if (options.githubToken === undefined) {
    if (options.dryRun) return undefined;
    throw new UserError(
      'Option github-token is empty, so neither the report nor a pull request can be delivered. Leave it out to use the ' +
        "workflow's own token, or set commit-report and open-pull-requests to false.",
    );
  }
  const request = {
    token: options.githubToken,
    apiUrl,
    graphqlUrl,
    owner: repository.owner,
    repo: repository.name,
    log: runner.log,
    pace: environment.pace,
  };
  return createGithub(request, await loadToolkit());
}
