import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildDocuments } from './documents.ts';

/* Writes what lists options and outputs; with `--check` it only says which files are stale, and fails for them. */

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
for (const [path, text] of buildDocuments(readFileSync(join(root, 'README.md'), 'utf8'))) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) {
    process.exitCode = 1;
    console.error(`${path} is stale: run npm run docs.`);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}
