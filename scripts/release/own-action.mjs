import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What stands where the owner of the repository belongs, until `scripts/set-owner.mjs` replaces it. */
export const NOBODY = 'OWNER';

/**
 * The repository that package.json in the current folder names, as `owner/name`. Throws an `Error` where it names none on GitHub.
 */
export function readOwnRepository() {
  const { url = '' } = JSON.parse(readFileSync('package.json', 'utf8')).repository ?? {};
  const [, own] = /^git\+https:\/\/github\.com\/([\w-]+\/[\w.-]+)\.git$/.exec(url) ?? [];
  if (own === undefined)
    throw new Error('package.json: "repository.url" is not like git+https://github.com/owner/name.git.');
  return own;
}

/** The tracked files that name the action without an owner, but for the bundle, which is built from them. @returns {readonly string[]} */
export function listUnowned() {
  const name = readOwnRepository().split('/')[1];
  const listed = spawnSync('git', ['grep', '-l', '-z', '-F', `${NOBODY}/${name}`, '--', ':!dist'], {
    encoding: 'utf8',
  });
  if (listed.status !== 0 && listed.status !== 1) throw new Error(`git grep failed: ${listed.stderr}`);
  return listed.stdout.split('\0').filter((path) => path !== '');
}
