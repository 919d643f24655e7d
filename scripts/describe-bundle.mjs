// `node scripts/describe-bundle.mjs FILE`: the bill of materials of what is released, in the form of CycloneDX. npm knows which packages
// are installed; which of them the bundle holds, its source map tells, and for the page the imports of its script.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolders, restrictBill } from './release/bill.mjs';

const [, , target] = process.argv;
if (target === undefined) throw new Error('Use: node scripts/describe-bundle.mjs FILE');
const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'));

const folders = [...packageFolders(sourcesOfBundle()), ...packagesOfPage().map((name) => `node_modules/${name}/`)];
const inside = new Set(
  folders.map((folder) => read(`${folder}package.json`)).map(({ name, version }) => `${name}@${version}`),
);
const all = JSON.parse(
  run('npm', 'sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'),
);
const bill = restrictBill(all, inside, read('package.json').name);
writeFileSync(target, `${JSON.stringify(bill, null, 2)}\n`);
console.log(`${target}: ${bill.components.map(({ name, version }) => `${name}@${version}`).join(', ')}`);

/** @returns {readonly string[]} */
function sourcesOfBundle() {
  const scratch = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const builds = read('package.json').scripts.build.split(' && ');
    const [command = '', ...words] = builds.find((/** @type {string} */ one) => one.startsWith('ncc ')).split(' ');
    // The same build as dist/, with a source map and elsewhere.
    const elsewhere = words.map((/** @type {string} */ word, /** @type {number} */ index) =>
      words[index - 1] === '--out' ? scratch : word,
    );
    run(join('node_modules/.bin', command), ...elsewhere, '--source-map');
    return read(join(scratch, 'index.js.map')).sources;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The packages that the page's script imports; they stand in the bundle as text. */
function packagesOfPage() {
  if (!existsSync('src/page/client')) return [];
  const files = readdirSync('src/page/client', { recursive: true }).map(String);
  const texts = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`src/page/client/${file}`, 'utf8'));
  return [
    ...new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/ from '((?:@[\w.-]+\/)?[\w-][\w.-]*)'/g)].map(([, name = '']) => name),
      ),
    ),
  ];
}

/** @param {string} command @param {...string} words */
function run(command, ...words) {
  return execFileSync(command, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
