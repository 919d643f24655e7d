// `npm run check:uses`: whether what the documents and workflows tell people to use is there: versions, inputs and outputs of this
// action, paths, and one pinned version of every other action. With `--online` GitHub is asked whether those exist.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readReleases } from './release/changelog.mjs';
import { NOBODY, readOwnRepository } from './release/own-action.mjs';
import { askOwn, askRemotes } from './uses/ask-remotes.mjs';
import { judgeAgreement, judgeOwnRef, judgeUses, pinsOf } from './uses/judge-uses.mjs';
import { readBlocks, readUses } from './uses/read-uses.mjs';

const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');
const own = readOwnRepository();
const versions = readReleases(read('CHANGELOG.md')).map(({ version }) => version);
const action = parse(read('action.yml'));
const known = {
  own,
  versions,
  inputs: new Set(Object.keys(action.inputs ?? {})),
  outputs: new Set(Object.keys(action.outputs ?? {})),
  exists: existsSync,
};
const files = listFiles();
const found = files.flatMap((path) => readBlocks(path, read(path)).map((block) => ({ path, uses: readUses(block) })));
const pins = found.flatMap(({ path, uses }) => pinsOf(path, uses, own));
const problems = [
  ...found.flatMap(({ path, uses }) => judgeUses(path, uses, known)),
  ...judgeAgreement(pins),
  ...files.flatMap(judgeProse),
];
if (process.argv.includes('--online')) {
  problems.push(...(await askRemotes(pins)));
  const says = own.startsWith(`${NOBODY}/`) ? [] : await askOwn(own, versions[0] ?? '');
  problems.push(...says.map((one) => ({ path: 'README.md', line: 1, says: one })));
}

const lines = new Set(problems.map(({ path, line, says }) => `${path}:${line}: ${says}`));
for (const line of lines) console.error(line);
const count = found.reduce((sum, { uses }) => sum + uses.uses.length, 0);
console.log(
  `${count} uses in ${files.length} files, ${lines.size === 0 ? 'all of them of what exists' : `${lines.size} problems`}`,
);
process.exitCode = lines.size === 0 ? 0 : 1;

/** The documents, and the workflows of this repository and for others. */
function listFiles() {
  const paths = ['*.md', 'docs/*.md', '.github/*.yml', 'docs/*.yml', 'docs/*.yaml', 'action.yml'];
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...paths]);
  return listed
    .toString()
    .split('\0')
    .filter((path) => path !== '' && !/^(?:test|node_modules|dist)\//.test(path) && existsSync(path));
}

/** What is said of this action's versions between the blocks, and in comments. @param {string} path */
function judgeProse(path) {
  return read(path)
    .split('\n')
    .flatMap((text, index) => {
      const refs = text.split(`${own}@`).slice(1);
      const named = refs.map((after) => /^[\w.-]*\w/.exec(after)?.[0] ?? '');
      return named.flatMap((ref) => judgeOwnRef(ref, versions)).map((says) => ({ path, line: index + 1, says }));
    });
}
