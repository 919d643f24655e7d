import { describe, expect, test } from 'vitest';
import type { SeenEndpoint } from '../../src/model/scraping.ts';
import { changed, monitor, target, told, working } from './scene.ts';

describe('an endpoint that works', () => {
  const custom = { port: 'service-api', path: '/metrics' };
  const asked: SeenEndpoint = { ...working, path: '/metrics', answer: { kind: 'metrics', jvm: false } };

  test('keeps its path, though the metrics of the JVM are at another', () => {
    const seen = { monitors: [{ ...monitor, endpoints: [custom] }], targets: [target], endpoints: [asked, working] };
    expect(told(seen)).toMatchObject({ link: { kind: 'path', answers: '/actuator/prometheus' }, fix: undefined });
  });

  test('is not taken for the one that asks for the JVM', () => {
    const [own] = monitor.endpoints;
    const monitors = [{ ...monitor, endpoints: own ? [custom, own] : [] }];
    const seen = { monitors, targets: [target], endpoints: [asked, working] };
    expect(changed(seen)).toBeUndefined();
    expect(told(seen)).not.toMatchObject({ link: { kind: 'path' } });
  });

  test('is not what the monitor of another port has', () => {
    const [own] = monitor.endpoints;
    const envoy = { ...target, container: undefined, job: 'envoy', endpoint: 'http-envoy-prom' };
    expect(told({ targets: [envoy], endpoints: [] })).toMatchObject({ link: { kind: 'no target' } });
    const down = { ...target, endpoint: own?.port, up: false };
    expect(told({ targets: [envoy, down], endpoints: [] })).toMatchObject({ link: { kind: 'target down' } });
  });

  test('of something beside the JVM is not why its metrics do not arrive', () => {
    const envoy = { ...target, container: undefined, job: 'envoy', endpoint: 'http-envoy-prom' };
    expect(told({ targets: [envoy], monitors: [] })).toMatchObject({ link: { kind: 'no monitor' } });
  });
});
