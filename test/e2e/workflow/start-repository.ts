import { execFileSync } from 'node:child_process';
import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type GithubServer, startGithubServer } from '../../github-server/server.mjs';
import { facts } from '../facts.ts';

/** A user's repository on a stand-in for GitHub. */
export interface Repository {
  /** A folder of the tests' own, which holds the other two. */
  readonly directory: string;
  readonly checkout: string;
  readonly bare: string;
  readonly github: GithubServer;
}

/** Runs git and gives what it printed. */
export function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Platform', '-c', 'user.email=platform@example.invalid'];
  return execFileSync('git', [...identity, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * Starts a stand-in for GitHub with the repository `pigo/deployments`: the manifests that the testbed's cluster was deployed
 * from on `main`, with what `prepare` adds to the checkout. `clock` gives its time, in place of the machine's.
 */
export async function startRepository(
  prepare?: (checkout: string) => Promise<void>,
  given: { readonly clock?: () => string } = {},
): Promise<Repository> {
  const directory = await mkdtemp(join(facts.directory, 'delivery-'));
  const checkout = join(directory, 'checkout');
  const bare = join(directory, 'deployments.git');
  await cp(facts.manifests, checkout, { recursive: true });
  await prepare?.(checkout);
  git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  git('-C', checkout, 'init', '--quiet', '--initial-branch=main');
  git('-C', checkout, 'add', '--all');
  git('-C', checkout, 'commit', '--quiet', '--message', 'Deploy pigo');
  git('-C', checkout, 'push', '--quiet', bare, 'main');
  return {
    directory,
    checkout,
    bare,
    github: await startGithubServer({ gitDir: bare, owner: 'pigo', repo: 'deployments', ...given }),
  };
}
