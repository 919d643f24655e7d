import { compareVersions, readNewest } from './changelog.mjs';

/**
 * @typedef {object} State What a release starts from.
 * @property {string} changelog CHANGELOG.md
 * @property {string} described package.json's version
 * @property {string} branch The name of the branch, without `refs/heads/`
 * @property {readonly string[]} tags Of the repository on GitHub
 * @property {readonly string[]} unowned Files that name no owner yet
 * @property {string} today As `2026-11-28`
 */

/**
 * Why no release can be made, a sentence each with what to do; empty if one can. Throws as `readNewest` does.
 * @param {State} state
 * @returns {readonly string[]}
 */
export function findObstacles({ changelog, described, branch, tags, unowned, today }) {
  const { version, date, notes } = readNewest(changelog);
  const released = tags.flatMap((tag) => /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1] ?? []);
  const newer = released.filter((one) => compareVersions(one, version) > 0);
  return [
    ...(unowned.length === 0
      ? []
      : [`No owner is set in ${unowned.join(', ')}: run "node scripts/set-owner.mjs NAME" and commit.`]),
    ...(described === version
      ? []
      : [
          `package.json says ${described}, CHANGELOG.md ${version}: run "npm version --no-git-tag-version ${version}".`,
        ]),
    ...(branch === 'main' ? [] : [`Releases are made from main, not from ${branch}.`]),
    ...(released.includes(version)
      ? [`v${version} exists already: give what is new a version of its own in CHANGELOG.md.`]
      : []),
    ...newer.map((one) => `v${one} exists, and ${version} is older: the newest version is released last.`),
    ...(/^- /m.test(notes) ? [] : [`CHANGELOG.md does not say what is new in ${version}.`]),
    ...(date <= today ? [] : [`CHANGELOG.md dates ${version} to ${date}, which is still to come.`]),
  ];
}
