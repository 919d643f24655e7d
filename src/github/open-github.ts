import type { RunEnvironment } from '../environment.ts';
import type { Log } from '../log.ts';
import { createGithub, type Github } from './create-github.ts';
import { loadToolkit } from './load-toolkit.ts';

/** The client for the repository of the job; `undefined` in a run by hand, which has none. */
export async function openGithub(
  { github, pace }: Pick<RunEnvironment, 'github' | 'pace'>,
  token: string,
  log: Log,
): Promise<Github | undefined> {
  const { repository, apiUrl, graphqlUrl } = github;
  if (repository === undefined) return undefined;
  const { owner, name: repo } = repository;
  return createGithub({ token, apiUrl, graphqlUrl, owner, repo, log, pace }, await loadToolkit());
}
