// `npm run test:package`: packs what would be published, looks at what is inside, rehearses the publishing, installs the package
// offline into an empty folder, and runs its command there on the demo's recording, on this Node and on the action's own.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judgePackage } from './release/judge-package.mjs';

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'package-'));
/** The machine's own, which `npm run` hides behind that of the packages, and the action's. */
const nodes = [process.env.npm_node_execpath ?? process.execPath, join(root, 'node_modules/node/bin/node')];
/** npm without a registry: what needs one fails. */
const npmrc = {
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};
/** @type {string[]} */
const problems = [];

try {
  const packed = pack();
  problems.push(...judgePackage(packed, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))));
  rehearse();
  const command = install(join(scratch, packed.filename));
  if (command === undefined) problems.push('The installed package has no command kubernetes-memory-inspector.');
  else for (const node of nodes) tryCommand(node, command);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @returns {import('./release/judge-package.mjs').Packed} */
function pack() {
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', scratch));
  console.log(
    `${packed.filename}: ${packed.files.length} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
  );
  for (const { path, size } of packed.files) console.log(`  ${path} ${kilobytes(size)}`);
  return packed;
}

/** Goes through all of the publishing but the sending. */
function rehearse() {
  npm(root, 'publish', '--dry-run', '--json');
  console.log('npm publish --dry-run: nothing to say');
}

/** @param {string} tarball @returns {string | undefined} The command's path. */
function install(tarball) {
  const folder = join(scratch, 'user');
  mkdirSync(folder);
  npm(folder, 'init', '--yes');
  npm(folder, 'install', tarball);
  const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  if (packages.length > 1) problems.push(`One package should be installed, but there are ${packages.join(', ')}.`);
  const command = join(folder, 'node_modules/.bin/kubernetes-memory-inspector');
  return existsSync(command) ? command : undefined;
}

/** @param {string} node @param {string} command */
function tryCommand(node, command) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const output = join(scratch, `report-${version}`);
  const words = [command, '--recording', join(root, 'demo/pigo.json.gz'), '--output', output];
  const began = Date.now();
  const { status, stderr } = spawnSync(node, words, { cwd: join(scratch, 'user'), encoding: 'utf8' });
  const written = existsSync(output) ? readdirSync(output, { recursive: true }).map(String) : [];
  console.log(`Node ${version}: exit code ${status} after ${Date.now() - began} ms, ${written.length} files`);
  if (status !== 2) problems.push(`Node ${version}: the exit code is ${status}, not 2.\n${stderr}`);
  for (const ending of ['.md', '.json', 'index.html']) {
    if (!written.some((file) => file.endsWith(ending)))
      problems.push(`Node ${version}: no file that ends in ${ending} was written.`);
  }
}

/** @param {string} folder @param {...string} words */
function npm(folder, ...words) {
  return execFileSync('npm', words, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...npmrc },
    stdio: 'pipe',
  });
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1024)} KB`;
}
