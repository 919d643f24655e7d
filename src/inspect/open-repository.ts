import { UserError } from '../errors.ts';
import { createGithub, type Github } from '../github/create-github.ts';
import type { RunContext } from './context.ts';

/**
 * The repository on GitHub that the run delivers to; `undefined` where there is none (a run by hand) or nothing is to be
 * delivered. Throws a `UserError` where a token is missing.
 */
export function openRepository({ env, options, runner }: RunContext): Github | undefined {
  const [owner, repo] = (env.GITHUB_REPOSITORY ?? '').split('/');
  if (!owner || !repo || !(options.commitReport || options.openPullRequests)) return undefined;
  if (options.githubToken === undefined) {
    if (options.dryRun) return undefined;
    throw new UserError(
      'Option github-token is empty, so neither the report nor a pull request can be delivered. Leave it out for the ' +
        "workflow's own token, or set commit-report and open-pull-requests to false.",
    );
  }
  return createGithub({
    token: options.githubToken,
    apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
    graphqlUrl: env.GITHUB_GRAPHQL_URL || undefined,
    owner,
    repo,
    log: runner.log,
    pace: env.MEMORY_INSPECTOR_PACE === 'immediate' ? 'immediate' : 'unhurried',
  });
}
