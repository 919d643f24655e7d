import { UserError } from '../errors.ts';
import { toSingleLine } from '../text/markdown.ts';
import { createRedactor } from '../text/redact.ts';
import type { Git } from './git.ts';

/** What gets at the remote where the checkout left no credentials. */
export interface Credentials {
  readonly token?: string;
  /** The server that may get it: `https://github.com`. */
  readonly serverUrl?: string;
}

const MOST_SECONDS = 180;

/**
 * Fetches objects of the remote `origin` by their SHAs, into a shallow repository without their history, and moves no branch.
 * Gives git's own words where that fails, on one line, without the token.
 */
export async function fetchMissing(
  git: Git,
  shas: readonly string[],
  credentials: Credentials,
): Promise<string | undefined> {
  const shallow = await git.run(['rev-parse', '--is-shallow-repository']);
  // A whole history stays whole; what joins it brings its own.
  const depth = shallow.stdout.toString().trim() === 'true' ? ['--depth=1'] : [];
  const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
  const { exitCode, said } = await git.run(['fetch', ...quiet, ...depth, '--stdin', 'origin'], {
    stdin: shas.map((sha) => `${sha}\n`).join(''),
    seconds: MOST_SECONDS,
    network: await authorize(git, credentials),
  });
  if (exitCode === 0) return undefined;
  const redact = createRedactor(credentials.token === undefined ? [] : [credentials.token]);
  return toSingleLine(redact(said).replace(/\/\/[^/@\s]+@/g, '//***@'), 500);
}

/** By variables, because every user of the machine can read an argument list. */
async function authorize(git: Git, { token, serverUrl }: Credentials): Promise<Record<string, string>> {
  if (token === undefined || serverUrl === undefined) return {};
  // Two headers would be refused; the one that the checkout left may know more.
  const left = await git.run(['config', '--get-urlmatch', 'http.extraheader', `${serverUrl}/`]);
  if (left.stdout.length > 0) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
}

/** How the workflow is mended where a commit is neither there nor to be had. */
export function explainMissingCommit(commit: string, role: string, said: string, fetchDepth: 0 | 2): UserError {
  return new UserError(
    `The commit ${commit} (${role}) is not in the checked-out repository, and git could not fetch it from origin: ` +
      `${said || 'the remote did not send it'}. Let actions/checkout fetch it (fetch-depth: ${fetchDepth}), or give the ` +
      'job the permission contents: read.',
  );
}
