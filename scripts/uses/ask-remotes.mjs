import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { majorTag } from '../release/changelog.mjs';

/** @typedef {import('./judge-uses.mjs').Pin} Pin @typedef {import('./judge-uses.mjs').Problem} Problem */

const run = promisify(execFile);

/** Asks each repository for the tags that are named, and whether the commits are those of them. @param {readonly Pin[]} pins @returns {Promise<readonly Problem[]>} */
export async function askRemotes(pins) {
  /** @type {Problem[]} */
  const problems = [];
  for (const repository of new Set(pins.map((pin) => pin.repository))) {
    const tags = await listTags(repository);
    for (const { ref, version, path, line } of pins.filter((pin) => pin.repository === repository)) {
      const commit = tags?.get(version);
      if (tags === undefined) problems.push({ path, line, says: `GitHub knows no ${repository}, or did not answer.` });
      else if (commit === undefined) problems.push({ path, line, says: `${repository} has no ${version}.` });
      else if (ref !== version && ref !== commit) {
        problems.push({ path, line, says: `${version} of ${repository} is the commit ${commit}, not ${ref}.` });
      }
    }
  }
  return problems;
}

/**
 * Whether the moving tag of a version is there, as it must be once a version of that major was released.
 * @param {string} own @param {string} version @returns {Promise<readonly string[]>}
 */
export async function askOwn(own, version) {
  const [tags, major] = [await listTags(own), majorTag(version)];
  if (tags === undefined) return [`GitHub knows no ${own}, or did not answer.`];
  const released = [...tags.keys()].some((tag) => tag.startsWith(`${major}.`));
  return released && !tags.has(major) ? [`${own} has no ${major}, although a version of it was released.`] : [];
}

/** The commit of each tag; `undefined` where there is no answer. @param {string} repository @returns {Promise<ReadonlyMap<string, string> | undefined>} */
async function listTags(repository) {
  try {
    const { stdout } = await run('git', ['ls-remote', '--tags', `https://github.com/${repository}`], {
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
      timeout: 60_000,
    });
    // An annotated tag is listed twice; the second line, marked by ^{}, has the commit.
    const lines = stdout.split('\n').map((line) => line.split('\trefs/tags/'));
    return new Map(lines.flatMap(([commit, name]) => (commit && name ? [[name.replace('^{}', ''), commit]] : [])));
  } catch {
    return undefined;
  }
}
