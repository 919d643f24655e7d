import { expect, test } from 'vitest';
import type { ContainerChange } from '../../src/model/gate.ts';
import { type LiveCandidate, matchWorkload } from '../../src/weigh/match-workload.ts';
import { set } from '../checks/fixtures.ts';
import { changeOf, limitTo, REF } from './fixtures.ts';

function candidate(namespace: string, limit = 500, change: Partial<LiveCandidate> = {}): LiveCandidate {
  return { ...REF, namespace, sizesOf: () => ({ limit: set(limit), request: set(1000) }), ...change };
}

const { namespace: _, ...nameless } = REF;

function namespaceOf(candidates: readonly LiveCandidate[], change: Partial<ContainerChange> = {}): string {
  const found = matchWorkload({ ...limitTo(1500), workload: nameless, ...change }, candidates);
  return found.state === 'matched' ? found.found.namespace : found.state;
}

test('the namespace, group, kind and name of the manifest decide', () => {
  const all = [candidate('shop'), candidate('pay')];
  expect(namespaceOf(all, { workload: { ...REF, namespace: 'pay' } })).toBe('pay');
  expect(namespaceOf(all, { workload: { ...REF, namespace: 'dev' } })).toBe('new');
  expect(namespaceOf(all, { workload: { ...REF, kind: 'Deployment' } })).toBe('new');
  expect(namespaceOf(all, { workload: { ...REF, group: 'example.org' } })).toBe('new');
});

test('without a namespace it is the only one of its kind and name', () => {
  expect(namespaceOf([candidate('shop'), candidate('pay', 500, { name: 'basket' })])).toBe('shop');
});

test('of several, the one whose namespace is a folder of the application', () => {
  const application = { way: 'kustomize', name: 'apps/pay', path: 'apps/pay/kustomization.yaml' } as const;
  expect(namespaceOf([candidate('shop'), candidate('pay')], { application })).toBe('pay');
  const both = { ...application, name: 'shop/pay', path: 'shop/pay/kustomization.yaml' };
  expect(namespaceOf([candidate('shop'), candidate('pay')], { application: both })).toBe('unmatched');
});

test('else the one that has the values of the base', () => {
  const elsewhere = { application: { ...changeOf().application, path: 'x.yaml', name: 'x.yaml' } };
  expect(namespaceOf([candidate('shop'), candidate('pay', 2000)], elsewhere)).toBe('pay');
  expect(namespaceOf([candidate('shop', 2000), candidate('pay', 2000)], elsewhere)).toBe('unmatched');
});
