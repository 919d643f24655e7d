import { describe, expect, it } from 'vitest';
import { allocatableOf, boundsOfLimitRange, boundsOfQuota, mergeBounds } from '../../src/cluster/read-bounds.ts';

const metadata = { namespace: 'shop' };
const GI = 1024 ** 3;

describe('a LimitRange', () => {
  it('bounds containers by the narrowest of its items', () => {
    const limits = [
      { type: 'Pod', max: { memory: '1Gi' } },
      { type: 'Container', max: { memory: '8Gi' }, min: { memory: '16Mi' } },
      { type: 'Container', max: { memory: '4Gi', cpu: '2' } },
    ];
    expect(boundsOfLimitRange({ metadata, spec: { limits } })).toEqual({
      namespace: 'shop',
      containerMax: 4 * GI,
      containerMin: 16 * 1024 ** 2,
      defaultLimit: 4 * GI,
      defaultRequest: 4 * GI,
      podSumMax: GI,
    });
  });

  it('gives what a container leaves out as the API server does', () => {
    const boundsOf = (item: object) =>
      boundsOfLimitRange({ metadata, spec: { limits: [{ type: 'Container', ...item }] } });
    const [max, min] = [{ memory: '4Gi' }, { memory: '1Gi' }];
    expect(boundsOf({ max, min, default: { memory: '2Gi' } })).toMatchObject({
      defaultLimit: 2 * GI,
      defaultRequest: 2 * GI,
    });
    expect(boundsOf({ min })).toMatchObject({ defaultRequest: GI });
    expect(boundsOf({ min })?.defaultLimit).toBeUndefined();
    expect(boundsOf({ max, defaultRequest: { memory: '3Gi' } })).toMatchObject({
      defaultLimit: 4 * GI,
      defaultRequest: 3 * GI,
    });
  });

  it('with a ratio demands both', () => {
    const item = { type: 'Container', maxLimitRequestRatio: { memory: '1.5' } };
    expect(boundsOfLimitRange({ metadata, spec: { limits: [item] } })).toEqual({
      namespace: 'shop',
      limitPerRequest: 1.5,
      demandsLimit: 'LimitRange',
      demandsRequest: 'LimitRange',
    });
  });

  it('without memory bounds says nothing', () => {
    expect(
      boundsOfLimitRange({ metadata, spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } }),
    ).toBeUndefined();
  });
});

describe('a ResourceQuota', () => {
  it('leaves what is not used', () => {
    const hard = { 'limits.memory': '10Gi', 'requests.memory': '4Gi', pods: '10' };
    const used = { 'limits.memory': '4Gi', 'requests.memory': '5Gi' };
    expect(boundsOfQuota({ metadata, spec: { hard }, status: { hard, used } })).toEqual({
      namespace: 'shop',
      quotaLimitsLeft: 6 * GI,
      quotaRequestsLeft: 0,
      demandsLimit: 'ResourceQuota',
      demandsRequest: 'ResourceQuota',
    });
  });

  it('takes memory for requests, and a new one for unused', () => {
    expect(boundsOfQuota({ metadata, spec: { hard: { memory: '2Gi' } } })?.quotaRequestsLeft).toBe(2 * GI);
  });

  it('for some pods only does not count', () => {
    const hard = { 'limits.memory': '10Gi' };
    expect(boundsOfQuota({ metadata, spec: { hard, scopes: ['BestEffort'] } })).toBeUndefined();
    expect(boundsOfQuota({ metadata, spec: { hard, scopeSelector: {} } })).toBeUndefined();
    expect(boundsOfQuota({ metadata, spec: { hard, scopes: ['NotTerminating'] } })).toBeDefined();
  });
});

it('the narrowest bounds of a namespace hold', () => {
  const some = boundsOfLimitRange({
    metadata,
    spec: { limits: [{ type: 'Container', max: { memory: '8Gi' }, min: { memory: '1Gi' } }] },
  });
  const others = boundsOfLimitRange({
    metadata,
    spec: { limits: [{ type: 'Container', max: { memory: '4Gi' }, min: { memory: '2Gi' } }] },
  });
  const quota = boundsOfQuota({ metadata, spec: { hard: { memory: '2Gi' } } });
  const all = [some, others, quota].filter((bounds) => bounds !== undefined);
  const expected = [
    {
      namespace: 'shop',
      containerMax: 4 * GI,
      containerMin: 2 * GI,
      quotaRequestsLeft: 2 * GI,
      defaultLimit: 4 * GI,
      defaultRequest: 4 * GI,
      demandsRequest: 'ResourceQuota',
    },
  ];
  expect(mergeBounds(all)).toEqual(expected);
  expect(mergeBounds([...all].reverse())).toEqual(expected);
});

it('a node has room for what it may allocate', () => {
  expect(allocatableOf({ status: { allocatable: { memory: '65842900Ki' } } })).toBe(65842900 * 1024);
  expect(allocatableOf({})).toBeUndefined();
});
