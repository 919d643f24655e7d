import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import { locate } from '../../../src/manifests/locate.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import { unifiedDiff } from '../../../src/text/unified-diff.ts';
import { editFile, filesOf, type Live, NACOS, suggestion, workload } from '../fixtures.ts';
import { hasKubectl, testRenderers, whyNoKubectl } from '../test-renderers.ts';

interface Case {
  readonly workload?: string;
  readonly container?: string;
  readonly live?: Omit<Live, 'name'>;
  readonly to?: { readonly limit?: string; readonly request?: string };
  readonly reason?: string;
}

const corpus = join(import.meta.dirname, '..', 'corpus', 'kustomize');
const { kustomize } = testRenderers();

function readTexts(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

for (const name of readdirSync(corpus)) {
  const folder = join(corpus, name);
  const given = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Case;
  const title = `${name}: ${given.reason ?? 'edited'}`;

  test.skipIf(!hasKubectl)(`${title}${whyNoKubectl}`, async () => {
    const texts = readTexts(join(folder, 'repo'));
    const files = filesOf(texts);
    const index = await indexManifests(files, []);
    const ref = { ...NACOS, name: given.workload ?? 'nacos' };
    const container = given.container ?? 'nacos';
    const live = { name: container, ...(given.live ?? { limit: '2000Mi', request: '1000Mi' }) };
    const dev = workload({ ...ref, namespace: 'pigo-dev' }, []);
    const wanted = suggestion(ref, container, given.to ?? { limit: '2560Mi', request: '1536Mi' });
    const [location] = await locate(
      [wanted],
      openTree({ index, files, workloads: [workload(ref, [live]), dev], kustomize }),
    );
    if (given.reason !== undefined) {
      expect(location).toMatchObject({ state: 'not located', reason: given.reason });
      await expect(location?.state === 'not located' ? `${location.why}\n` : '').toMatchFileSnapshot(
        join(folder, 'why.txt'),
      );
      return;
    }
    if (location?.state !== 'located') throw new Error(`not located: ${location?.reason}, ${location?.why}`);
    expect(location.proof.kind).toBe('kustomize');
    const paths = [...new Set(location.edits.map((edit) => edit.path))].sort();
    const changes = [
      ...paths.map((path) => ({
        path,
        before: texts[path] ?? '',
        after: editFile(path, texts[path] ?? '', location.edits),
      })),
      ...location.newFiles.map(({ path, text }) => ({ path, after: text })),
    ];
    await expect(changes.map(unifiedDiff).join('')).toMatchFileSnapshot(join(folder, 'expected.diff'));
    await expect(`${location.proof.how}\n${location.proof.renderDiff}`).toMatchFileSnapshot(join(folder, 'proof.diff'));
  });
}
