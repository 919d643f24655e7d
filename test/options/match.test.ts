import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIgnore, thresholdsFor } from '../../src/options/match.ts';
import { matchesGlob } from '../../src/text/glob.ts';
import { matches } from '../../src/text/matches.ts';
import { readFile } from './read.ts';

const nacos = { namespace: 'pigo-rel', kind: 'Deployment', name: 'nacos', container: 'server' };

describe('globs', () => {
  it.each([
    ['nacos', 'nacos', true],
    ['nacos', 'nacos-2', false],
    ['nac*', 'nacos', true],
    ['*os', 'nacos', true],
    ['n*c*s', 'nacos', true],
    ['naco?', 'nacos', true],
    ['nacos?', 'nacos', false],
    ['*', '', true],
    ['?', '', false],
    ['a.b', 'axb', false],
    ['*a*b', 'ab-aab', true],
    ['**', 'x', true],
  ])('%s and %s: %s', (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  it('agree with the same thing as a regular expression', () => {
    const glob = fc.stringMatching(/^[ab*?]{0,8}$/);
    fc.assert(
      fc.property(glob, fc.stringMatching(/^[ab]{0,10}$/), (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesGlob(pattern, text)).toBe(regex.test(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('answer at once, however many stars', () => {
    expect(matchesGlob('*a'.repeat(100), `${'a'.repeat(5000)}b`)).toBe(false);
  });
});

describe('a match', () => {
  it('needs all the parts that it names, and only those', () => {
    expect(matches({ namespace: 'pigo-*', name: 'nacos' }, nacos)).toBe(true);
    expect(matches({ namespace: 'pigo-*', container: 'sidecar' }, nacos)).toBe(false);
    expect(matches({ kind: 'deployment' }, nacos)).toBe(true);
    expect(matches({ kind: 'Deploy' }, nacos)).toBe(false);
  });
});

describe('overrides', () => {
  const options = readFile(`
overrides:
  - { match: { namespace: pigo-* }, usage-red: 90, growth-red: 50 }
  - { match: { name: nacos }, usage-red: 95 }
`);

  it('lie over the thresholds of the run in their order', () => {
    expect(thresholdsFor(options, nacos)).toEqual({ ...options.thresholds, usageRed: 95, growthRed: 50 });
    expect(thresholdsFor(options, { ...nacos, name: 'web' })).toEqual({
      ...options.thresholds,
      usageRed: 90,
      growthRed: 50,
    });
    expect(thresholdsFor(options, { ...nacos, namespace: 'shop', name: 'web' })).toEqual(options.thresholds);
  });
});

describe('ignore', () => {
  const { ignore } = readFile(`
ignore:
  - { match: { name: nacos }, reason: moving next month, until: 2026-11-24 }
  - { match: { namespace: pigo-rel }, reason: frozen }
`);

  it('holds on its last day, and is over on the next', () => {
    expect(findIgnore(ignore.slice(0, 1), nacos, '2026-11-24')).toEqual({
      reason: 'moving next month',
      until: '2026-11-24',
    });
    expect(findIgnore(ignore.slice(0, 1), nacos, '2026-11-25')).toBeUndefined();
  });

  it('goes on to an entry that has not expired', () => {
    expect(findIgnore(ignore, nacos, '2026-12-01')).toEqual({ reason: 'frozen' });
    expect(findIgnore(ignore, { ...nacos, namespace: 'shop', name: 'web' }, '2026-01-01')).toBeUndefined();
  });
});
