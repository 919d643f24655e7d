import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree } from '../../src/manifests/ways.ts';
import { editFile, filesOf, type Live, NACOS, suggestion, workload } from './fixtures.ts';

interface Case {
  readonly container?: string;
  readonly live?: Omit<Live, 'name'>;
  readonly to?: { readonly limit?: string; readonly request?: string };
  /** Why there is no edit; without it, `after` is what the file becomes, byte for byte. */
  readonly reason?: string;
}

const corpus = join(import.meta.dirname, 'corpus', 'plain');

for (const name of readdirSync(corpus)) {
  const folder = join(corpus, name);
  const extension = existsSync(join(folder, 'before.json')) ? 'json' : 'yaml';
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const { container = 'nacos', live, to, reason } = JSON.parse(read('case.json')) as Case;

  test(`${name}: ${reason ?? 'edited'}`, async () => {
    const path = `deploy/nacos.${extension}`;
    const before = read(`before.${extension}`);
    const files = filesOf({ [path]: before });
    const index = await indexManifests(files, ['**/*']);
    const values = live ?? { limit: '2000Mi', request: '1000Mi' };
    const [location] = await locate(
      [suggestion(NACOS, container, to ?? { limit: '2560Mi', request: '1536Mi' })],
      openTree({
        index,
        files,
        workloads: [workload(NACOS, [{ name: container, ...values }])],
      }),
    );
    if (reason !== undefined) {
      expect(location).toMatchObject({ state: 'not located', reason });
      return;
    }
    if (location?.state !== 'located') throw new Error(`not located: ${location?.reason}, ${location?.why}`);
    await expect(editFile(path, before, location.edits)).toMatchFileSnapshot(join(folder, `after.${extension}`));
  });
}
