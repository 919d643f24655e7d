import { describe, expect, it, test } from 'vitest';
import {
  apiVersionOf,
  controllerKinds,
  isControllerKind,
  kindOf,
  placePodSpec,
  podSpecPath,
  WORKLOAD_KINDS,
  type WorkloadKind,
} from '../../src/model/kinds.ts';

/** Of each kind, a pod of the workload `cart`. */
const PODS = {
  Deployment: 'cart-7d4b9c6f8d-x2k4p',
  StatefulSet: 'cart-0',
  DaemonSet: 'cart-x2k4p',
  Pod: 'cart',
} as const satisfies Readonly<Record<WorkloadKind, string>>;

describe.each(Object.entries(PODS))('the kind %s', (kind, pod) => {
  it('knows its pods by their names', () => {
    const suffix = kindOf(kind)?.podSuffix;
    expect(suffix?.test(pod.slice('cart'.length)) ?? pod === 'cart').toBe(true);
    expect(suffix?.test('-cache-storage')).not.toBe(true);
  });

  it('is a controller where its pods have an owner', () => {
    expect(isControllerKind(kind)).toBe(kindOf(kind)?.podOwner !== 'nothing');
  });

  it('has its pod spec at the path by which it is placed', () => {
    const object = placePodSpec(kind, { containers: [] });
    const found = podSpecPath(kind).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], object);
    expect(found).toEqual({ containers: [] });
  });
});

test('what makes pods is read from the API in this order', () => {
  const lists = controllerKinds.map((kind) => `${WORKLOAD_KINDS[kind].apiVersion}/${WORKLOAD_KINDS[kind].resource}`);
  expect(lists).toEqual(['apps/v1/deployments', 'apps/v1/statefulsets', 'apps/v1/daemonsets']);
});

test.each(['Job', 'constructor', '__proto__', ''])('"%s" is none of the kinds', (kind) => {
  expect(kindOf(kind)).toBeUndefined();
  expect(isControllerKind(kind)).toBe(false);
  expect(podSpecPath(kind)).toEqual(['spec', 'template', 'spec']);
});

test('a manifest is written with the version of its kind, or with v1 of its group', () => {
  expect(apiVersionOf({ group: 'apps', kind: 'Deployment' })).toBe('apps/v1');
  expect(apiVersionOf({ group: '', kind: 'Pod' })).toBe('v1');
  expect(apiVersionOf({ group: 'example.org', kind: 'Deployment' })).toBe('example.org/v1');
});
