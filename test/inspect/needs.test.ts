import { expect, test } from 'vitest';
import { gatherNeeds, isSettled, type SeenWorkloads } from '../../src/deliver/needs.ts';
import type { Location, NotLocatedReason } from '../../src/model/location.ts';
import { changeOf } from '../deliver/scene.ts';

const { suggestion } = changeOf().location;
const workload = { ref: suggestion.workload, containers: [] } as never;
const KEY = 'pigo-rel/Deployment/nacos/nacos';

function seen(container: object, ignored?: object): SeenWorkloads {
  const containers = [{ name: 'nacos', worst: {}, ...container }];
  const pods = [{ containers: [{ name: 'nacos', ignored }] }];
  const workloads = [{ workload, containers, pods }] as unknown as SeenWorkloads['workloads'];
  return { workloads, known: [], usageRed: () => 85 };
}

const used = (percent: number) => ({ worst: { usage: { finding: { facts: { percent } } } } });

function notLocated(reason: NotLocatedReason): Location {
  return { state: 'not located', suggestion, reason, why: '', lookedAt: [], snippet: '' };
}

test.each([
  ['too young to be judged', { level: 'unknown' }, 'not judged'],
  ['held back', { level: 'red', withheld: { why: '6 h are needed' } }, 'not judged'],
  ['healthy or ignored', { level: 'green' }, undefined],
  ['leaking without a size to suggest', { level: 'red' }, undefined],
  ['just below the red line', { level: 'yellow', ...used(81) }, 'near the line'],
  ['well below the red line', { level: 'yellow', ...used(79) }, undefined],
])('a container that is %s', (_what, container, doubt) => {
  expect(gatherNeeds(seen(container), []).doubts.get(KEY)).toBe(doubt);
});

test('what is ignored is not waited for', () => {
  const { doubts } = gatherNeeds(seen({ level: 'green', ...used(81) }, { reason: 'known' }), []);
  expect(doubts.get(KEY)).toBeUndefined();
});

test.each([
  ['rendered', true],
  ['ambiguous', true],
  ['encrypted', true],
  ['no manifest', false],
  ['hands off', false],
] as const)('a change that is not located for the reason "%s"', (reason, isOpen) => {
  const needs = gatherNeeds(seen({ level: 'red', suggestion }), [notLocated(reason)]);
  expect(needs.doubts.get(KEY)).toBe(isOpen ? 'not located' : undefined);
  expect(needs.settled.has(KEY)).toBe(!isOpen);
});

test('a manifest that drifted says neither that its change was made nor that it is in doubt', () => {
  const needs = gatherNeeds(seen({ level: 'red', suggestion }), [notLocated('drift')]);
  expect([needs.drifted.has(KEY), needs.settled.has(KEY), needs.doubts.has(KEY)]).toEqual([true, false, false]);
  expect(needs.short.has(KEY)).toBe(true);
});

test.each([
  ['raise', 2560, 1536, true],
  ['raise', 4096, 1536, true],
  ['raise', 2560, 1024, false],
  ['lower', 2560, 1536, true],
  ['lower', 2561, 1536, false],
] as const)(
  'to %s, a container that declares %i and %i is as a pull request wants it: %s',
  (direction, limit, request, end) => {
    const needs = { doubts: new Map(), settled: new Set<string>(), declared: new Map([[KEY, { limit, request }]]) };
    const changes = [[KEY, 'limit', 2560] as const, [KEY, 'request', 1536] as const];
    expect(isSettled(needs as never, KEY, changes, direction)).toBe(end);
  },
);
