// `node scripts/check-release.mjs [--notes FILE]`: whether the changelog's newest version can be released from the current commit. Says
// what is in the way, and fails for it; else tells the workflow `version`, `tag` and `major`, and writes the version's notes.
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { majorTag, readNewest } from './release/changelog.mjs';
import { findObstacles } from './release/find-obstacles.mjs';
import { listUnowned } from './release/own-action.mjs';

const git = (/** @type {string[]} */ ...words) => execFileSync('git', words, { encoding: 'utf8' }).trim();

const changelog = readFileSync('CHANGELOG.md', 'utf8');
const obstacles = findObstacles({
  changelog,
  described: JSON.parse(readFileSync('package.json', 'utf8')).version,
  branch: process.env.GITHUB_REF_NAME ?? git('rev-parse', '--abbrev-ref', 'HEAD'),
  tags: git('ls-remote', '--tags', '--refs', 'origin')
    .split('\n')
    .map((line) => line.split('\trefs/tags/')[1] ?? ''),
  unowned: listUnowned(),
  today: new Date().toISOString().slice(0, 10),
});
for (const obstacle of obstacles) console.error(obstacle);
process.exitCode = obstacles.length === 0 ? 0 : 1;

if (obstacles.length === 0) {
  const { version, notes } = readNewest(changelog);
  const told = `version=${version}\ntag=v${version}\nmajor=${majorTag(version)}\n`;
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, told);
  console.log(told.trim());
  const at = process.argv.indexOf('--notes');
  const file = at < 0 ? undefined : process.argv[at + 1];
  if (file !== undefined) writeFileSync(file, `${notes}\n`);
}
