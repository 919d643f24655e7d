import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import { locate } from '../../../src/manifests/locate.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import type { Location } from '../../../src/model/location.ts';
import type { OriginHints, WorkloadRef } from '../../../src/model/workload.ts';
import { unifiedDiff } from '../../../src/text/unified-diff.ts';
import { editFile, filesOf, type Live, size, suggestionFor, workload } from '../fixtures.ts';
import { hasHelm, hasKubectl, testRenderers, whyNoHelm, whyNoKubectl } from '../test-renderers.ts';
import { containersOf, findMoved } from './find-moved.ts';
import { type CaseApplication, inFolder, renderApplications } from './render-applications.ts';

/**
 * A folder that something deploys, and a suggestion for it. With `reason` it ends in a refusal, whose words are in `why.txt`;
 * else `after.diff` is the change, and `moves` lists every container of every application that it may move.
 */
interface Case {
  /** Why the product does not do this yet: the test must fail until it does. */
  readonly todo?: string;
  readonly home?: { readonly repository: string; readonly branch: string };
  readonly clusterName?: string;
  readonly workloads: readonly {
    /** `namespace/name`. */
    readonly workload: string;
    readonly kind?: string;
    readonly hints?: OriginHints;
    readonly containers: readonly Live[];
    /** The application of the case that makes it; none where it comes from elsewhere. */
    readonly madeBy?: string;
  }[];
  readonly suggestion: {
    readonly workload: string;
    readonly container: string;
    readonly to: { readonly limit?: string; readonly request?: string };
  };
  readonly applications: readonly CaseApplication[];
  /** `application: namespace/name/container`. */
  readonly moves?: readonly string[];
  readonly reason?: string;
}

const CORPUS = join(import.meta.dirname, '..', 'corpus', 'deployed');
const HOME = { repository: 'acme/platform', branch: 'main' };
const renderers = testRenderers();

describe.skipIf(!hasKubectl || !hasHelm)(`what is deployed decides${whyNoKubectl}${whyNoHelm}`, () => {
  for (const name of readdirSync(CORPUS).sort()) {
    const folder = join(CORPUS, name);
    const one = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Case;
    const texts = readTexts(join(folder, 'repo'));
    const run = one.todo === undefined ? test : test.fails;

    test(`${name}: the applications render what is live`, () =>
      inFolder(texts, (copy) => checkCase(one, folder, copy)));

    run(`${name}: ${one.reason ?? 'edited'}${one.todo === undefined ? '' : ` (not yet: ${one.todo})`}`, async () => {
      const location = await locateCase(one, texts);
      if (one.reason !== undefined) {
        expect(location).toMatchObject({ state: 'not located', reason: one.reason });
        const why = location?.state === 'not located' ? location.why : '';
        await expect(`${why}\n`).toMatchFileSnapshot(join(folder, 'why.txt'));
        return;
      }
      if (location?.state !== 'located') throw new Error(`not located: ${location?.reason}, ${location?.why}`);
      await expect(diffOf(location, texts)).toMatchFileSnapshot(join(folder, 'after.diff'));
    });
  }
});

/** The case by itself: what is live is what is rendered, and the golden change moves what it should and nothing else. */
function checkCase(
  { applications, workloads, suggestion: { to }, moves = [] }: Case,
  folder: string,
  copy: string,
): void {
  const before = renderApplications(copy, applications);
  const shown = containersOf(before);
  for (const { workload: named, containers, madeBy } of workloads) {
    for (const { name, limit, request } of madeBy === undefined ? [] : containers) {
      const now = shown.get(`${madeBy}: ${named}/${name}`);
      expect({ named, name, ...now }).toEqual({ named, name, limit: sizeOf(limit), request: sizeOf(request) });
    }
  }
  if (!existsSync(join(folder, 'after.diff'))) return;
  execFileSync('git', ['apply', join(folder, 'after.diff')], { cwd: copy });
  const after = renderApplications(copy, applications);
  expect(findMoved(before, after).toSorted()).toEqual(moves.toSorted());
  for (const key of moves) {
    const [was, is] = [shown.get(key), containersOf(after).get(key)];
    expect(is).toEqual({ limit: sizeOf(to.limit) ?? was?.limit, request: sizeOf(to.request) ?? was?.request });
  }
}

function sizeOf(quantity: string | null | undefined): number | undefined {
  return quantity === null || quantity === undefined ? undefined : size(quantity);
}

async function locateCase(one: Case, texts: Readonly<Record<string, string>>): Promise<Location | undefined> {
  const { home = HOME, clusterName, workloads, suggestion: wanted } = one;
  const files = filesOf(texts);
  const index = await indexManifests(files, []);
  const live = workloads.map(({ workload: named, kind, hints, containers }) =>
    workload(refOf(named, kind), containers, { hints: hints ?? {} }),
  );
  const own = live.find(({ ref }) => `${ref.namespace}/${ref.name}` === wanted.workload);
  const asked = suggestionFor(own, wanted.container, wanted.to);
  const context = { index, files, workloads: live, home, ...renderers };
  const tree = openTree({
    ...context,
    helm: { helm: renderers.helm, scratch: renderers.scratch },
    ...(clusterName === undefined ? {} : { clusterName }),
  });
  const [location] = await locate([asked], tree);
  return location;
}

function refOf(named: string, kind = 'Deployment'): WorkloadRef {
  const [namespace = '', name = ''] = named.split('/');
  return { namespace, group: 'apps', kind, name };
}

function diffOf(location: Location & { state: 'located' }, texts: Readonly<Record<string, string>>): string {
  const paths = [...new Set(location.edits.map(({ path }) => path))].sort();
  const edited = paths.map((path) => ({
    path,
    before: texts[path] ?? '',
    after: editFile(path, texts[path] ?? '', location.edits),
  }));
  const added = location.newFiles.map(({ path, text }) => ({ path, after: text }));
  return [...edited, ...added].map(unifiedDiff).join('');
}

function readTexts(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}
