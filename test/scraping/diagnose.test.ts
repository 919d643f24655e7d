import { describe, expect, test } from 'vitest';
import type { Scraping, SeenEndpoint } from '../../src/model/scraping.ts';
import { AT, diagnoseScene, jvmWorkload, monitor, podOf, prometheus, service, target } from './scene.ts';

const ref = { kind: 'ServiceMonitor', namespace: 'shop', name: 'api' };
const working: SeenEndpoint = {
  namespace: 'shop',
  pod: 'api-abc-1',
  port: 8080,
  path: '/actuator/prometheus',
  answer: { kind: 'metrics', jvm: true },
};

function stateOf(
  seen: Partial<Scraping>,
  ...more: Parameters<typeof diagnoseScene> extends [unknown, ...infer R] ? R : never
) {
  const [only] = diagnoseScene(seen, ...more);
  if (only === undefined) return undefined;
  const { workload: _, container: __, recognised: ___, ...state } = only;
  return state;
}

test('a JVM whose series arrive needs nothing else', () => {
  expect(stateOf({ services: [], monitors: [] }, { heapOf: ['api-abc-1'] })).toEqual({ state: 'covered' });
});

test('what does not run is not told', () => {
  expect(diagnoseScene({}, { workloads: [jvmWorkload({ pods: [] })] })).toEqual([]);
});

test('a workload that is named is a JVM, whatever it looks like', () => {
  const [container] = jvmWorkload().containers;
  const workloads = container ? [jvmWorkload({ containers: [{ ...container, jvmBy: undefined }] })] : [];
  expect(diagnoseScene({}, { workloads })).toEqual([]);
  expect(diagnoseScene({}, { workloads, named: ['shop/a*'] })).toMatchObject([
    { recognised: 'named', state: 'broken' },
  ]);
});

describe('the first broken link', () => {
  const broken: readonly [name: string, seen: Partial<Scraping>, state: unknown][] = [
    ['no Service', { services: [], monitors: [] }, { link: { kind: 'no service' } }],
    ['no monitor', { monitors: [] }, { link: { kind: 'no monitor', service: 'api' } }],
    [
      'a port of another name',
      { monitors: [{ ...monitor, endpoints: [{ port: 'http', path: '/actuator/prometheus' }] }] },
      {
        link: { kind: 'port', monitor: ref, wanted: 'http', there: ['service-api'] },
        fix: {
          kind: 'change monitor',
          monitor: ref,
          change: { field: 'port', endpoint: 0, from: 'http', to: 'service-api' },
        },
      },
    ],
    [
      'other labels',
      { monitors: [{ ...monitor, selector: { matchLabels: { app: 'api', team: 'b' } } }] },
      {
        link: { kind: 'labels', monitor: ref, service: 'api', wanted: { team: 'b' }, found: { team: 'a' } },
        fix: { kind: 'change monitor', monitor: ref, change: { field: 'selector', set: { team: 'a' } } },
      },
    ],
    [
      'another namespace',
      { monitors: [{ ...monitor, namespace: 'monitoring' }], servicesOf: ['shop', 'monitoring'] },
      { link: { kind: 'namespace', monitor: { ...ref, namespace: 'monitoring' }, service: 'api' } },
    ],
    [
      'a label that Prometheus asks for',
      { monitors: [{ ...monitor, labels: {} }] },
      {
        link: {
          kind: 'not selected',
          monitor: ref,
          prometheus: 'monitoring/k8s',
          by: 'labels',
          labels: { release: 'kube-prometheus-stack' },
        },
        fix: {
          kind: 'change monitor',
          monitor: ref,
          change: { field: 'labels', set: { release: 'kube-prometheus-stack' } },
        },
      },
    ],
    [
      'a namespace in which Prometheus does not look',
      { prometheuses: [{ ...prometheus, serviceMonitorNamespaces: undefined }] },
      { link: { kind: 'not selected', monitor: ref, prometheus: 'monitoring/k8s', by: 'namespace' } },
    ],
    [
      'a Prometheus that lets monitors select beside themselves only',
      {
        monitors: [{ ...monitor, namespace: 'monitoring', reaches: 'any' }],
        prometheuses: [{ ...prometheus, ownNamespacesOnly: true }],
      },
      {
        link: {
          kind: 'not selected',
          monitor: { ...ref, namespace: 'monitoring' },
          prometheus: 'monitoring/k8s',
          by: 'namespace',
        },
      },
    ],
    ['no target', {}, { link: { kind: 'no target', monitor: ref } }],
    [
      'a target that is down',
      { targets: [{ ...target, up: false, error: 'context deadline exceeded' }] },
      { link: { kind: 'target down', monitor: ref, error: 'context deadline exceeded' } },
    ],
    ['a target without series', { targets: [target] }, { link: { kind: 'no series', monitor: ref } }],
    [
      'another path',
      {
        monitors: [{ ...monitor, endpoints: [{ port: 'service-api', path: '/metrics' }] }],
        targets: [{ ...target, up: false, error: 'server returned HTTP status 404 Not Found' }],
        endpoints: [{ ...working, path: '/metrics', answer: { kind: 'status', status: 404 } }, working],
      },
      {
        link: { kind: 'path', monitor: ref, path: '/metrics', answers: '/actuator/prometheus' },
        fix: {
          kind: 'change monitor',
          monitor: ref,
          change: { field: 'path', endpoint: 0, from: '/metrics', to: '/actuator/prometheus' },
        },
      },
    ],
    [
      'an endpoint that is not there',
      {
        targets: [{ ...target, up: false, error: 'server returned HTTP status 404 Not Found' }],
        endpoints: [{ ...working, answer: { kind: 'status', status: 404 } }],
      },
      {
        link: {
          kind: 'endpoint',
          pod: 'api-abc-1',
          url: 'http://localhost:8080/actuator/prometheus',
          answer: 'status 404',
        },
      },
    ],
  ];
  test.each(broken)('%s', (_, seen, expected) => {
    expect(stateOf(seen)).toEqual({ state: 'broken', ...(expected as object) });
  });

  test('a missing monitor is only added where a pod answers with JVM metrics', () => {
    expect(stateOf({ monitors: [], endpoints: [working] })).toEqual({
      state: 'broken',
      link: { kind: 'no monitor', service: 'api' },
      fix: {
        kind: 'add monitor',
        namespace: 'shop',
        name: 'api',
        selects: { app: 'api' },
        labels: { release: 'kube-prometheus-stack' },
        port: 'service-api',
        path: '/actuator/prometheus',
      },
    });
  });

  test('a new monitor selects no other Service', () => {
    const other = { ...service, name: 'web', selector: { app: 'web' }, labels: { app: 'api', team: 'b' } };
    const [one] = diagnoseScene({ monitors: [], endpoints: [working], services: [service, other] });
    expect(one).toMatchObject({ fix: { selects: { app: 'api', team: 'a' } } });
  });

  test('a monitor that selects another Service is not meant for this one', () => {
    const other = { ...service, name: 'web', selector: { app: 'web' }, labels: { app: 'web' } };
    const seen = { services: [service, other], monitors: [{ ...monitor, selector: { matchLabels: { app: 'web' } } }] };
    expect(stateOf(seen)).toEqual({ state: 'broken', link: { kind: 'no monitor', service: 'api' } });
  });
});

describe('minutes after a start', () => {
  test('the metrics of a pod are not there yet', () => {
    const workloads = [jvmWorkload({ pods: [podOf('api-abc-1', AT - 120)] })];
    expect(stateOf({}, { workloads })).toEqual({ state: 'young', what: 'pod', since: AT - 120 });
    expect(stateOf({ targets: [target] }, { workloads })).toEqual({ state: 'young', what: 'pod', since: AT - 120 });
  });

  test('nor are those of a new monitor', () => {
    const state = stateOf({ monitors: [{ ...monitor, changedAt: AT - 60 }] });
    expect(state).toEqual({ state: 'young', what: 'monitor', since: AT - 60 });
  });

  test('what is wrong all the same is told', () => {
    const workloads = [jvmWorkload({ pods: [podOf('api-abc-1', AT - 120)] })];
    expect(stateOf({ monitors: [] }, { workloads })).toMatchObject({ state: 'broken', link: { kind: 'no monitor' } });
  });
});

describe('another way', () => {
  const marks = jvmWorkload().scrapeMarks ?? { labels: {}, annotations: {}, ports: [] };
  const annotated = (annotations: Readonly<Record<string, string>>) => ({
    workloads: [jvmWorkload({ scrapeMarks: { ...marks, annotations } })],
  });
  test.each([
    [{ 'prometheus.io/scrape': 'true' }, { how: 'annotations', by: 'prometheus.io/scrape' }],
    [{ 'sidecar.opentelemetry.io/inject': 'true' }, { how: 'another collector', by: 'OpenTelemetry' }],
    [{ 'ad.datadoghq.com/app.checks': '' }, { how: 'another collector', by: 'Datadog' }],
  ])('%o', (annotations, expected) => {
    expect(stateOf({ monitors: [] }, annotated(annotations))).toEqual({ state: 'another way', ...expected });
  });

  test('an object of another operator', () => {
    const collector = {
      kind: 'VMServiceScrape',
      namespace: 'shop',
      name: 'api',
      reaches: 'own',
      selector: { matchLabels: { app: 'api' } },
    } as const;
    const expected = { state: 'another way', how: 'another collector', by: 'VMServiceScrape shop/api' };
    expect(stateOf({ monitors: [], collectors: [collector] })).toEqual(expected);
  });

  test('no operator', () => {
    expect(stateOf({ monitors: [], operator: 'none' })).toEqual({ state: 'another way', how: 'no operator' });
  });

  test('a target of it that is up and publishes nothing of a JVM is told', () => {
    const state = stateOf({ monitors: [], operator: 'none', targets: [target] });
    expect(state).toEqual({ state: 'broken', link: { kind: 'no series' } });
  });
});

describe('what could not be seen', () => {
  test('without the right to read monitors, nothing is claimed', () => {
    const unseen = [{ what: 'monitors', namespace: 'shop' }] as const;
    expect(stateOf({ monitors: [], unseen })).toEqual({ state: 'unknown', unseen: ['monitors'] });
  });

  test('with monitors of its own namespace, those elsewhere are only mentioned', () => {
    expect(stateOf({ monitors: [], unseen: [{ what: 'monitors' }], endpoints: [working] })).toEqual({
      state: 'broken',
      link: { kind: 'no monitor', service: 'api' },
      alsoUnseen: ['monitors'],
    });
  });

  test('a Prometheus that was not seen may select a monitor', () => {
    const unseen = [{ what: 'prometheuses' }] as const;
    expect(stateOf({ monitors: [{ ...monitor, labels: {} }], unseen })).toMatchObject({ link: { kind: 'no target' } });
  });

  test('where targets could not be asked for, no target is missing', () => {
    expect(stateOf({ unseen: [{ what: 'targets' }] })).toEqual({ state: 'unknown', unseen: ['targets'] });
  });
});
