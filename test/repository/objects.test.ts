import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { openGit } from '../../src/repository/git.ts';
import { MissingObject, openObjects } from '../../src/repository/objects.ts';
import { checkOut, createRepository, removeFolders, runGit, temporaryFolder } from './git-repository.ts';

afterAll(removeFolders);

const environment = { path: process.env.PATH, home: undefined, inherited: {} };

/** A repository with these contents, and their SHAs. */
function holding(contents: readonly Buffer[]) {
  const repository = createRepository();
  const commit = repository.commit(Object.fromEntries(contents.map((content, index) => [`${index}`, content])));
  const root = checkOut(repository.url, commit, 1);
  const shas = contents.map((_, index) => runGit(root, ['rev-parse', `HEAD:${index}`]));
  return { root, shas };
}

const SIZES = [0, 1, 100, 4096, 65_535, 65_536, 65_537, 200_000, 3_000_000];
const contents = SIZES.map((size, seed) =>
  Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 31 + seed) % 251)),
);

test('contents of every size come whole, in whatever order they are asked for, however few are kept', async () => {
  const { root, shas } = holding(contents);
  const order = fc.array(fc.nat({ max: SIZES.length - 1 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(order, fc.constantFrom(0, 100_000, 10_000_000), async (asked, mostKept) => {
      const objects = openObjects(openGit(root, environment), mostKept);
      const read = await Promise.all(asked.map((index) => objects.read(shas[index] ?? '')));
      objects.close();
      for (const [at, index] of asked.entries())
        expect(read[at]?.equals(contents[index] ?? Buffer.alloc(0))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('what is missing is told, and the next one is read', async () => {
  const { root, shas } = holding([Buffer.from('a'), Buffer.from('b')]);
  const objects = openObjects(openGit(root, environment));
  const asked = [shas[0], 'f'.repeat(40), shas[1]].map((sha) => objects.read(sha ?? ''));
  const [first, missing, last] = await Promise.allSettled(asked);
  objects.close();
  expect([first, last]).toMatchObject([{ value: Buffer.from('a') }, { value: Buffer.from('b') }]);
  expect(missing).toMatchObject({ status: 'rejected', reason: expect.any(MissingObject) });
});

test('a git that ends takes what waits with it, and another one is started', async () => {
  const { root, shas } = holding([Buffer.from('a')]);
  const folder = temporaryFolder();
  const state = join(folder, 'ran');
  const path = `${folder}:${process.env.PATH}`;
  const script = `#!/bin/sh\nif [ -e ${state} ]; then PATH=\${PATH#*:} exec git "$@"; fi\ntouch ${state}\necho 'out of room' >&2; exit 3\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  const objects = openObjects(openGit(root, { ...environment, path }));
  await expect(objects.read(shas[0] ?? '')).rejects.toThrow(/ended \(3\) out of room/);
  expect(await objects.read(shas[0] ?? '')).toEqual(Buffer.from('a'));
  objects.close();
});

test('without git, that is said', async () => {
  const { root, shas } = holding([Buffer.from('a')]);
  const objects = openObjects(openGit(root, { ...environment, path: temporaryFolder() }));
  await expect(objects.read(shas[0] ?? '')).rejects.toThrow(UserError);
});
