// `node scripts/set-owner.mjs NAME`: writes the user or organisation that owns the repository into every file that names the action.
import { readFileSync, writeFileSync } from 'node:fs';
import { listUnowned, NOBODY, readOwnRepository } from './release/own-action.mjs';

const [, , owner = ''] = process.argv;
if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(owner)) {
  console.error(`"${owner}" is no name of a user or an organisation on GitHub. Use: node scripts/set-owner.mjs NAME`);
  process.exit(1);
}
const name = readOwnRepository().split('/')[1];
const files = listUnowned();
for (const file of files) {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`${NOBODY}/${name}`, `${owner}/${name}`));
  console.log(`wrote ${file}`);
}
console.log(
  files.length === 0 ? 'Every file names an owner already.' : 'Now run "npm run docs" and "npm run build", and commit.',
);
