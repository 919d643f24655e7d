import { afterEach, describe, expect, it } from 'vitest';
import type { Kubectl } from '../../src/kubectl/kubectl.ts';
import { observe } from '../../src/observe/observe.ts';
import { readOptions } from '../../src/options/read-options.ts';
import { decodeRecording, encodeRecording } from '../../src/record/recording.ts';
import { diagnoseJvmMetrics } from '../../src/scraping/diagnose.ts';
import { kubectlFor } from '../cluster/kubectl-stand-in.ts';
import type { ApiObject } from '../cluster/list-api.ts';
import { deploymentPod, workload } from '../cluster/objects.ts';
import { SETTINGS } from '../judge/fixtures.ts';
import { EMPTY_VECTOR, type Received, startApiServer } from '../prometheus/api-server.ts';
import { createFakeLog } from '../prometheus/fake-log.ts';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const AT = Date.parse('2026-11-20T00:00:00Z') / 1000;
const SPEC = {
  containers: [
    { name: 'app', image: 'eclipse-temurin:21', ports: [{ name: 'http', containerPort: 8080 }] },
    { name: 'sidecar', image: 'envoy:1' },
  ],
};
const running = { running: { startedAt: '2026-11-19T00:00:00Z' } };
const POD = {
  ...deploymentPod('shop', 'api', '1', SPEC),
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { name: 'app', state: running },
      { name: 'sidecar', state: running },
    ],
  },
};
const made = workload('shop', 'api');
const API = { ...made, spec: { template: { metadata: { labels: { app: 'api' } }, spec: SPEC } } };

function object(namespace: string, name: string, spec: unknown, labels = {}): ApiObject {
  return { metadata: { name, namespace, labels }, spec } as ApiObject;
}

const LISTS = {
  deployments: [API],
  pods: [POD],
  services: [
    object('shop', 'api', { selector: { app: 'api' }, ports: [{ name: 'web', port: 80, targetPort: 'http' }] }),
  ],
  servicemonitors: [
    object('shop', 'api', { selector: {}, endpoints: [{ port: 'web', path: '/metrics' }] }, { release: 'kps' }),
  ],
  podmonitors: [],
  prometheuses: [object('monitoring', 'k8s', { serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {} })],
};

const LABELS = { namespace: 'shop', pod: 'api-abc-1', container: 'app' };

interface Scene {
  readonly heap?: boolean;
  readonly up?: '0' | '1';
  readonly lastError?: string;
  readonly lists?: typeof LISTS;
  /** What the command in the pod prints for a URL, or nothing for a 404. */
  readonly page?: (url: string) => string | undefined;
  readonly jvmMetrics?: boolean;
}

function answer({ params, path }: Received, { heap, up, lastError }: Scene): { body: string } {
  const query = params.get('query') ?? '';
  const rows = (...result: readonly unknown[]) => ({ body: JSON.stringify({ status: 'success', data: { result } }) });
  if (path === '/api/v1/targets') {
    const target = {
      labels: { ...LABELS, job: 'api', endpoint: 'web' },
      scrapePool: 'serviceMonitor/shop/api/0',
      lastError: lastError ?? 'server returned HTTP status 404 Not Found',
    };
    return { body: JSON.stringify({ status: 'success', data: { activeTargets: [target, { labels: null }, 7] } }) };
  }
  if (query.startsWith('max by') && query.includes('(up{') && up !== undefined) {
    return rows({ metric: { ...LABELS, job: 'api', endpoint: 'web' }, value: [AT, up] });
  }
  if (query.includes('jvm_memory') && heap) {
    return rows({ metric: { ...LABELS, __name__: 'jvm_memory_used_bytes', area: 'heap' }, value: [AT, '1000'] });
  }
  if (query.startsWith('count by')) return rows({ metric: { namespace: 'shop' }, value: [AT, '1'] });
  return query.includes('jvm_memory') || query.includes('up{') || params.has('step')
    ? { body: EMPTY_VECTOR }
    : rows({ metric: { ...LABELS, __name__: 'container_memory_working_set_bytes' }, value: [AT, '1000'] });
}

async function observeScene(scene: Scene) {
  const server = await startApiServer((received) => answer(received, scene));
  servers.push(server);
  const { kubectl: lists, api } = kubectlFor({
    lists: scene.lists ?? LISTS,
    groups: { 'monitoring.coreos.com': ['v1'] },
  });
  const commands: (readonly string[])[] = [];
  const kubectl: Kubectl = {
    run: async (args) => {
      if (args[0] !== 'exec') return lists.run(args);
      commands.push(args);
      const page = scene.page?.(args.at(-1) ?? '');
      if (page !== undefined) return { exitCode: 0, stdout: page, stderr: '' };
      return { exitCode: 1, stdout: '', stderr: 'wget: server returned error: HTTP/1.1 404 Not Found' };
    },
  };
  const given: Readonly<Record<string, string>> = {
    namespaces: 'shop',
    'prometheus-url': server.url,
    'prometheus-access': 'direct',
    at: '2026-11-20T00:00:00Z',
  };
  const options = readOptions(
    (name) => given[name] ?? '',
    () => undefined,
  );
  const deps = { kubectl, fetch, log: createFakeLog(), now: () => AT, elapsed: () => 0 };
  const { jvmMetrics = true } = scene;
  const observation = await observe(options, { settingsAt: () => SETTINGS, jvmMetrics }, deps);
  // What was observed comes through a recording, and is told the same.
  const again = decodeRecording(encodeRecording(observation, 'r.json'), 'r.json');
  expect(again.scraping).toEqual(observation.scraping);
  return { observation, told: diagnoseJvmMetrics(again, []), commands, requests: api.requests, server };
}

describe('the way of the JVM metrics', () => {
  it('is not looked at where they arrive', async () => {
    const { told, commands, requests } = await observeScene({ heap: true });
    expect(told).toMatchObject([{ state: 'covered', container: 'app', recognised: 'image' }]);
    expect(commands).toEqual([]);
    expect(requests.filter((target) => target.includes('monitoring.coreos.com'))).toEqual([]);
  });

  it('is followed to the path that answers in the pod, and to the error of the target', async () => {
    const page = (url: string) => (url.endsWith('/actuator/prometheus') ? 'jvm_memory_used_bytes{} 1\n' : undefined);
    const { told, observation, commands } = await observeScene({ up: '0', page });
    expect(told).toMatchObject([
      { state: 'broken', link: { kind: 'path', path: '/metrics', answers: '/actuator/prometheus' } },
    ]);
    expect(observation.scraping?.targets).toEqual([
      {
        ...LABELS,
        job: 'api',
        endpoint: 'web',
        up: false,
        error: 'server returned HTTP status 404 Not Found',
        pool: 'serviceMonitor/shop/api/0',
      },
    ]);
    expect(commands.map((args) => args.at(-1))).toEqual([
      'http://127.0.0.1:8080/metrics',
      'http://127.0.0.1:8080/actuator/prometheus',
    ]);
  });

  it('keeps no secret that a request or an annotation carries', async () => {
    const lastError = 'Get "http://bob:hunter2@10.0.0.1:8080/metrics?token=hunter2&x=hunter2": dial tcp: refused';
    const annotations = { 'prometheus.io/param_token': 'hunter2', 'prometheus.io/path': '/metrics?token=hunter2' };
    const template = { metadata: { labels: { app: 'api' }, annotations }, spec: SPEC };
    const lists = { ...LISTS, deployments: [{ ...made, spec: { template } }] };
    const { observation } = await observeScene({ up: '0', lastError, lists: lists as unknown as typeof LISTS });
    expect(observation.scraping?.targets[0]?.error).toBe('Get "http://10.0.0.1:8080/metrics": dial tcp: refused');
    expect(JSON.stringify(observation)).not.toContain('hunter2');
  });

  it('ends at an endpoint that is not there', async () => {
    const { told } = await observeScene({ up: '0' });
    expect(told).toMatchObject([{ state: 'broken', link: { kind: 'endpoint', answer: 'status 404' } }]);
  });

  it('is not looked at by who does not ask for it, nor without a JVM', async () => {
    const { observation } = await observeScene({ jvmMetrics: false });
    expect(observation.scraping).toBeUndefined();
    const lists = {
      ...LISTS,
      deployments: [],
      pods: [{ ...POD, spec: { containers: [{ name: 'app', image: 'nginx' }] } }],
    };
    const without = await observeScene({ lists: lists as unknown as typeof LISTS });
    expect(without.observation.scraping).toBeUndefined();
  });
});
