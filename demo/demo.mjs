// `npm run demo`: the committed bundle inspects a recording of a cluster and delivers into a scratch repository behind a
// stand-in for GitHub; it judges a pull request to it; and it follows its own one for a week. Needs Node and git, no install
// and no network.
import { readFileSync } from 'node:fs';
import { timeOf } from './later-days.mjs';
import { runDays } from './run-days.mjs';
import { demoRecording, git, openDemo } from './run-demo.mjs';
import { runGate } from './run-gate.mjs';

/** @type {Record<string, string>} */
const MARKS = { error: '✗', warning: '!', notice: 'i' };

/** Workflow commands as a terminal would show them. @param {string} text */
function readable(text) {
  return text
    .replace(/^::(add-mask|debug|group|endgroup)::.*\n/gm, '')
    .replace(/^::(error|warning|notice) ([^:\n]*)::/gm, (_, level, properties) => {
      const { title, file, line } = propertiesOf(properties);
      return `${MARKS[level]} ${[title, file && (line ? `${file}:${line}` : file)].filter(Boolean).join(' · ')}: `;
    })
    .replace(/^::(error|warning|notice)::/gm, (_, level) => `${MARKS[level]} `)
    .replace(/%25/g, '%');
}

/** @param {string} text @returns {Record<string, string>} */
function propertiesOf(text) {
  const decode = (/** @type {string} */ value) => value.replace(/%3A/g, ':').replace(/%2C/g, ',');
  return Object.fromEntries(
    text.split(',').map((one) => {
      const at = one.indexOf('=');
      return [one.slice(0, at), decode(one.slice(at + 1))];
    }),
  );
}

/** What people see of a body of GitHub. @param {string | null | undefined} body */
function shown(body) {
  return String(body)
    .replace(/<!--[\s\S]*?-->/g, '')
    .trim();
}

/** @param {string} title */
function heading(title) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(3, 76 - title.length))}`);
}

/** A section of a page, without its heading and charts. @param {string} page @param {string} title */
function section(page, title) {
  const [, after = ''] = page.split(`\n## ${title}\n`);
  return shown(after.split('\n## ')[0]?.replace(/```mermaid[\s\S]*?```/g, ''));
}

const recording = readFileSync(demoRecording);
let isHeard = true;
const demo = await openDemo({
  github: true,
  onOutput: (text) => {
    if (isHeard) process.stdout.write(readable(text));
  },
});
demo.setTime(timeOf(recording));
heading('Day 1: the run');
const first = await demo.run(recording);
isHeard = false;
heading('Commits on main');
console.log(git('-C', demo.bare, 'log', '--oneline', '--stat', 'main').trimEnd());
heading('Pull requests');
for (const { number, title } of first.pulls) console.log(`#${number} ${title}`);
const nacos = first.pulls.find(({ title }) => title.includes('pigo-rel/nacos'));
if (nacos) {
  heading(`What #${nacos.number} changes`);
  console.log(git('-C', demo.bare, 'diff', '--unified=1', `main...${nacos.head}`).trimEnd());
  heading(`What #${nacos.number} says`);
  console.log(shown(nacos.body));
}
heading('A pull request that gives nacos less memory');
let said = '';
const judged = await runGate(demo.bare, (text) => {
  said += text;
});
console.log(judged.diff.replace(/^(diff|index|---|@@).*\n/gm, '').trimEnd());
heading('The gate');
console.log(readable(said).trimEnd());
heading('What it comments');
console.log(shown(judged.comment));
const last = nacos && (await runDays(demo, recording, nacos.number, showDay));
if (last) {
  heading('What the index of the reports counts');
  console.log(section(readFileSync(last.index, 'utf8'), 'What became of the suggestions'));
}
heading('Where things are');
const { report, summary } = last ?? first;
console.log(`report       ${report}`);
console.log(`repository   ${demo.bare}`);
console.log(`job summary  ${summary}`);
const failed = first.code === 1 && judged.code === 1 && last?.code === 1;
console.log(`\n${failed ? 'All jobs failed, as they should where something is red' : 'Not all jobs failed'}.`);
process.exitCode = failed && judged.comment && isConfirmed(last) ? 0 : 1;
await demo.close();

/** @param {import('./run-days.mjs').Day} day */
function showDay({ day, comments, report }) {
  // The look of the third day adds a column to the comment, and nothing else.
  if (day === 3 || nacos === undefined) return;
  heading(`Day ${day}: ${day === 2 ? `#${nacos.number} is merged and applied` : 'a week later'}; what it says now`);
  for (const comment of comments) console.log(shown(comment));
  heading(`Day ${day}: the report's section "Follow-up"`);
  console.log(section(readFileSync(report, 'utf8'), 'Follow-up'));
}

/** Told by one comment, and by no second pull request. @param {import('./run-days.mjs').Day} day */
function isConfirmed({ comments, pulls, index }) {
  const isTold = comments.length === 1 && comments[0]?.includes('✅ confirmed');
  const proposed = pulls.filter(({ title }) => title.includes('pigo-rel/nacos'));
  return isTold && proposed.length === 1 && readFileSync(index, 'utf8').includes('What became of the suggestions');
}
