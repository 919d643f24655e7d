import { describe, expect, test } from 'vitest';
import { judgeSource } from '../../../src/manifests/deployed/source.ts';

const HOME = { repository: 'acme/platform', branch: 'main' };

describe('a repository is the one that is edited', () => {
  test.each([
    'https://github.com/acme/platform',
    'https://github.com/acme/platform.git',
    'https://github.com/acme/platform/',
    'https://github.com/Acme/Platform.git',
    'https://oauth2@github.com/acme/platform.git?depth=1',
    'git@github.com:acme/platform.git',
    'ssh://git@github.com/acme/platform',
    'ssh://git@ssh.github.com:443/acme/platform.git',
    'https://mirror.acme.example/github/acme/platform.git',
    'acme/platform',
  ])('by %s', (url) => {
    expect(judgeSource(url, 'main', HOME)).toEqual({ state: 'here' });
  });

  test.each([
    'https://github.com/acme/web.git',
    'https://github.com/other/platform',
    'https://github.com/acme/platform-charts',
    'https://github.com/not-acme/platform',
    'git@github.com:acme/my-platform.git',
    'https://charts.acme.example',
    'oci://registry.example/acme/platform/charts',
  ])('not by %s', (url) => {
    expect(judgeSource(url, 'main', HOME)).toEqual({ state: 'elsewhere', from: url });
  });

  test('and what does not say which one is', () => {
    expect(judgeSource(undefined, undefined, HOME)).toEqual({ state: 'here' });
    expect(judgeSource('https://github.com/acme/web', 'main', {})).toEqual({ state: 'here' });
  });
});

describe('a revision is the branch that is edited', () => {
  test.each([undefined, '', 'HEAD', 'main', 'refs/heads/main'])('by %s', (revision) => {
    expect(judgeSource(undefined, revision, HOME)).toEqual({ state: 'here' });
  });

  test.each(['v1.4.2', 'release-1.4', 'refs/tags/v1', 'refs/heads/next', '3f2a9bc', '1.x', 'MAIN'])(
    'not by %s',
    (revision) => {
      expect(judgeSource(undefined, revision, HOME)).toMatchObject({ state: 'elsewhere' });
    },
  );

  test.each(['main', 'release-1.4', 'feature/v2'])('where no branch is known, by %s', (revision) => {
    expect(judgeSource(undefined, revision, {})).toEqual({ state: 'here' });
  });

  test.each([
    'v1.4.2',
    '1.*',
    '>=1.2 <2',
    '^1.2.0',
    '~1',
    '1.2.3-rc.1',
    'refs/tags/x',
    '0123abc',
    '3f2a9bc0'.repeat(5),
  ])('where no branch is known, not by %s', (revision) => {
    expect(judgeSource(undefined, revision, {})).toEqual({ state: 'elsewhere', from: revision });
  });
});

test('a URL of a megabyte is judged, and cut where it is said', () => {
  const url = `${'?'.repeat(1_000_000)}\nx`;
  const judged = judgeSource(url, 'main', HOME);
  expect(judged).toEqual({ state: 'elsewhere', from: `${'?'.repeat(200)}…` });
});
