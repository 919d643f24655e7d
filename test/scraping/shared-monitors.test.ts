import { describe, expect, test } from 'vitest';
import type { Scraping, SeenEndpoint, SeenMonitor, SeenService } from '../../src/model/scraping.ts';
import { changed, monitor, prometheus, service, target, told, working } from './scene.ts';

const worker: SeenService = {
  ...service,
  name: 'worker',
  labels: { app: 'worker', team: 'a' },
  selector: { app: 'worker' },
};

describe('a monitor that is meant for others', () => {
  const all: SeenMonitor = {
    ...monitor,
    name: 'all',
    selector: {},
    endpoints: [{ port: 'metrics', path: '/metrics' }],
  };
  const metrics = [{ name: 'metrics', port: 9090, targetPort: 9090 }];

  test.each<[string, Partial<Scraping>]>([
    ['of whose port another Service has', { monitors: [all], services: [service, { ...worker, ports: metrics }] }],
    ['that selects everything everywhere', { monitors: [{ ...all, reaches: 'any' }] }],
    [
      'that names no port',
      { monitors: [{ ...all, kind: 'PodMonitor', reaches: 'any', endpoints: [{ path: '/stats/prometheus' }] }] },
    ],
  ])('%s is not the broken link', (_, seen) => {
    expect(told(seen)).toMatchObject({ link: { kind: 'no monitor' }, fix: { kind: 'add monitor' } });
  });

  test('and may select elsewhere is not made to select this Service', () => {
    const elsewhere: SeenMonitor = {
      ...monitor,
      name: 'web',
      reaches: 'any',
      selector: { matchLabels: { app: 'web', team: 'a' } },
    };
    expect(told({ monitors: [elsewhere] })).toMatchObject({ link: { kind: 'no monitor' } });
  });

  test.each([
    ['worker', { app: 'worker', team: 'a' }],
    ['api-gateway', { app: 'api-gateway' }],
    ['payment-api', { app: 'payment' }],
  ])('%s, whose own Service is gone, is not made to select this one', (name, matchLabels) => {
    expect(told({ monitors: [{ ...monitor, name, selector: { matchLabels } }] })).toMatchObject({
      link: { kind: 'no monitor' },
    });
  });

  test('keeps its path, by which another Service is asked', () => {
    const monitors = [
      { ...monitor, selector: { matchLabels: { team: 'a' } }, endpoints: [{ port: 'service-api', path: '/metrics' }] },
    ];
    const asked: SeenEndpoint = { ...working, path: '/metrics', answer: { kind: 'status', status: 404 } };
    const seen = { monitors, targets: [{ ...target, up: false }], endpoints: [asked, working] };
    expect(told({ ...seen, services: [service, worker] })).toMatchObject({ link: { kind: 'path' }, fix: undefined });
    expect(changed({ ...seen, services: [service] })).toBe('api');
  });

  test('has a name that a new one must not take', () => {
    const other = { ...monitor, selector: { matchLabels: { app: 'worker' } } };
    const { fix } = told({ monitors: [other], services: [service, worker] }) as { fix?: { name?: string } };
    expect(fix).toMatchObject({ kind: 'add monitor' });
    expect(fix?.name).not.toBe('api');
  });
});

test('of several Prometheuses that ask for different labels none is chosen', () => {
  const other = { ...prometheus, name: 'team', serviceMonitors: { matchLabels: { team: 'x' } } };
  const seen = { monitors: [{ ...monitor, labels: {} }] };
  expect(changed({ ...seen, prometheuses: [prometheus, { ...prometheus, name: 'twin' }] })).toBe('api');
  expect(changed({ ...seen, prometheuses: [other, prometheus] })).toBeUndefined();
});
