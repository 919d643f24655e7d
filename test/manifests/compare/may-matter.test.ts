import { expect, test } from 'vitest';
import { mayMatter } from '../../../src/manifests/compare/may-matter.ts';

const REPOSITORY = [
  'README.md',
  'src/main.go',
  'apps/web.yaml',
  'base/kustomization.yaml',
  'base/config/settings.ini',
  'charts/shop/Chart.yaml',
  'charts/shop/templates/_helpers.tpl',
  'charts/shop/files/sizes',
  'infra/release.tf',
];

test.each([
  ['README.md', false],
  ['src/main.go', false],
  ['apps/web.yaml', true],
  ['base/config/settings.ini', true],
  ['charts/shop/files/sizes', true],
  ['charts/shop/templates/_helpers.tpl', true],
  ['infra/release.tf', true],
  ['envs/rel', true],
  ['LICENSE', false],
  ['.github/CODEOWNERS', false],
  ['src/Dockerfile', false],
])('%s: %s', (path, expected) => {
  expect(mayMatter([path], REPOSITORY)).toBe(expected);
});

test('a kustomization of the root may load anything', () => {
  expect(mayMatter(['src/main.go'], [...REPOSITORY, 'kustomization.yaml'])).toBe(true);
});

test('nothing matters where nothing changed', () => {
  expect(mayMatter([], REPOSITORY)).toBe(false);
});
