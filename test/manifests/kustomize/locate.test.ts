import { describe, expect, test } from 'vitest';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import type { Kustomize } from '../../../src/manifests/kustomize/render.ts';
import { locate } from '../../../src/manifests/locate.ts';
import { CHILD_LIMITS } from '../../../src/manifests/rendering/run-closed.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import { editFile, filesOf, NACOS, suggestion, workload } from '../fixtures.ts';
import { hasKubectl, testRenderers, whyNoKubectl } from '../test-renderers.ts';

const MYSQL = { ...NACOS, name: 'mysql' };
const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec: {template: {spec: {containers: [{name: ${name}, resources: {limits: {memory: 2000Mi}}}]}}}
`;
const BASE = {
  'base/kustomization.yaml': 'resources: [nacos.yaml, mysql.yaml]\n',
  'base/nacos.yaml': deployment('nacos'),
  'base/mysql.yaml': deployment('mysql'),
  'dev/kustomization.yaml': 'namespace: pigo-dev\nresources: [../base]\n',
};
const REL = 'namespace: pigo-rel\nresources: [../base]\n';
const PATCHES = `${REL}patches:\n  - path: other.yaml\n`;
const OTHER = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: nacos}\nspec: {replicas: 2}\n';
const workloads = [NACOS, MYSQL].map((ref) => workload(ref, [{ name: ref.name, limit: '2000Mi', request: null }]));

const { kustomize } = testRenderers();

async function locateBoth(texts: Record<string, string>, globs: readonly string[] = [], renderer?: Kustomize) {
  const files = filesOf(texts);
  const index = await indexManifests(files, globs);
  const wanted = [NACOS, MYSQL].map((ref) => suggestion(ref, ref.name, { limit: '2560Mi' }));
  return locate(wanted, openTree({ index, files, workloads, ...(renderer ? { kustomize: renderer } : {}) }));
}

test('without kubectl it is said that nothing could be proved', async () => {
  const texts = { ...BASE, 'rel/kustomization.yaml': REL };
  expect((await locateBoth(texts)).map((location) => location.state)).toEqual(['not located', 'not located']);
  const { kustomize: missing } = testRenderers({ path: '' });
  const [location] = await locateBoth(texts, [], missing);
  expect(location).toMatchObject({ state: 'not located', reason: 'rendered' });
  expect(location).toHaveProperty('why', expect.stringContaining('kubectl is not installed'));
});

describe.skipIf(!hasKubectl)(`with kubectl${whyNoKubectl}`, () => {
  test('nothing outside the globs is edited', async () => {
    const [location] = await locateBoth({ ...BASE, 'rel/kustomization.yaml': REL }, ['base/**', 'dev/**'], kustomize);
    expect(location?.state).toBe('not located');
  });

  test.each([
    ['loads something from afar', 'namespace: pigo-dev\nresources: [../base, "https://example.com/more.yaml"]\n', []],
    ['runs generators', 'resources: [../base]\ngenerators: [gen.yaml]\n', []],
    ['is outside the globs', BASE['dev/kustomization.yaml'], ['base/**', 'rel/**']],
  ])('a base is not edited when a sibling %s', async (_what, dev, globs) => {
    const texts = { ...BASE, 'dev/kustomization.yaml': dev, 'rel/kustomization.yaml': REL };
    const [location] = await locateBoth(texts, globs, kustomize);
    if (location?.state !== 'located') throw new Error(location?.why);
    expect(new Set(location.edits.map(({ path }) => path))).toEqual(new Set(['rel/kustomization.yaml']));
    expect(location.newFiles.map(({ path }) => path)).toEqual(['rel/memory-nacos-nacos.yaml']);
  });

  test('of two roots that render the workload, the one that Flux applies is edited', async () => {
    const flux =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop}\nspec: {path: rel}\n';
    const texts = { ...BASE, 'rel/kustomization.yaml': REL, 'old/kustomization.yaml': REL, 'flux.yaml': flux };
    const files = filesOf(texts);
    const index = await indexManifests(files, []);
    const hinted = workloads.map((one) => ({ ...one, hints: { fluxKustomization: 'flux-system/shop' } }));
    const wanted = [suggestion(NACOS, 'nacos', { limit: '2560Mi' })];
    const [location] = await locate(wanted, openTree({ index, files, workloads: hinted, kustomize }));
    // Nobody applies the other one, and so the base is this one's alone.
    expect(location).toMatchObject({ state: 'located', path: 'base/nacos.yaml' });
    const { 'flux.yaml': _, ...unsaid } = texts;
    const bare = await indexManifests(filesOf(unsaid), []);
    const rendering = openTree({ index: bare, files: filesOf(unsaid), workloads, kustomize });
    expect(await locate(wanted, rendering)).toMatchObject([{ reason: 'ambiguous' }]);
  });

  test('the globs settle which of two roots is edited', async () => {
    const texts = { ...BASE, 'rel/kustomization.yaml': REL, 'old/kustomization.yaml': REL };
    expect(await locateBoth(texts, [], kustomize)).toMatchObject([{ reason: 'ambiguous' }, { reason: 'ambiguous' }]);
    const [location] = await locateBoth(texts, ['base/**', 'rel/**'], kustomize);
    if (location?.state !== 'located') throw new Error(location?.why);
    expect(location.newFiles.map(({ path }) => path)).toEqual(['rel/memory-nacos-nacos.yaml']);
    expect(location.proof.how).not.toContain('other');
  });

  test('a patch is not edited that another root lays on what it loads from afar', async () => {
    const texts = {
      ...BASE,
      'shared/patch.yaml': deployment('nacos'),
      'shared/kustomization.yaml': 'kind: Component\npatches: [{path: patch.yaml}]\n',
      'rel/kustomization.yaml': `${REL}components: [../shared]\n`,
      'far/kustomization.yaml':
        'namespace: far\nresources: ["https://example.com/nacos?ref=v1"]\ncomponents: [../shared]\n',
    };
    const [location] = await locateBoth(texts, [], kustomize);
    if (location?.state !== 'located') throw new Error(location?.why);
    expect(location.newFiles.map(({ path }) => path)).toEqual(['rel/memory-nacos-nacos.yaml']);
    const { 'far/kustomization.yaml': _, ...near } = texts;
    const [alone] = await locateBoth(near, [], kustomize);
    expect(alone).toMatchObject({ state: 'located', path: 'shared/patch.yaml' });
  });

  test.each([
    ['replaces values from containers', 'spec.template.spec.containers.[name=nacos].resources', 'not located'],
    ['replaces values from elsewhere', 'metadata.name', 'located'],
  ])('beside what is fetched, where a kustomization %s', async (_what, field, state) => {
    const replacement = `{source: {kind: Deployment, name: nacos, fieldPath: "${field}"}, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.x]}]}`;
    const far = `resources: [../base, "https://example.com/more.yaml"]\nreplacements: [${replacement}]\n`;
    const [location] = await locateBoth(
      { ...BASE, 'rel/kustomization.yaml': `namespace: pigo-rel\n${far}` },
      [],
      kustomize,
    );
    expect(location?.state).toBe(state);
  });

  test('only a kustomization that may make the workload is blamed', async () => {
    const broken = 'resources: [other.yaml]\ngenerators: [g.yaml]\n';
    const texts = {
      'a/kustomization.yaml': broken,
      'a/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nacos}\n',
      'b/kustomization.yaml': `namePrefix: na\n${broken}`,
      'b/other.yaml': deployment('cos-server'),
    };
    const [location] = await locateBoth(texts, [], kustomize);
    expect(location).toMatchObject({ reason: 'no manifest', lookedAt: [] });
    const [blamed] = await locateBoth({ ...texts, 'a/other.yaml': deployment('nacos') }, [], kustomize);
    expect(blamed).toHaveProperty('why', expect.stringContaining('a/kustomization.yaml uses generators'));
  });

  test('two new patches extend one list', async () => {
    const texts = { ...BASE, 'rel/kustomization.yaml': PATCHES, 'rel/other.yaml': OTHER };
    const edits = (await locateBoth(texts, [], kustomize)).flatMap((one) => (one.state === 'located' ? one.edits : []));
    expect(editFile('rel/kustomization.yaml', PATCHES, edits)).toBe(
      `${PATCHES}  - path: memory-nacos-nacos.yaml\n  - path: memory-mysql-mysql.yaml\n`,
    );
  });

  test.each([
    ['no list', REL],
    ['an empty list', `${REL}patches: [] # none yet\n`],
    ['nothing in it', `${REL}patches:\n`],
    ['null', `patches: null\n${REL}`],
    ['a list on one line', `${REL}patches: [{path: other.yaml}]\n`],
    ['lines that end in CRLF', REL.replaceAll('\n', '\r\n')],
    ['no last line break', REL.trimEnd()],
  ])('two new patches are added together, in any order, and each alone, where there is %s', async (_what, rel) => {
    const other: Record<string, string> = rel.includes('other.yaml') ? { 'rel/other.yaml': OTHER } : {};
    const texts = { ...BASE, 'rel/kustomization.yaml': rel, ...other };
    const locations = await locateBoth(texts, [], kustomize);
    const [one, two] = locations.map((location) => {
      if (location.state !== 'located') throw new Error(location.why);
      return location;
    });
    if (!one || !two) throw new Error('two were asked for');
    for (const chosen of [[one], [two], [one, two], [two, one]]) {
      const edits = chosen.flatMap((location) => location.edits);
      const added = chosen.flatMap(({ newFiles }) => newFiles.map(({ path, text }) => [path, text] as const));
      const changed = { ...texts, 'rel/kustomization.yaml': editFile('rel/kustomization.yaml', rel, edits) };
      const rendering = await kustomize.render(new Map([...Object.entries(changed), ...added]), 'rel/');
      const raised =
        rendering.state === 'rendered' ? rendering.documents.filter((text) => text.includes('2560Mi')) : [];
      expect(raised.map((text) => /name: (\w+)/.exec(text)?.[1])).toEqual(
        ['mysql', 'nacos'].filter((name) => chosen.some(({ suggestion }) => suggestion.container === name)),
      );
    }
  });

  test('containers of one workload, and workloads of one name, get a patch each', async () => {
    const several = (kind: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec: {template: {spec: {containers: [{name: a}, {name: app}, {name: log}]}}}
`;
    const texts = {
      'base/kustomization.yaml': 'resources: [one.yaml, two.yaml]\n',
      'base/one.yaml': several('Deployment'),
      'base/two.yaml': several('StatefulSet'),
      'dev/kustomization.yaml': 'namespace: pigo-dev\nresources: [../base]\n',
      'rel/kustomization.yaml': REL,
    };
    const refs = ['Deployment', 'StatefulSet'].map((kind) => ({ ...NACOS, kind, name: 'web' }));
    const names = ['a', 'app', 'log'];
    const live = refs.map((ref) =>
      workload(
        ref,
        names.map((name) => ({ name, limit: null, request: null })),
      ),
    );
    const wanted = refs.flatMap((ref) => ['log', 'app'].map((name) => suggestion(ref, name, { limit: '2560Mi' })));
    const files = filesOf(texts);
    const index = await indexManifests(files, []);
    const located = await locate(wanted, openTree({ index, files, workloads: live, kustomize }));
    expect(
      located.flatMap((one) => (one.state === 'located' ? one.newFiles.map(({ path }) => path) : one.why)),
    ).toEqual([
      'rel/memory-deployment-web_log.yaml',
      'rel/memory-deployment-web_app.yaml',
      'rel/memory-statefulset-web_log.yaml',
      'rel/memory-statefulset-web_app.yaml',
    ]);
  });

  test('only roots that may hold the workload are rendered', async () => {
    const others = Array.from({ length: 20 }, (_, n) => [
      [`dev${n}/kustomization.yaml`, `namespace: dev${n}\nresources: [../base]\n`],
      [`other${n}/kustomization.yaml`, 'namespace: pigo-rel\nresources: [other.yaml]\n'],
      [`other${n}/other.yaml`, deployment(`other${n}`)],
    ]);
    const rendered: string[] = [];
    const renderer: Kustomize = {
      render(files, folder) {
        rendered.push(folder);
        return kustomize.render(files, folder);
      },
    };
    const texts = { ...BASE, 'rel/kustomization.yaml': PATCHES, 'rel/other.yaml': OTHER };
    const wanted = { ...texts, ...Object.fromEntries(others.flat()) };
    expect((await locateBoth(wanted, [], renderer)).map(({ state }) => state)).toEqual(['located', 'located']);
    expect(rendered.filter((folder) => folder.startsWith('other'))).toEqual([]);
  });

  test.each(['rel/Memory-nacos-nacos.yaml', 'rel/memory-nacos-nacos.yaml/a.txt'])(
    'a new patch takes no name that stands for something: %s',
    async (taken) => {
      const texts = { ...BASE, 'rel/kustomization.yaml': REL, [taken]: 'a: 1\n' };
      const [location] = await locateBoth(texts, [], kustomize);
      if (location?.state !== 'located') throw new Error(location?.why);
      expect(location.newFiles.map(({ path }) => path)).toEqual(['rel/memory-nacos-nacos-2.yaml']);
    },
  );

  test('the downward API renames nothing', async () => {
    const downward =
      'env: [{name: N, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]\nname: "n"\nfieldPath: metadata.name\n';
    const texts = {
      ...BASE,
      'rel/kustomization.yaml': REL,
      'other/kustomization.yaml': 'namespace: other\nresources: [other.yaml]\n',
      'other/other.yaml': `${deployment('other')}---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata:\n  a: |\n    ${downward.replaceAll('\n', '\n    ')}\n`,
    };
    const rendered: string[] = [];
    const renderer: Kustomize = {
      render(files, folder) {
        rendered.push(folder);
        return kustomize.render(files, folder);
      },
    };
    await locateBoth(texts, [], renderer);
    expect(rendered).not.toContain('other/');
  });

  test('what is too much to render is named', async () => {
    const texts = { ...BASE, 'rel/kustomization.yaml': REL };
    const { kustomize: slow } = testRenderers({ limits: { ...CHILD_LIMITS, seconds: 0 } });
    const [location] = await locateBoth(texts, [], slow);
    expect(location).toMatchObject({
      reason: 'over budget',
      why: expect.stringMatching(/^rel\/kustomization\.yaml: /),
    });
  });

  test('a manifest that is only data to a kustomization is edited as it stands', async () => {
    const raw = deployment('nacos').replace('{name: nacos}', '{name: nacos, namespace: pigo-rel}');
    const texts = {
      'deploy/kustomization.yaml': 'configMapGenerator: [{name: seen, files: [nacos.yaml]}]\n',
      'deploy/nacos.yaml': raw,
    };
    const [location] = await locateBoth(texts, [], kustomize);
    expect(location).toMatchObject({ state: 'located', path: 'deploy/nacos.yaml' });
  });

  test('a raw manifest of the same workload makes it ambiguous', async () => {
    const raw = deployment('nacos').replace('{name: nacos}', '{name: nacos, namespace: pigo-rel}');
    const [location] = await locateBoth({ ...BASE, 'rel/kustomization.yaml': REL, 'raw.yaml': raw }, [], kustomize);
    expect(location).toMatchObject({
      state: 'not located',
      reason: 'ambiguous',
      why: expect.stringContaining('is rendered from rel/kustomization.yaml and also defined in raw.yaml'),
      lookedAt: ['rel/kustomization.yaml', 'raw.yaml'],
    });
  });
});
