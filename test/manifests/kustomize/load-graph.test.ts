import { expect, test } from 'vitest';
import { closureOf, readLoadGraph } from '../../../src/manifests/kustomize/load-graph.ts';

function graphOf(texts: Record<string, string>) {
  const kustomizations = Object.entries(texts).filter(([path]) => /kustomization\.ya?ml$/.test(path));
  return readLoadGraph(Object.keys(texts), new Map(kustomizations));
}

test('roots are what no other kustomization includes, components aside', () => {
  const graph = graphOf({
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': '',
    'part/kustomization.yaml': 'kind: Component\n',
    'alone/kustomization.yaml': 'kind: Component\n',
    'rel/kustomization.yaml': 'resources: [../base/]\ncomponents: [../part]\n',
  });
  expect(graph.roots.map((root) => root.path)).toEqual(['rel/kustomization.yaml']);
  const [root] = graph.roots;
  const closure = root && closureOf(graph, root);
  expect([...(closure?.files ?? [])].sort()).toEqual([
    'base/a.yaml',
    'base/kustomization.yaml',
    'part/kustomization.yaml',
    'rel/kustomization.yaml',
  ]);
  expect(closure?.refusal).toBeUndefined();
});

test.each([
  'components: [https://example.com/a]',
  'resources: [example/base]',
  'bases: [../../outside]',
  'resources: [/etc/passwd]',
  'patches: [{path: "https://example.com/p.yaml"}]',
  'patchesJson6902: [{path: p.yaml}]',
  'replacements: [{path: "http://example.com/r.yaml"}]',
  'configMapGenerator: [{name: c, files: ["a=https://example.com/a"]}]',
  'secretGenerator: [{name: s, envs: [../../.env]}]',
  'openapi: {path: "https://example.com/schema.json"}',
  'crds: [https://example.com/crd.json]',
  'generators: [gen.yaml]',
  'validators: [v.yaml]',
  'resources: [',
  '[]',
])('a kustomization is not run when it has %s', (text) => {
  const graph = graphOf({ 'base/kustomization.yaml': `${text}\n`, 'rel/kustomization.yaml': 'resources: [../base]\n' });
  const root = graph.roots.find((one) => one.path === 'rel/kustomization.yaml');
  expect(root && closureOf(graph, root).refusal).toBeTruthy();
});

test('kustomizations that include each other are named, and cannot be run', () => {
  const graph = graphOf({
    'a/kustomization.yaml': 'resources: [../b]\n',
    'b/kustomization.yaml': 'resources: [../c, ../base]\n',
    'c/kustomization.yaml': 'resources: [../a]\n',
    'base/kustomization.yaml': 'namespace: x\n',
    'rel/kustomization.yaml': 'resources: [../a]\n',
  });
  const refused = graph.roots.map((root) => [root.path, closureOf(graph, root).refusal]);
  expect(Object.fromEntries(refused)).toEqual({
    'b/kustomization.yaml': 'a, b and c include each other',
    'base/kustomization.yaml': undefined,
    'c/kustomization.yaml': 'a, b and c include each other',
    'rel/kustomization.yaml': 'a, b and c include each other',
  });
});

test('what cannot be run still reaches its files, and leaves alone what is rendered by itself', () => {
  const graph = graphOf({
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': '',
    'rel/kustomization.yaml': 'resources: [../base]\n',
    'dev/kustomization.yaml': 'resources: [../base]\ngenerators: [g.yaml]\n',
    'broken/kustomization.yaml': 'resources:\n- ../base\n- {{ more }}\n',
    'all/kustomization.yaml': 'resources: [../rel]\ngenerators: [g.yaml]\n',
  });
  const files = (path: string) => {
    const root = graph.roots.find((one) => one.path === path);
    return root && [...closureOf(graph, root).files];
  };
  expect(files('dev/kustomization.yaml')).toContain('base/a.yaml');
  expect(files('broken/kustomization.yaml')).toContain('base/a.yaml');
  expect(files('rel/kustomization.yaml')).toContain('base/a.yaml');
  expect(files('all/kustomization.yaml')).toEqual(['all/kustomization.yaml']);
});
