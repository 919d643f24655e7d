import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree, readContainers } from '../../src/manifests/ways.ts';
import type { DeclaredIn } from '../../src/model/declared.ts';
import type { Location, TextEdit } from '../../src/model/location.ts';
import type { NamedRelease } from '../../src/model/mapping.ts';
import type { RepositoryFiles } from '../../src/model/repository-files.ts';
import type { OriginHints, WorkloadRef } from '../../src/model/workload.ts';
import { parseQuantity } from '../../src/quantity.ts';
import { filesOf, type Live, NACOS, suggestion, workload } from './fixtures.ts';
import { hasHelm, hasKubectl, testRenderers } from './test-renderers.ts';

/* Whatever is located where a value stands already, reading names the same file and line for it. */

/** Cases that do not render with marks in place of their values; what is located there was found by trying. */
const NOT_SHOWN = ['json6902-with-a-test', 'twins-of-many', 'twins-that-marks-cannot-tell-apart'];

interface Case {
  readonly workload?: string | WorkloadRef;
  readonly container?: string;
  readonly live?: Omit<Live, 'name'>;
  readonly containers?: readonly Live[];
  readonly hints?: OriginHints;
  readonly helmReleases?: readonly NamedRelease[];
  readonly to?: { readonly limit?: string; readonly request?: string };
}

const corpus = join(import.meta.dirname, 'corpus');
const renderers = testRenderers();

function readFolder(folder: string): Record<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(folder, path), new Uint8Array(readFileSync(path))]));
}

function filesIn(folder: string): RepositoryFiles {
  for (const name of ['repo', 'repository']) {
    if (existsSync(join(folder, name))) return filesOf(readFolder(join(folder, name)));
  }
  const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('before.'));
  return filesOf({ [name.replace('before', 'deploy/nacos')]: new Uint8Array(readFileSync(join(folder, name))) });
}

async function locateAndRead(one: Case, files: RepositoryFiles): Promise<[Location, DeclaredIn]> {
  const named = typeof one.workload === 'string' ? { ...NACOS, name: one.workload } : NACOS;
  const ref = typeof one.workload === 'object' ? { ...one.workload, group: 'apps' } : named;
  const container = one.container ?? 'nacos';
  const own = { name: container, ...(one.live ?? { limit: '2000Mi', request: '1000Mi' }) };
  const tree = openTree({
    files,
    index: await indexManifests(files, []),
    workloads: [workload(ref, one.containers ?? [own], { hints: one.hints ?? {} })],
    kustomize: renderers.kustomize,
    helm: renderers,
    helmReleases: one.helmReleases ?? [],
  });
  const wanted = suggestion(ref, container, one.to ?? { limit: '2560Mi', request: '1536Mi' });
  const [location] = await locate([wanted], tree);
  if (location === undefined) throw new Error('nothing was located');
  return [location, await readContainers(tree)];
}

/** The lines of the edits that replace a value, as `path:line`. */
async function replacedLines(edits: readonly TextEdit[], files: RepositoryFiles): Promise<string[]> {
  const lines: string[] = [];
  for (const { path, start, end } of edits) {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await files.read(path));
    const written = text.slice(start, end).replace(/^["']|["']$/g, '');
    const isValue = parseQuantity(written) !== undefined || written.startsWith('*');
    if (isValue) lines.push(`${path}:${text.slice(0, start).split('\n').length}`);
  }
  return lines.sort();
}

function decidingLines({ containers }: DeclaredIn, location: Location): string[] {
  const { workload: ref, container } = location.suggestion;
  const own = containers.filter(({ name, workload: { kind, name: of } }) => {
    return name === container && kind === ref.kind && of === ref.name;
  });
  return own.flatMap(({ limit, request }) =>
    [limit, request].flatMap(({ decidedBy }) =>
      decidedBy.state === 'line' ? [`${decidedBy.path}:${decidedBy.line}`] : [],
    ),
  );
}

describe.skipIf(!hasKubectl || !hasHelm)('what is located is read', () => {
  for (const way of ['plain', 'kustomize', 'helm']) {
    let checked = 0;

    test.each(readdirSync(join(corpus, way)).sort())(`${way}: %s`, async (name) => {
      const folder = join(corpus, way, name);
      const one = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Case;
      const files = filesIn(folder);
      const [location, declared] = await locateAndRead(one, files);
      if (location.state !== 'located') return;
      const lines = await replacedLines(location.edits, files);
      if (NOT_SHOWN.includes(name)) {
        expect(declared.containers.map(({ limit }) => limit.decidedBy)).toContainEqual({ state: 'not known' });
        return;
      }
      expect(decidingLines(declared, location)).toEqual(expect.arrayContaining(lines));
      checked += lines.length;
    });

    test(`${way}: some values stand already`, () => {
      expect(checked).toBeGreaterThan(10);
    });
  }
});
