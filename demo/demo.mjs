// `npm run demo`: the committed bundle inspects a recording of a cluster and delivers into a scratch repository behind a
// stand-in for GitHub; then it judges a pull request to it. Needs Node and git, no install and no network.
import { git, runDemo } from './run-demo.mjs';
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

heading('The run');
const { code, pulls, report, summary, bare } = await runDemo({
  github: true,
  onOutput: (text) => process.stdout.write(readable(text)),
});
heading('Commits on main');
console.log(git('-C', bare, 'log', '--oneline', '--stat', 'main').trimEnd());
heading('Pull requests');
for (const { number, title } of pulls) console.log(`#${number} ${title}`);
const nacos = pulls.find(({ title }) => title.includes('pigo-rel/nacos'));
if (nacos) {
  heading(`What #${nacos.number} changes`);
  console.log(git('-C', bare, 'diff', '--unified=1', `main...${nacos.head}`).trimEnd());
  heading(`What #${nacos.number} says`);
  console.log(shown(nacos.body));
}
heading('A pull request that gives nacos less memory');
let said = '';
const judged = await runGate(bare, (text) => {
  said += text;
});
console.log(judged.diff.replace(/^(diff|index|---|@@).*\n/gm, '').trimEnd());
heading('The gate');
console.log(readable(said).trimEnd());
heading('What it comments');
console.log(shown(judged.comment));
heading('Where things are');
console.log(`report       ${report}`);
console.log(`repository   ${bare}`);
console.log(`job summary  ${summary}`);
const failed = code !== 0 && judged.code !== 0;
console.log(`\n${failed ? 'Both jobs failed, as they should where something is red' : 'Not both jobs failed'}.`);
process.exitCode = nacos && !report.endsWith('README.md') && judged.code === 1 && judged.comment ? 0 : 1;
