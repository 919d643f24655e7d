import { describe, expect, test } from 'vitest';
import { type Deployed, isMaker, isWithin, makerOf, mayBe, UNKNOWN } from '../../../src/manifests/deployed/deployed.ts';
import type { OriginHints } from '../../../src/model/workload.ts';

const REF = { group: 'apps', kind: 'Deployment', namespace: 'prod', name: 'web' };
const U = UNKNOWN;

describe('a text of which not all is known', () => {
  test.each([
    ['apps/web', 'apps/web'],
    [`apps/${U}`, 'apps/web'],
    [`${U}/web`, 'apps/web'],
    [`apps/${U}/prod`, 'apps/web/prod'],
    [`${U}-${U}`, 'web-prod-eu'],
    [`web${U}`, 'web'],
    [`${U}b${U}`, 'web'],
    [U, 'web'],
    [U, ''],
  ])('%j may be %j', (pattern, text) => {
    expect(mayBe(pattern, text)).toBe(true);
  });

  test.each([
    ['apps/web', 'apps/web2'],
    [`apps/${U}`, 'apps/web/prod'],
    [`apps/${U}`, 'app'],
    [`${U}a`, 'web'],
    [`ab${U}ba`, 'aba'],
    [`${U}x${U}`, 'web'],
    ['', 'web'],
  ])('%j is not %j', (pattern, text) => {
    expect(mayBe(pattern, text)).toBe(false);
  });

  test('stands for several folders only where it may', () => {
    expect(mayBe(U, 'apps/web', false)).toBe(true);
    expect(mayBe(`apps/${U}`, 'apps/web/prod', false)).toBe(true);
    expect(mayBe(`apps/${U}`, 'envs/web/prod', false)).toBe(false);
  });

  test('goes on to where a later part fits', () => {
    expect(mayBe(`${U}-eu-${U}`, 'web-eu-eu-1')).toBe(true);
    expect(mayBe(`${U}/a`, 'a/a')).toBe(true);
  });
});

test('a folder lies in itself, in what is around it, and in the root', () => {
  expect(isWithin('apps', 'apps')).toBe(true);
  expect(isWithin('apps/web', 'apps')).toBe(true);
  expect(isWithin('apps', '')).toBe(true);
  expect(isWithin('apps-old', 'apps')).toBe(false);
  expect(isWithin('apps', 'apps/web')).toBe(false);
});

describe('a live object says what made it', () => {
  const of = (hints: OriginHints) => makerOf({ ref: REF, hints });

  test('by a tracking id of its own', () => {
    expect(of({ argoTrackingId: 'web:apps/Deployment:prod/web' })).toEqual({ by: 'argo', name: 'web' });
    expect(of({ argoTrackingId: 'team-a_web:apps/Deployment:prod/web' })).toEqual({
      by: 'argo',
      name: 'web',
      namespace: 'team-a',
    });
  });

  test.each([
    'web:apps/StatefulSet:prod/web',
    'web:apps/Deployment:prod/worker',
    'web:apps/Deployment:stage/web',
    'web',
    ':apps/Deployment:prod/web',
    '',
  ])('not by the tracking id %j, which an operator may have copied', (argoTrackingId) => {
    expect(of({ argoTrackingId })).toBeUndefined();
  });

  test('by the labels of Flux', () => {
    expect(of({ fluxKustomization: 'flux-system/apps' })).toEqual({
      by: 'flux',
      name: 'apps',
      namespace: 'flux-system',
    });
    expect(of({ fluxKustomization: 'apps' })).toEqual({ by: 'flux', name: 'apps' });
    expect(of({ helmRelease: 'web' })).toBeUndefined();
  });

  test('and is held against applications by name and namespace', () => {
    const one: Deployed = {
      by: 'argo',
      name: `web-${U}`,
      objectNamespace: 'argocd',
      definedIn: 'a.yaml',
      source: { state: 'here' },
      folder: 'web',
      takes: { kind: 'argo', recurse: false },
      onEachCluster: false,
    };
    expect(isMaker(one, { by: 'argo', name: 'web-eu' })).toBe(true);
    expect(isMaker(one, { by: 'argo', name: 'web-eu', namespace: 'argocd' })).toBe(true);
    expect(isMaker(one, { by: 'argo', name: 'web-eu', namespace: 'team-a' })).toBe(false);
    expect(isMaker(one, { by: 'flux', name: 'web-eu' })).toBe(false);
    expect(isMaker(one, { by: 'argo', name: 'api-eu' })).toBe(false);
  });
});
