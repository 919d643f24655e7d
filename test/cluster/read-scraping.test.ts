import { describe, expect, it } from 'vitest';
import { readScraping } from '../../src/cluster/read-scraping.ts';
import { kubectlFor } from './kubectl-stand-in.ts';
import type { ApiObject, ListApiOptions } from './list-api.ts';

const GROUPS = { 'monitoring.coreos.com': ['v1', 'v1alpha1'] };
const SCOPE = { namespaces: ['shop'], prometheusNamespace: 'monitoring', at: 1_790_000_000 };

type Metadata = Partial<ApiObject['metadata']> & Readonly<Record<string, unknown>>;

/** An object whatever its kind, as the API server lists it. */
function object(namespace: string, name: string, spec: unknown, metadata: Metadata = {}): ApiObject {
  return { metadata: { name, namespace, ...metadata }, spec } as ApiObject;
}

const LISTS = {
  services: [
    object('shop', 'api', {
      selector: { app: 'api' },
      ports: [{ name: 'http', port: 80, targetPort: 'web' }, { port: 81 }],
    }),
    object('shop', 'external', { type: 'ExternalName' }),
    object('other', 'api', { selector: { app: 'api' } }),
  ],
  servicemonitors: [
    object(
      'shop',
      'api',
      { selector: { matchLabels: { app: 'api' } }, endpoints: [{ port: 'http', path: '/actuator/prometheus' }] },
      {
        labels: { release: 'kps' },
        creationTimestamp: '2026-11-01T00:00:00Z',
        managedFields: [
          { manager: 'kubectl', time: '2026-11-02T00:00:00Z' },
          { manager: 'operator', subresource: 'status', time: '2026-11-03T00:00:00Z' },
        ],
      },
    ),
    object('monitoring', 'all', {
      namespaceSelector: { any: true },
      selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
      endpoints: [{ targetPort: 9090, scheme: 'HTTPS', basicAuth: { username: { key: 'x' } } }],
    }),
    object('shop', 'broken', { selector: 'app=api', endpoints: 7 }),
  ],
  podmonitors: [
    object('shop', 'pods', {
      namespaceSelector: { matchNames: ['shop', 'x'] },
      selector: {},
      podMetricsEndpoints: [{ portNumber: 8080 }],
    }),
  ],
  prometheuses: [
    object('monitoring', 'k8s', {
      serviceMonitorSelector: { matchLabels: { release: 'kps' } },
      serviceMonitorNamespaceSelector: {},
      podMonitorSelector: null,
    }),
    object('monitoring', 'by-hand', {}),
  ],
  prometheusagents: [],
  scrapeconfigs: [
    object('monitoring', 'sd', { kubernetesSDConfigs: [{ role: 'Pod', namespaces: { names: ['shop'] } }] }),
  ],
};

function read(options: Partial<ListApiOptions> = {}, scope = SCOPE) {
  const { kubectl, api } = kubectlFor({ lists: LISTS, groups: GROUPS, ...options });
  return readScraping(kubectl, scope, async () => undefined).then((scraping) => ({ scraping, api }));
}

describe('the objects that decide what is scraped', () => {
  it('are read as far as they do', async () => {
    const { scraping } = await read();
    expect(scraping).toEqual({
      at: SCOPE.at,
      operator: 'there',
      servicesOf: ['shop'],
      services: [
        {
          namespace: 'shop',
          name: 'api',
          labels: {},
          selector: { app: 'api' },
          ports: [
            { name: 'http', port: 80, targetPort: 'web' },
            { port: 81, targetPort: 81 },
          ],
        },
      ],
      monitors: [
        {
          kind: 'ServiceMonitor',
          namespace: 'shop',
          name: 'api',
          changedAt: Date.parse('2026-11-02T00:00:00Z') / 1000,
          labels: { release: 'kps' },
          reaches: 'own',
          selector: { matchLabels: { app: 'api' } },
          endpoints: [{ port: 'http', path: '/actuator/prometheus' }],
        },
        {
          kind: 'ServiceMonitor',
          namespace: 'monitoring',
          name: 'all',
          labels: {},
          reaches: 'any',
          selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
          endpoints: [{ targetPort: 9090, path: '/metrics', https: true, secured: true }],
        },
        {
          kind: 'PodMonitor',
          namespace: 'shop',
          name: 'pods',
          labels: {},
          reaches: ['shop', 'x'],
          selector: {},
          endpoints: [{ targetPort: 8080, path: '/metrics' }],
        },
      ],
      prometheuses: [
        {
          kind: 'Prometheus',
          namespace: 'monitoring',
          name: 'k8s',
          serviceMonitors: { matchLabels: { release: 'kps' } },
          serviceMonitorNamespaces: {},
        },
        { kind: 'Prometheus', namespace: 'monitoring', name: 'by-hand', unmanaged: true },
      ],
      namespaces: [],
      collectors: [{ kind: 'ScrapeConfig', namespace: 'monitoring', name: 'sd', reaches: ['shop'] }],
      targets: [],
      endpoints: [],
      unseen: [],
    });
  });

  it('are not asked for where there is no operator', async () => {
    const { scraping, api } = await read({ groups: { autoscaling: ['v2'] } });
    expect(scraping).toMatchObject({ operator: 'none', monitors: [], unseen: [] });
    expect(api.requests.filter((target) => target.includes('monitoring.coreos.com'))).toEqual([]);
  });

  it('are found not to be there without the list of groups', async () => {
    const { services } = LISTS;
    const { scraping } = await read({ lists: { services }, groups: undefined });
    expect(scraping).toMatchObject({ operator: 'none', unseen: [] });
  });

  it('are read with the labels of namespaces, where a Prometheus chooses by them', async () => {
    const prometheuses = [
      object('monitoring', 'k8s', {
        serviceMonitorSelector: {},
        serviceMonitorNamespaceSelector: { matchLabels: { monitored: 'yes' } },
      }),
    ];
    const namespaces = [{ metadata: { name: 'shop', labels: { monitored: 'yes' } } }, { metadata: { name: 'z' } }];
    const lists = { ...LISTS, prometheuses, namespaces };
    const expected = [{ name: 'shop', labels: { monitored: 'yes' } }];
    expect((await read({ lists })).scraping.namespaces).toEqual(expected);
    const allows = (verb: string, resource: string) => verb !== 'list' || resource !== 'namespaces';
    expect((await read({ lists, allows })).scraping.namespaces).toEqual(expected);
  });
});

describe('what the rights do not allow', () => {
  const only = (...allowed: readonly string[]) => ({
    allows: (_: string, resource: string, namespace?: string) => allowed.includes(`${namespace ?? '*'}/${resource}`),
  });
  const inShop = ['services', 'servicemonitors', 'podmonitors', 'prometheuses', 'scrapeconfigs'].map(
    (one) => `shop/${one}`,
  );

  it('is all unseen without any', async () => {
    const { scraping } = await read(only());
    expect(scraping).toMatchObject({ operator: 'there', servicesOf: [], services: [], monitors: [] });
    expect(scraping.unseen).toEqual([
      { what: 'services', namespace: 'shop' },
      { what: 'monitors', namespace: 'shop' },
      { what: 'monitors' },
      { what: 'prometheuses' },
    ]);
  });

  it('is what is elsewhere, with those of its own namespace', async () => {
    const { scraping } = await read(only(...inShop));
    expect(scraping.monitors.map(({ name }) => name)).toEqual(['api', 'pods']);
    expect(scraping.unseen).toEqual([{ what: 'monitors' }, { what: 'prometheuses' }]);
  });

  it('is not missed where Prometheus and its monitors may be read', async () => {
    const there = ['servicemonitors', 'podmonitors', 'prometheuses'].map((one) => `monitoring/${one}`);
    const { scraping } = await read(only(...inShop, ...there));
    expect(scraping.monitors.map(({ name }) => name)).toEqual(['api', 'all', 'pods']);
    expect(scraping.unseen).toEqual([]);
  });
});
