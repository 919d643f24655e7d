import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, readNewest, readReleases } from '../../scripts/release/changelog.mjs';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('package.json and its lock have the version of the changelog', () => {
  const { version } = readNewest(read('CHANGELOG.md'));
  const [described, locked] = [JSON.parse(read('package.json')), JSON.parse(read('package-lock.json'))];
  expect([described.version, locked.version, locked.packages[''].version]).toEqual([version, version, version]);
});

test('every version of the changelog says what changed', () => {
  expect(readReleases(read('CHANGELOG.md')).filter(({ notes }) => !notes.includes('\n- '))).toEqual([]);
});

test('the notes of a version end where the one before begins', () => {
  const text =
    '# Changelog\n\n## Unreleased\n\n- later\n\n## 1.1.0 - 2026-12-01\n\n- new\n\n## 1.0.0 - 2026-11-28\n\n- first\n';
  expect(readReleases(text)).toEqual([
    { version: '1.1.0', date: '2026-12-01', notes: '- new' },
    { version: '1.0.0', date: '2026-11-28', notes: '- first' },
  ]);
});

test.each([
  ['## v1.0.0 - 2026-11-28\n', /line 1: "## v1.0.0 - 2026-11-28" is neither/],
  ['## 1.0.0\n', /line 1: "## 1.0.0" is neither/],
  ['## 1.0.0 - 2026-13-28\n', /is neither/],
  ['## 1.0.0 - 2026-11-28\n\n## Unreleased\n', /line 3: "## Unreleased" is neither/],
  ['## 1.9.0 - 2026-11-28\n## 1.10.0 - 2026-11-28\n', /line 2: 1.10.0 stands below 1.9.0, but is not older/],
  ['# Changelog\n## Unreleased\n', /has no version/],
])('refuses %j', (text, sentence) => {
  expect(() => readNewest(text)).toThrow(sentence);
});

test('versions are ordered by their numbers', () => {
  const version = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30));
  fc.assert(
    fc.property(version, version, (one, other) => {
      const order = Math.sign(compareVersions(one.join('.'), other.join('.')));
      const number = ([major, minor, patch]: readonly number[]) =>
        ((major ?? 0) * 100 + (minor ?? 0)) * 100 + (patch ?? 0);
      expect(order).toBe(Math.sign(number(one) - number(other)));
    }),
  );
});
