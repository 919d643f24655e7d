import { describe, expect, test } from 'vitest';
import { readClaims } from '../../../src/manifests/deployed/claims.ts';
import { type Deployed, UNKNOWN, type Unreadable } from '../../../src/manifests/deployed/deployed.ts';
import { createEffort } from '../../../src/manifests/effort.ts';
import { applied, graphOf, listOf, unread } from './lists.ts';

const KUSTOMIZATION = 'resources: [web.yaml]\n';
const flux = (folder: string, name = 'apps') => applied({ by: 'flux', name, folder, takes: { kind: 'flux' } });

function claimsOf(paths: readonly string[], all: readonly Deployed[], unreadable: readonly Unreadable[] = []) {
  const texts = Object.fromEntries(
    paths.map((path) => [path, path.endsWith('kustomization.yaml') ? KUSTOMIZATION : '']),
  );
  return readClaims(listOf(all, unreadable), graphOf(texts), createEffort());
}

function rootsOf(claims: ReturnType<typeof claimsOf>): Record<string, string[]> {
  return Object.fromEntries([...claims.roots].map(([one, by]) => [one.path, by.map(({ name }) => name)]));
}

describe('kustomizations that are applied by themselves', () => {
  test('that of the folder, by all that name it', () => {
    const claims = claimsOf(
      ['base/kustomization.yaml', 'base/web.yaml'],
      [flux('base', 'a'), applied({ folder: 'base', name: 'b' })],
    );
    expect(rootsOf(claims)).toEqual({ 'base/kustomization.yaml': ['a', 'b'] });
    expect(claims.ofFile('base/web.yaml')).toEqual([]);
  });

  test('the topmost ones below a folder that has none, for Flux alone', () => {
    const paths = [
      'apps/a/kustomization.yaml',
      'apps/a/inner/kustomization.yaml',
      'apps/b/c/kustomization.yaml',
      'other/kustomization.yaml',
    ];
    expect(rootsOf(claimsOf(paths, [flux('apps')]))).toEqual({
      'apps/a/kustomization.yaml': ['apps'],
      'apps/b/c/kustomization.yaml': ['apps'],
    });
    expect(rootsOf(claimsOf(paths, [applied({ folder: 'apps', takes: { kind: 'argo', recurse: true } })]))).toEqual({});
    expect(Object.keys(rootsOf(claimsOf(paths, [flux('')])))).toEqual([
      'apps/a/kustomization.yaml',
      'apps/b/c/kustomization.yaml',
      'other/kustomization.yaml',
    ]);
  });

  test('none that something from elsewhere applies', () => {
    const elsewhere = applied({ folder: 'base', source: { state: 'elsewhere', from: 'v1' } });
    const claims = claimsOf(['base/kustomization.yaml'], [elsewhere]);
    expect(rootsOf(claims)).toEqual({});
    expect(claims.says).toBe(false);
  });
});

describe('files that are applied as they stand', () => {
  const takes = (rest: object = {}) => applied({ folder: 'shop', takes: { kind: 'argo', recurse: true, ...rest } });
  const paths = ['shop/web.yaml', 'shop/a/web.yaml', 'shop/a/b/web.dev.yaml', 'shopping/web.yaml', 'web.yaml'];
  const taken = (one: Deployed) => paths.filter((path) => claimsOf(paths, [one]).ofFile(path).length > 0);

  test('by Argo CD: of the folder alone, or of all below it', () => {
    expect(taken(applied({ folder: 'shop' }))).toEqual(['shop/web.yaml']);
    expect(taken(takes())).toEqual(['shop/web.yaml', 'shop/a/web.yaml', 'shop/a/b/web.dev.yaml']);
    expect(taken(applied({ folder: '' }))).toEqual(['web.yaml']);
  });

  test.each([
    [{ include: '*.yaml' }, ['shop/web.yaml', 'shop/a/web.yaml', 'shop/a/b/web.dev.yaml']],
    [{ include: 'a/*' }, ['shop/a/web.yaml', 'shop/a/b/web.dev.yaml']],
    [{ include: '{a,b}/web.yaml' }, ['shop/a/web.yaml']],
    [{ include: '{*.yml,*.yaml}', exclude: '*.dev.yaml' }, ['shop/web.yaml', 'shop/a/web.yaml']],
    [{ exclude: '{a/b/*,web.yaml}' }, ['shop/a/web.yaml']],
    [{ exclude: 'a/*' }, ['shop/web.yaml']],
    [{ include: 'we?.yaml' }, ['shop/web.yaml']],
  ])('by Argo CD: with %j', (globs, expected) => {
    expect(taken(takes(globs))).toEqual(expected);
  });

  test('by Flux: those below that no kustomization takes', () => {
    const all = ['apps/web.yaml', 'apps/a/kustomization.yaml', 'apps/a/web.yaml', 'apps/b/web.yaml'];
    const claims = claimsOf(all, [flux('apps')]);
    expect(all.filter((path) => claims.ofFile(path).length > 0)).toEqual(['apps/web.yaml', 'apps/b/web.yaml']);
  });

  test('not those of a chart, which Argo CD renders', () => {
    const claims = claimsOf(['shop/Chart.yaml', 'shop/values.yaml', 'shop/templates/web.yaml'], [takes()]);
    expect(claims.ofFile('shop/templates/web.yaml')).toEqual([]);
  });
});

describe('what cannot be read may apply', () => {
  const paths = ['apps/web/web.yaml', 'envs/web.yaml'];
  const at = (path: string, isClaimed: boolean, ...folders: string[]) =>
    claimsOf(
      paths,
      [],
      folders.map((folder) => unread(folder)),
    ).unknownAt(path, isClaimed)?.folder;

  test('its folder, and all below it', () => {
    expect(at('apps/web/web.yaml', true, 'apps')).toBe('apps');
    expect(at('apps/web/web.yaml', true, `apps/${UNKNOWN}`)).toBe(`apps/${UNKNOWN}`);
    expect(at('envs/web.yaml', true, `apps/${UNKNOWN}`, 'apps')).toBeUndefined();
    expect(at('envs/web.yaml', true, '')).toBe('');
  });

  test('anything, but not what something else is known to apply', () => {
    expect(at('envs/web.yaml', false, UNKNOWN)).toBe(UNKNOWN);
    expect(at('envs/web.yaml', true, UNKNOWN)).toBeUndefined();
    expect(at('envs/web.yaml', true, UNKNOWN, `${UNKNOWN}/x`, 'envs')).toBe('envs');
  });

  test('and then the repository says that something is applied', () => {
    expect(claimsOf(paths, [], [unread('x')]).says).toBe(true);
    expect(claimsOf(paths, []).says).toBe(false);
  });
});
