import { describe, expect, test } from 'vitest';
import { type ApplyingObject, type DeployedList, UNKNOWN } from '../../../src/manifests/deployed/deployed.ts';
import { findMakers, inCluster, isMadeBy } from '../../../src/manifests/deployed/find-makers.ts';
import type { OriginHints } from '../../../src/model/workload.ts';
import { applied, listOf, unread } from './lists.ts';

const REF = { group: 'apps', kind: 'Deployment', namespace: 'prod', name: 'web' };
const ARGO = { argoTrackingId: 'web:apps/Deployment:prod/web' };
const find = (list: DeployedList, hints: OriginHints = ARGO, cluster?: string) =>
  findMakers({ ref: REF, hints }, list, cluster);
const application: ApplyingObject = {
  group: 'argoproj.io',
  kind: 'Application',
  name: 'web',
  value: null,
  path: 'a.yaml',
};

describe('the applications that made a live object', () => {
  test('are not said where it bears no mark, or nothing says what is applied', () => {
    expect(find(listOf([applied()]), {})).toEqual({ state: 'not said' });
    expect(find(listOf([]))).toEqual({ state: 'not said' });
    expect(find(listOf([applied({ by: 'flux', name: 'apps' })]))).toEqual({ state: 'not said' });
  });

  test('are those of its name', () => {
    const own = [applied(), applied({ folder: 'more' })];
    expect(find(listOf([...own, applied({ name: 'api' })]))).toEqual({ state: 'here', by: own });
    const set = applied({ name: `w${UNKNOWN}` });
    expect(find(listOf([set]))).toEqual({ state: 'here', by: [set] });
  });

  test('are elsewhere where all of them apply something else', () => {
    const elsewhere = applied({ source: { state: 'elsewhere', from: 'v1.2' } });
    expect(find(listOf([elsewhere]))).toEqual({
      state: 'elsewhere',
      why: 'the Argo CD Application web made it, and as argocd/web.yaml says it applies v1.2: change it there',
    });
    expect(find(listOf([elsewhere, applied()]))).toMatchObject({ state: 'here' });
  });

  test('apply no folder where they are a chart of a registry', () => {
    expect(find({ all: [applied({ name: 'api' })], unreadable: [], objects: [application] })).toEqual({
      state: 'here',
      by: [],
    });
  });

  test('are not described, which one mapping settles', () => {
    expect(find(listOf([applied({ name: 'api' })]))).toEqual({
      state: 'elsewhere',
      why: 'the Argo CD Application web made it, and no object of this repository says what that applies: a mapping settles it',
    });
    expect(find(listOf([applied({ name: 'api' })], [unread('x')]))).toMatchObject({
      state: 'elsewhere',
      why: expect.stringContaining('the ApplicationSet set in argocd/set.yaml may be it, and its plugin is not read'),
    });
  });

  test('are those of the cluster where its name tells', () => {
    const flux = { by: 'flux' as const, name: 'apps' };
    const [eu, us] = ['eu', 'us'].map((cluster) => applied({ ...flux, definedIn: `clusters/${cluster}/apps.yaml` }));
    const both = [eu, us].flatMap((one) => one ?? []);
    const hints = { fluxKustomization: 'flux-system/apps' };
    expect(find(listOf(both), hints, 'us')).toEqual({ state: 'here', by: [us] });
    expect(find(listOf(both), hints, 'ap')).toEqual({ state: 'here', by: both });
    expect(find(listOf(both), hints)).toEqual({ state: 'here', by: both });
    const byName = [applied({ cluster: 'eu' }), applied({ cluster: 'us' })];
    expect(inCluster(byName, 'us')).toEqual([byName[1]]);
    expect(inCluster([applied({ folder: 'apps/eu' }), applied({ folder: 'apps/europe' })], 'eu')).toHaveLength(1);
  });
});

test('a thing is made by makers where one of them applies it', () => {
  const [web, api] = [applied(), applied({ name: 'api' })];
  expect(isMadeBy([web], undefined)).toBe(true);
  expect(isMadeBy([], undefined)).toBe(true);
  expect(isMadeBy([api, { ...web }], [web])).toBe(true);
  expect(isMadeBy([api], [web])).toBe(false);
  expect(isMadeBy([], [web])).toBe(false);
  expect(isMadeBy([web], [])).toBe(false);
});
