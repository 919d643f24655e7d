import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptKustomization, acceptTransformers } from '../../../src/manifests/kustomize/accept.ts';
import { namesIn } from '../../../src/manifests/kustomize/load-graph.ts';
import { isKustomization } from '../../../src/manifests/reach.ts';
import { findProgram } from '../../../src/manifests/rendering/find-program.ts';
import { hasKubectl, PROGRAMS, whyNoKubectl } from '../test-renderers.ts';

const FILES = [
  'rel/web.yaml',
  'rel/kustomization.yaml',
  'base/kustomization.yaml',
  'base/p.yaml',
  'kustomization.yaml',
];

function accept(text: string, path = 'rel/kustomization.yaml') {
  const accepted = acceptKustomization(path, text, namesIn(FILES, FILES.filter(isKustomization)));
  return accepted.state === 'accepted' ? accepted.written : accepted.why;
}

test.each([
  ['resources: [web.yaml, ../base, ./../base/]\n', { resources: ['./web.yaml', '../base', '../base'] }],
  ['patches: [{path: "../rel/./../base/p.yaml"}]\n', { patches: [{ path: '../base/p.yaml' }] }],
  [
    'configMapGenerator: [{name: c, files: [web.yaml, "k=../base/p.yaml"]}]\n',
    { configMapGenerator: [{ name: 'c', files: ['./web.yaml', 'k=../base/p.yaml'] }] },
  ],
  [
    'patchesStrategicMerge: [web.yaml, "kind: D\\nmetadata: {name: x}\\n"]\n',
    { patchesStrategicMerge: ['./web.yaml', 'kind: D\nmetadata: {name: x}\n'] },
  ],
  ['resources:\npatches: null\n', { resources: null, patches: null }],
  ['resources: [web.yaml]\n---\n', { resources: ['./web.yaml'] }],
  ['helmCharts: []\ngenerators: null\n', {}],
  ['labels: [{includeSelectors: no, pairs: {a: b}}]\n', { labels: [{ includeSelectors: false, pairs: { a: 'b' } }] }],
  ['resources: [web.yaml, "https://example.com/a.yaml"]\n', { resources: ['./web.yaml'] }],
  ['bases: ["github.com/example/base//web?ref=v1", ../base]\n', { bases: ['../base'] }],
  ['resources: ["git@github.com:example/base.git"]\n', { resources: [] }],
  ['resources: ["git::https://example.com/base", "oci://example.com/base"]\n', { resources: [] }],
  ['resources: ["example.com/base.git//web?ref=v1", "example.com/a//b"]\n', { resources: [] }],
  ['helmCharts: [{name: x}]\nhelmGlobals: {chartHome: /}\n', { resources: [] }],
  ['helmChartInflationGenerator: [{chartName: x}]\nresources: [web.yaml]\n', { resources: ['./web.yaml'] }],
  ['a: &a [web.yaml]\n', 'rel/kustomization.yaml has the field a, which this action does not know'],
])('writes %j anew', (text, expected) => {
  expect(accept(text)).toEqual(expected);
});

test.each([
  ['Resources: [web.yaml]', /has the field Resources/],
  ['RESOURCES: [web.yaml]', /has the field RESOURCES/],
  ['patches: [{Path: web.yaml}]', /has the field patches\.Path/],
  ['configMapGenerator: [{name: c, Files: [web.yaml]}]', /has the field configMapGenerator\.Files/],
  ['generatorOptions: {x: 1}', /has the field generatorOptions\.x/],
  ['"__proto__": {resources: [web.yaml]}', /__proto__/],
  ['resources: [/etc/passwd]', /loads \/etc\/passwd/],
  ['resources: [../../outside]', /loads \.\.\/\.\.\/outside/],
  ['resources: ["web.yaml\\n"]', /loads web\.yaml/],
  ['resources: ["web.yaml?ref=x"]', /loads/],
  ['components: ["http:\\x2f/x"]', /loads http:\/\/x/],
  ['resources: ["file:///etc/passwd"]', /loads file:/],
  ['transformers: ["https://example.com/t.yaml"]', /loads https:/],
  ['configurations: ["https://example.com/c.yaml"]', /loads https:/],
  ['crds: ["https://example.com/c.yaml"]', /loads https:/],
  ['patches: [{path: "https://example.com/c.yaml"}]', /loads https:/],
  ['resources: web.yaml', /unexpected type at resources/],
  ['helmCharts: [{name: x}]\ngenerators: [g.yaml]', /uses generators/],
  ['resources: [web.yaml]\n---\nnamespace: x', /not one map/],
  ['labels: [{includeSelectors: maybe}]', /unexpected type at labels\.includeSelectors/],
  ['- resources', /not one map/],
])('does not accept %s', (text, why) => {
  expect(accept(`${text}\n`)).toMatch(why);
});

test('what is accepted names nothing but files and folders of the copy, by any key in any spelling', () => {
  const known = ['resources', 'bases', 'components', 'crds', 'configurations', 'patches', 'replacements', 'openapi'];
  const key = fc.constantFrom(...known, 'transformers', 'patchesStrategicMerge', 'configMapGenerator', 'namePrefix');
  const spelled = fc.tuple(key, fc.constantFrom(0, 0, 0, 1, 2)).map(([name, how]) => {
    if (how === 0) return name;
    return how === 1 ? name.toUpperCase() : `${name[0]?.toUpperCase()}${name.slice(1)}`;
  });
  const name = fc.constantFrom(
    'web.yaml',
    '../base',
    './web.yaml',
    '../base/p.yaml',
    '..',
    'http://x/y',
    '/etc/passwd',
    '../../x',
    'a=web.yaml',
    'a=http://x',
    'git::x',
    'web.yaml?ref=a',
    'web.yaml\n',
    '{kind: A}',
    '~/x',
    'file:///x',
  );
  const entry = fc.oneof(
    name,
    fc.record({ path: name }),
    fc.record({ Path: name }),
    fc.record({ name: fc.constant('c'), files: fc.array(name), envs: fc.array(name) }),
  );
  const value = fc.oneof(fc.array(entry, { maxLength: 3 }), entry);
  const kustomization = fc.dictionary(spelled, value, { maxKeys: 4 });
  const targets = new Set([...FILES, 'base', '', 'rel']);
  fc.assert(
    fc.property(kustomization, (given) => {
      const accepted = accept(JSON.stringify(given));
      if (typeof accepted === 'string') return;
      for (const text of namesOf(accepted)) {
        expect(text).not.toMatch(/:|^\//);
        expect(targets).toContain(posix.join('rel', text.slice(text.indexOf('=') + 1)).replace(/^\.$/, ''));
      }
    }),
    { numRuns: 2000 },
  );
});

/** Whatever kustomize would load of a kustomization. */
function namesOf(value: Record<string, unknown>): string[] {
  const lists = Object.entries(value).filter(([key]) => key !== 'namePrefix');
  return lists.flatMap(([, entries]) =>
    [entries].flat().flatMap((one) => {
      if (typeof one === 'string') return one.startsWith('{') ? [] : [one];
      const { path = [], files = [], envs = [] } = one as { path?: string; files?: string[]; envs?: string[] };
      return [path, files, envs].flat();
    }),
  );
}

test('a kustomization that is refused reaches every file that it could', () => {
  const text = 'Resources: [web.yaml]\nPatches: [{Path: ../base/p.yaml}]\nbases: [../base]\n';
  const accepted = acceptKustomization('rel/kustomization.yaml', text, namesIn(FILES, FILES.filter(isKustomization)));
  expect(accepted).toMatchObject({
    state: 'refused',
    files: ['rel/web.yaml', 'base/p.yaml'],
    includes: ['base/kustomization.yaml'],
  });
});

test.each([
  ['apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {a: b}\n', true],
  ['apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: n, namespace: x}\nunsetOnly: true\n', true],
  ['apiVersion: builtin\nkind: PatchStrategicMergeTransformer\nmetadata: {name: p}\npatches: "{}"\n', true],
  ['apiVersion: builtin\nkind: PatchStrategicMergeTransformer\nmetadata: {name: p}\npaths: [p.yaml]\n', false],
  ['apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npatch: "[]"\n', true],
  ['apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: p.yaml\n', false],
  ['apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: h}\n', false],
  ['apiVersion: someteam.example/v1\nkind: Plugin\nmetadata: {name: h}\n', false],
  ['apiVersion: builtin\nkind: constructor\nmetadata: {name: h}\n', false],
  [
    'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l, annotations: {config.kubernetes.io/function: x}}\n',
    false,
  ],
])('of transformers only those are run that load nothing: %j', (text, accepted) => {
  expect('text' in acceptTransformers('t.yaml', text)).toBe(accepted);
});

const kubectl = findProgram('kubectl', PROGRAMS) ?? 'kubectl';
const corpus = join(import.meta.dirname, '..', 'corpus', 'kustomize');

describe.skipIf(!hasKubectl)(`what is accepted${whyNoKubectl}`, () => {
  test.each(readdirSync(corpus))('renders as it would as it was written: %s', async (name) => {
    const copy = mkdtempSync(join(tmpdir(), 'accept-test-'));
    await cp(join(corpus, name, 'repo'), copy, { recursive: true });
    const entries = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(copy.length + 1));
    const kustomizations = paths.filter(isKustomization);
    const written = kustomizations.map((path) => {
      const text = readFileSync(join(copy, path), 'utf8');
      return { path, accepted: acceptKustomization(path, text, namesIn(paths, kustomizations)) };
    });
    const render = (path: string) => {
      const run = spawnSync(kubectl, ['kustomize', join(copy, dirname(path))], { encoding: 'utf8' });
      return run.status === 0 ? run.stdout : 'fails';
    };
    const whole = written.every(({ accepted }) => accepted.state === 'accepted' && accepted.leftOut.length === 0);
    const before = whole ? kustomizations.map(render) : [];
    for (const { path, accepted } of written)
      if (accepted.state === 'accepted') writeFileSync(join(copy, path), JSON.stringify(accepted.written));
    expect(whole ? kustomizations.map(render) : []).toEqual(before);
  });
});
