import { describe, expect, it } from 'vitest';
import { targetOfHpa, targetOfVpa } from '../../src/cluster/read-steering.ts';

const metadata = { namespace: 'shop' };
const target = { kind: 'Deployment', name: 'web' };

describe('a VPA', () => {
  const of = (spec: object) => targetOfVpa({ metadata, spec: { targetRef: target, ...spec } });

  it.each([
    ['by default', {}],
    ['on creation', { updatePolicy: { updateMode: 'Initial' } }],
    [
      'with a policy for memory',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', controlledResources: ['cpu', 'memory'] }] } },
    ],
    ['but for one container', { resourcePolicy: { containerPolicies: [{ containerName: 'proxy', mode: 'Off' }] } }],
    [
      'for one container only',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', mode: 'Off' }, { containerName: 'app' }] } },
    ],
  ])('steers %s', (_, spec) => {
    expect(of(spec)).toBe('shop/Deployment/web');
  });

  it.each([
    ['when it only recommends', { updatePolicy: { updateMode: 'Off' } }],
    [
      'when it is off for all containers',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', mode: 'Off' }] } },
    ],
    [
      'memory when it is for CPU',
      { resourcePolicy: { containerPolicies: [{ containerName: '*', controlledResources: ['cpu'] }] } },
    ],
  ])('does not steer %s', (_, spec) => {
    expect(of(spec)).toBeUndefined();
  });
});

describe('an HPA', () => {
  const of = (...metrics: object[]) => targetOfHpa({ metadata, spec: { scaleTargetRef: target, metrics } });

  it('counts when it scales by memory, of the pod or of a container', () => {
    expect(
      of({ type: 'Resource', resource: { name: 'cpu' } }, { type: 'Resource', resource: { name: 'memory' } }),
    ).toBe('shop/Deployment/web');
    expect(of({ type: 'ContainerResource', containerResource: { name: 'memory', container: 'app' } })).toBe(
      'shop/Deployment/web',
    );
  });

  it('does not when it scales by anything else', () => {
    expect(of({ type: 'Resource', resource: { name: 'cpu' } })).toBeUndefined();
    expect(of()).toBeUndefined();
  });
});
