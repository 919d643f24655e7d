import { expect, test } from 'vitest';
import { findWorkloadOf } from '../../src/judge/controllers.ts';
import { observationOf, podOf, workloadOf } from './fixtures.ts';

function ref(kind: string, name: string, namespace = 'shop') {
  return { namespace, group: 'apps', kind, name };
}

const workloads = [
  workloadOf([], { ref: ref('Deployment', 'cart') }),
  workloadOf([], { ref: ref('Deployment', 'cart-api') }),
  workloadOf([], { ref: ref('StatefulSet', 'db') }),
  workloadOf([podOf('odd-name')], { ref: ref('DaemonSet', 'agent') }),
  workloadOf([], { ref: ref('Deployment', 'cart', 'other') }),
];
const workloadOfPod = findWorkloadOf(observationOf(workloads, []).cluster);

test.each([
  ['cart-5d4f8c7b9d-q7x2v', 'cart'],
  ['cart-api-5d4f8c7b9d-q7x2v', 'cart-api'],
  ['cart-api-x2x1p', 'cart'],
  ['db-0', 'db'],
  ['db-12', 'db'],
  ['agent-q7x2v', 'agent'],
  ['odd-name', 'agent'],
  ['db-x', undefined],
  ['db-0-1', undefined],
  ['cart-5d4f8c7b9d', undefined],
  ['cart-5d4f8c7b9d-q7x2v-more', undefined],
  ['agent-q7x2', undefined],
])('the pod %s belongs to %s', (pod, name) => {
  expect(workloadOfPod('shop', pod)?.ref.name).toBe(name);
});

test('a pod of another namespace belongs to the workload there', () => {
  expect(workloadOfPod('other', 'cart-5d4f8c7b9d-q7x2v')?.ref.namespace).toBe('other');
  expect(workloadOfPod('third', 'cart-5d4f8c7b9d-q7x2v')).toBeUndefined();
});
