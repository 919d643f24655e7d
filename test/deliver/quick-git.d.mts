import type { GithubServer } from '../github-server/server.mjs';

/** A repository's files, read without a process. */
export interface QuickGit {
  /** The content of every file of a branch, by path; a branch that is not there has none. */
  readFiles(branch: string): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** Lets the plumbing behind a fake GitHub work without a process for each step; the answers stay the same. */
export function quickenGit(git: GithubServer['git'], gitDir: string): QuickGit;
