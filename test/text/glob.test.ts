import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathMatcher } from '../../src/text/glob.ts';

test.each([
  ['*.yaml', 'a.yaml', true],
  ['*.yaml', 'deploy/rel/a.yaml', true],
  ['/*.yaml', 'deploy/a.yaml', false],
  ['deploy/*.yaml', 'deploy/a.yaml', true],
  ['deploy/*.yaml', 'deploy/rel/a.yaml', false],
  ['deploy/**', 'deploy/rel/a.yaml', true],
  ['deploy/**', 'deploy', false],
  ['deploy/', 'deploy/rel/a.yaml', true],
  ['deploy/**/a.yaml', 'deploy/a.yaml', true],
  ['deploy/**/rel/**/a.yaml', 'deploy/x/rel/y/rel/z/a.yaml', true],
  ['./deploy/?.yaml', 'deploy/a.yaml', true],
  ['deploy/?.yaml', 'deploy/ab.yaml', false],
  ['**', 'a/b', true],
  ['a.b', 'axb', false],
])('%s and %s: %s', (glob, path, expected) => {
  expect(pathMatcher(glob)(path)).toBe(expected);
});

test('fits what a regular expression of the same glob fits', () => {
  const step = fc.stringMatching(/^[ab*?]{1,5}$/).map((text) => text.replace(/\*{3,}/g, '**'));
  const glob = fc
    .array(fc.oneof(step, fc.constant('**')), { minLength: 2, maxLength: 5 })
    .map((steps) => steps.join('/'));
  const path = fc
    .array(fc.stringMatching(/^[ab]{1,4}$/), { minLength: 1, maxLength: 5 })
    .map((steps) => steps.join('/'));
  fc.assert(
    fc.property(glob, path, (pattern, text) => {
      fc.pre((pattern.match(/\*\*/g) ?? []).length <= 4);
      const source = pattern
        .split('/')
        .map((one, at, all) => {
          if (one === '**') return at === all.length - 1 ? '.+' : '(?:[^/]+/)*';
          return `${one.replace(/\?/g, '[^/]').replace(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'))}${at === all.length - 1 ? '' : '/'}`;
        })
        .join('');
      expect(pathMatcher(pattern)(text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
  );
});

test('a glob that is made to take long does not', () => {
  expect(pathMatcher(`${'*a'.repeat(500)}b`)('a'.repeat(20_000))).toBe(false);
  expect(pathMatcher(`${'**/a/'.repeat(200)}b`)('a/'.repeat(5000))).toBe(false);
});
