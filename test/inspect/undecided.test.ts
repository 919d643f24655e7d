import { expect, test } from 'vitest';
import { undecidedKeys } from '../../src/deliver/undecided.ts';
import type { Location, NotLocatedReason } from '../../src/model/location.ts';
import { changeOf } from '../deliver/scene.ts';

const { suggestion } = changeOf().location;
const workload = { ref: suggestion.workload } as never;

function judged(container: object) {
  const containers = [{ name: 'nacos', worst: {}, ...container }];
  return { inspection: { workloads: [{ workload, containers }] } } as unknown as Parameters<typeof undecidedKeys>[0];
}

function notLocated(reason: NotLocatedReason): Location {
  return { state: 'not located', suggestion, reason, why: '', lookedAt: [], snippet: '' };
}

test.each([
  ['too young to be judged', { level: 'unknown' }, true],
  ['held back', { level: 'red', withheld: { why: '6 h are needed' } }, true],
  ['healthy or ignored', { level: 'green' }, false],
  ['leaking without a size to suggest', { level: 'red' }, false],
])('a container that is %s', (_what, container, undecided) => {
  expect(undecidedKeys(judged(container), []).has('pigo-rel/Deployment/nacos/nacos')).toBe(undecided);
});

test.each([
  ['rendered', true],
  ['ambiguous', true],
  ['encrypted', true],
  ['drift', false],
  ['no manifest', false],
  ['hands off', false],
] as const)('a change that is not located for the reason "%s"', (reason, undecided) => {
  const keys = undecidedKeys(judged({ level: 'red', suggestion }), [notLocated(reason)]);
  expect(keys.has('pigo-rel/Deployment/nacos/nacos')).toBe(undecided);
});
