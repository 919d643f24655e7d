// `npm run demo`: the committed bundle inspects a recording of a cluster and delivers into a scratch repository behind a
// stand-in for GitHub. Needs Node and git, no install and no network.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGithubServer } from '../test/github-server/server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'memory-inspector-demo-'));
const bare = join(scratch, 'repository.git');
const checkout = join(scratch, 'checkout');

/** @param {string[]} args */
function git(...args) {
  const identity = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.invalid', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** A repository as a platform team has it: the manifests of the recorded cluster, on main. */
function makeRepository() {
  mkdirSync(checkout, { recursive: true });
  cpSync(join(root, 'test/e2e/pigo/manifests'), checkout, { recursive: true });
  cpSync(join(root, 'demo/pigo.json.gz'), join(checkout, 'pigo.json.gz'));
  git('init', '--quiet', '--bare', bare);
  git('-C', checkout, 'init', '--quiet');
  git('-C', checkout, 'add', '--all', '--', ':!pigo.json.gz');
  git('-C', checkout, 'commit', '--quiet', '--message', 'Deploy the pigo cluster');
  git('-C', checkout, 'push', '--quiet', bare, 'main');
}

/**
 * Runs the bundle as a workflow step would; resolves to its exit code.
 *
 * @param {string} api
 */
function runAction(api) {
  const env = {
    PATH: process.env.PATH,
    GITHUB_WORKSPACE: checkout,
    GITHUB_REPOSITORY: 'demo/pigo',
    GITHUB_SERVER_URL: 'https://github.example.invalid',
    GITHUB_API_URL: api,
    GITHUB_GRAPHQL_URL: `${api}/graphql`,
    GITHUB_STEP_SUMMARY: join(scratch, 'summary.md'),
    GITHUB_OUTPUT: join(scratch, 'outputs.txt'),
    MEMORY_INSPECTOR_PACE: 'immediate',
    'INPUT_GITHUB-TOKEN': 'demo-token',
    INPUT_RECORDING: 'pigo.json.gz',
  };
  const child = spawn(process.execPath, [join(root, 'dist/index.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => process.stdout.write(readable(text)));
  return new Promise((resolve) => child.on('close', resolve));
}

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

makeRepository();
for (const name of ['summary.md', 'outputs.txt']) writeFileSync(join(scratch, name), '');
const github = await startGithubServer({ gitDir: bare, owner: 'demo', repo: 'pigo' });
try {
  heading('The run');
  const code = await runAction(github.url);
  heading('Commits on main');
  console.log(git('-C', bare, 'log', '--oneline', '--stat', 'main').trimEnd());
  heading('Pull requests');
  for (const { number, title } of github.pulls) console.log(`#${number} ${title}`);
  const nacos = github.pulls.find(({ title }) => title.includes('pigo-rel/nacos'));
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
  console.log(`report       ${findReport()}`);
  console.log(`repository   ${bare}`);
  console.log(`job summary  ${join(scratch, 'summary.md')}`);
  console.log(`\nThe job ${code === 0 ? 'passed' : 'failed, as it should while something is red'}.`);
  process.exitCode = nacos && existsSync(findReport()) ? 0 : 1;
} finally {
  await github.stop();
}

function findReport() {
  const folder = join(checkout, 'reports/memory');
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  return join(folder, /\(([\d-]+\.md)\)/.exec(index)?.[1] ?? 'README.md');
}
