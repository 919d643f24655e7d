import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import { locate } from '../../../src/manifests/locate.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import type { Location } from '../../../src/model/location.ts';
import { type Workload, workloadKey } from '../../../src/model/workload.ts';
import { editFile, filesOf, suggestionFor, workload } from '../fixtures.ts';
import { hasHelm, hasKubectl, testRenderers, whyNoHelm, whyNoKubectl } from '../test-renderers.ts';
import { containersOf, findMoved, type Shown } from './find-moved.ts';
import { type Applied, type Platform, plainPlatforms, platforms } from './random-platform.ts';
import { inFolder, type Rendered, renderApplications } from './render-applications.ts';

const TO = '640Mi';

interface Asked {
  readonly pick: number;
  /** Whether the live objects say what made them. */
  readonly labelled: boolean;
  /** Whether the option cluster-name is given. */
  readonly named: boolean;
}

const asked = fc.record({ pick: fc.nat(99), labelled: fc.boolean(), named: fc.boolean() });
const renderers = testRenderers();

describe('an edit never moves a container that it does not name', () => {
  test('of files as they stand', async () => {
    let located = 0;
    const property = fc.asyncProperty(plainPlatforms, asked, async (platform, how) => {
      if (await checkOne(platform, how)) located += 1;
    });
    await fc.assert(property, { numRuns: 150, seed: 20 });
    expect(located).toBeGreaterThan(30);
  });

  const title = `of bases, overlays and charts${whyNoKubectl}${whyNoHelm}`;
  test.skipIf(!hasKubectl || !hasHelm)(title, { timeout: 120_000 }, async () => {
    let located = 0;
    const property = fc.asyncProperty(platforms, asked, async (platform, how) => {
      if (await checkOne(platform, how)) located += 1;
    });
    await fc.assert(property, { numRuns: RUNS, seed: 7, endOnFailure: true });
    expect(located).toBeGreaterThan(RUNS / 5);
  });
});

const RUNS = 14;

/** Whether an edit was found; throws where it moves anything but what is asked for. */
async function checkOne({ texts, applied }: Platform, how: Asked): Promise<boolean> {
  const here = applied.filter(({ elsewhere }) => !elsewhere);
  const before = render(texts, here);
  const containers = [...containersOf(before)].filter(([key]) => !key.includes(': /'));
  const [key, shown] = containers[how.pick % Math.max(containers.length, 1)] ?? [];
  if (key === undefined || shown === undefined) return false;
  const [application = '', namespace = '', name = '', container = ''] = key.split(
    /: |\/(?=[^/]*\/[^/]*$)|\/(?=[^/]*$)/,
  );
  const maker = here.find((one) => one.application.name === application);
  if (maker === undefined) throw new Error(`no application ${application}`);

  const live = liveIn(maker, here, containers, how.labelled);
  const ref = { group: 'apps', kind: 'Deployment', namespace, name };
  const own = live.find((one) => workloadKey(one.ref) === workloadKey(ref));
  const wanted = suggestionFor(own, container, { limit: TO });
  const files = filesOf(texts);
  const index = await indexManifests(files, []);
  const { helm, scratch, kustomize } = renderers;
  const home = { repository: 'acme/platform', branch: 'main' };
  const cluster = how.named ? { clusterName: maker.cluster } : {};
  const context = { index, files, workloads: live, home, kustomize, helm: { helm, scratch }, ...cluster };
  const [location] = await locate([wanted], openTree(context));
  if (location?.state !== 'located') return false;

  const after = render(editedTexts(location, texts), here);
  const moved = findMoved(before, after);
  expect(moved.map((one) => one.replace(/^.*: /, ''))).toEqual(moved.map(() => `${namespace}/${name}/${container}`));
  expect(moved).toContain(key);
  expect(containersOf(after).get(key)?.limit).toBe(640 * 1024 ** 2);
  // Two applications of one cluster that make the same object are one place.
  const clusters = new Set(
    here
      .filter((one) => moved.includes(`${one.application.name}: ${namespace}/${name}/${container}`))
      .map(({ cluster }) => cluster),
  );
  if (location.reaches === undefined) expect([...clusters]).toEqual([maker.cluster]);
  else {
    expect(wanted.direction).toBe('raise');
    expect(location.reaches.length).toBeGreaterThanOrEqual(clusters.size);
  }
  return true;
}

function render(texts: Readonly<Record<string, string>>, applied: readonly Applied[]): Rendered {
  return inFolder(texts, (folder) =>
    renderApplications(
      folder,
      applied.map(({ application }) => application),
    ),
  );
}

/** What runs in the cluster of an application, its own workloads first. */
function liveIn(
  maker: Applied,
  here: readonly Applied[],
  containers: readonly (readonly [string, Shown])[],
  labelled: boolean,
): Workload[] {
  const live = new Map<string, Workload>();
  for (const one of [maker, ...here.filter(({ cluster }) => cluster === maker.cluster)]) {
    const own = containers.filter(([key]) => key.startsWith(`${one.application.name}: `));
    const names = [...new Set(own.map(([key]) => key.replace(/^.*: /, '').replace(/\/[^/]*$/, '')))];
    for (const named of names) {
      const [namespace = '', name = ''] = named.split('/');
      const ref = { group: 'apps', kind: 'Deployment', namespace, name };
      const of = own.filter(([key]) => key.includes(`: ${named}/`));
      const found = of.map(([key, { limit }]) => ({
        name: key.replace(/^.*\//, ''),
        limit: limit === undefined ? null : String(limit),
        request: null,
      }));
      const hints = labelled ? one.hintsFor('Deployment', namespace, name) : {};
      if (!live.has(workloadKey(ref))) live.set(workloadKey(ref), workload(ref, found, { hints }));
    }
  }
  return [...live.values()];
}

function editedTexts(
  location: Extract<Location, { state: 'located' }>,
  texts: Readonly<Record<string, string>>,
): Record<string, string> {
  const edited = Object.entries(texts).map(([path, text]) => [path, editFile(path, text, location.edits)]);
  const added = location.newFiles.map(({ path, text }) => [path, text]);
  return Object.fromEntries([...edited, ...added]);
}
