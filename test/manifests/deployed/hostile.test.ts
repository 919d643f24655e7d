import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readClaims } from '../../../src/manifests/deployed/claims.ts';
import { type ApplyingObject, mayBe, UNKNOWN } from '../../../src/manifests/deployed/deployed.ts';
import { fillTemplate } from '../../../src/manifests/deployed/fill-template.ts';
import type { Json } from '../../../src/manifests/documents.ts';
import { createEffort, OverEffort } from '../../../src/manifests/effort.ts';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import { locate } from '../../../src/manifests/locate.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import { filesOf, suggestionFor, workload } from '../fixtures.ts';
import { applied, graphOf, HOME, listOf, readList, unread } from './lists.ts';

/*
 * Each of these fits into a repository of a few megabytes, and would take hours, or all memory, if it were worked through.
 */

const many = <T>(count: number, one: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at));
/** A tenth of what a run may take, so that the tests are quick. */
const small = () => createEffort(1_000_000);
const elements = many(2000, (at) => ({ name: `a${at}` }));

function setOf(generators: Json, template: Json = {}): ApplyingObject {
  const value = { spec: { generators, template: { metadata: { name: '{{name}}' }, spec: template } } };
  return { group: 'argoproj.io', kind: 'ApplicationSet', name: 'set', path: 'set.yaml', value };
}

const git = (directories: Json) => ({ git: { repoURL: HOME.repository, revision: 'main', directories } });

describe('sets', () => {
  test('ten thousand with two thousand elements each', async () => {
    const one = setOf(
      [{ list: { elements } }],
      many(100, () => '{{name}}'),
    );
    await expect(readList({}, { objects: many(10_000, () => one), effort: small() })).rejects.toThrow(OverEffort);
  });

  test('more elements than anybody reviews', async () => {
    const more = many(5000, (at) => ({ name: `a${at}` }));
    const template = { source: { path: 'apps/{{name}}' } };
    const { all, unreadable } = await readList({}, { objects: [setOf([{ list: { elements: more } }], template)] });
    expect(all).toEqual([]);
    expect(unreadable).toMatchObject([{ why: 'it makes more than 2000 applications', folder: `apps/${UNKNOWN}` }]);
  });

  test('a template with a hundred thousand places', async () => {
    const one = setOf(
      [{ list: { elements } }],
      many(100_000, () => '{{name}}'),
    );
    await expect(readList({}, { objects: [one], effort: small() })).rejects.toThrow(OverEffort);
  });

  test('a matrix of matrices, and one that looks through all folders for each element', async () => {
    const nested = many(50, () => 0).reduce<Json>((inner) => ({ matrix: { generators: [inner, inner] } }), {
      list: { elements },
    });
    const deep = await readList({}, { objects: [setOf([nested], { source: { path: 'x' } })] });
    expect(deep.unreadable).toMatchObject([{ why: 'its matrix generator is not read' }]);
    const texts = Object.fromEntries(many(20_000, (at) => [`apps/${at}/a.yaml`, '']));
    const second = git(many(50, () => ({ path: '*a*a*a*/{{name}}' })));
    const wide = setOf([{ matrix: { generators: [{ list: { elements } }, second] } }]);
    await expect(readList(texts, { objects: [wide], effort: small() })).rejects.toThrow(OverEffort);
  });

  test('values of a megabyte in thousands of places', () => {
    const params = new Map([['a', 'x'.repeat(1_000_000)]]);
    const filled = fillTemplate('{{a}}'.repeat(2000), params, { go: false, effort: createEffort() });
    expect(filled).toBe(UNKNOWN.repeat(2000));
    expect(fillTemplate('{{a}}'.repeat(2001), params, { go: false, effort: createEffort() })).toBe(UNKNOWN);
  });

  test('braces and blanks without end', () => {
    const filling = { go: true, effort: createEffort() };
    for (const text of [
      '{'.repeat(9999),
      '{{ '.repeat(3000),
      `{{${' '.repeat(9000)}}}`,
      `{{ .a ${'| '.repeat(90)}}}`,
      '{{ if'.repeat(1900),
    ]) {
      expect(typeof fillTemplate(text, new Map(), filling)).toBe('string');
    }
  });
});

describe('folders', () => {
  test('ten thousand applications of which each may be ten thousand folders', async () => {
    const texts = Object.fromEntries(many(10_000, (at) => [`apps/a${at}/web.yaml`, '']));
    const spec = { source: { repoURL: HOME.repository, path: `apps/${UNKNOWN}` } };
    const one = { group: 'argoproj.io', kind: 'Application', name: 'web', path: 'a.yaml', value: { spec } };
    await expect(readList(texts, { objects: many(10_000, () => one), effort: small() })).rejects.toThrow(OverEffort);
  });

  test('ten thousand Flux Kustomizations over ten thousand kustomizations', () => {
    const texts = Object.fromEntries(many(10_000, (at) => [`apps/a${at}/kustomization.yaml`, 'resources: []\n']));
    const flux = applied({ by: 'flux', folder: 'apps', takes: { kind: 'flux' } });
    const list = listOf(many(10_000, () => flux));
    expect(() => readClaims(list, graphOf(texts), small())).toThrow(OverEffort);
  });

  test('ten thousand Applications of one folder of many files', () => {
    const texts = Object.fromEntries(many(30_000, (at) => [`apps/a${at}.yaml`, '']));
    const list = listOf(many(10_000, () => applied({ folder: 'apps' })));
    expect(() => readClaims(list, graphOf(texts), small())).toThrow(OverEffort);
  });

  test('ten thousand patterns of folders that cannot be read: most may be anything', () => {
    const list = listOf(
      [],
      many(10_000, (at) => unread(`${at}${UNKNOWN}/${UNKNOWN}x${UNKNOWN}`)),
    );
    const claims = readClaims(list, graphOf({ 'apps/web.yaml': '' }), createEffort());
    expect(claims.unknownAt('apps/web.yaml', false)?.folder).toMatch(/^100/);
    expect(claims.unknownAt('apps/web.yaml', true)).toBeUndefined();
  });

  test('a pattern with thousands of unknown parts', () => {
    expect(mayBe(`${UNKNOWN}a`.repeat(5000), 'a'.repeat(10_000))).toBe(true);
    expect(mayBe(`${UNKNOWN}a`.repeat(5000), `${'a'.repeat(10_000)}b`)).toBe(false);
  });

  test('globs that go back without end', () => {
    const stars = applied({
      takes: { kind: 'argo', recurse: true, include: '*a'.repeat(400), exclude: '{*,*}'.repeat(100) },
    });
    const path = `deploy/${'a'.repeat(3000)}b`;
    expect(readClaims(listOf([stars]), graphOf({ [path]: '' }), createEffort()).ofFile(path)).toEqual([]);
  });
});

test('over the budget nothing is known to be applied, which is said, and nothing is edited', async () => {
  const ref = { group: 'apps', kind: 'Deployment', namespace: 'prod', name: 'web' };
  const spec = { template: { spec: { containers: [{ name: 'web', resources: { limits: { memory: '512Mi' } } }] } } };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'prod' }, spec };
  const { value } = setOf(
    [{ list: { elements } }],
    many(10_000, () => '{{name}}'),
  );
  const set = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'set' },
    ...(value as object),
  };
  const files = filesOf({ 'web.yaml': stringify(deployment), 'argocd/set.yaml': stringify(set) });
  const index = await indexManifests(files, []);
  const live = workload(ref, [{ name: 'web', limit: '512Mi', request: null }]);
  const wanted = suggestionFor(live, 'web', { limit: '768Mi' });
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live], home: HOME }));
  expect(location).toMatchObject({
    state: 'not located',
    reason: 'not applied',
    why: 'web.yaml: who applies it is not known: the list of applications in argocd/set.yaml may, and reading who applies what takes more than a run may; a mapping settles it',
  });
});
