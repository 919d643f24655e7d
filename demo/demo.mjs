// `npm run demo`: the committed bundle inspects a recording of a cluster and delivers into a scratch repository behind a
// stand-in for GitHub. Needs Node and git, no install and no network.
import { git, runDemo } from './run-demo.mjs';

/** Workflow commands as a terminal would show them. @param {string} text */
function readable(text) {
  return text
    .replace(/^::(add-mask|debug|group|endgroup)::.*\n/gm, '')
    .replace(
      /^::(error|warning) title=([^:]*)::/gm,
      (_, level, title) => `${level === 'error' ? '✗' : '!'} ${decode(title)}: `,
    )
    .replace(/^::(error|warning)::/gm, (_, level) => (level === 'error' ? '✗ ' : '! '))
    .replace(/%25/g, '%');
}

/** @param {string} text */
function decode(text) {
  return text.replace(/%3A/g, ':').replace(/%2C/g, ',');
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
  console.log(
    String(nacos.body)
      .replace(/<!--[\s\S]*?-->/g, '')
      .trimEnd(),
  );
}
heading('Where things are');
console.log(`report       ${report}`);
console.log(`repository   ${bare}`);
console.log(`job summary  ${summary}`);
console.log(`\nThe job ${code === 0 ? 'passed' : 'failed, as it should while something is red'}.`);
process.exitCode = nacos && !report.endsWith('README.md') ? 0 : 1;
