import { beforeAll, describe, expect, it } from 'vitest';
import { facts, kubectl } from './facts.ts';

interface List {
  items: { metadata: { name: string; namespace: string } }[];
  metadata: { continue?: string };
}

async function list(path: string): Promise<List> {
  const answer = await kubectl(['get', '--raw', path]);
  expect(answer.stderr).toBe('');
  return JSON.parse(answer.stdout) as List;
}

/** A pod of a workload in pigo-rel; the role does not reach the workload itself by `get`. */
async function podOf(workload: string): Promise<string> {
  const { items } = await list('/api/v1/namespaces/pigo-rel/pods');
  const pod = items.find((one) => one.metadata.name.startsWith(`${workload}-`));
  return pod?.metadata.name ?? 'none';
}

function queryUrl(base: string, query: string): string {
  return `${base}/api/v1/query?${new URLSearchParams({ query, time: facts.at })}`;
}

interface Vector {
  status: string;
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

describe('the identity of the documented smallest role', () => {
  it.each(facts.namespaces)('lists the pods of %s page by page', async (namespace) => {
    const names: string[] = [];
    let next = '';
    do {
      const page = await list(`/api/v1/namespaces/${namespace}/pods?limit=5&continue=${next}`);
      names.push(...page.items.map((pod) => pod.metadata.name));
      next = page.metadata.continue ?? '';
    } while (next);
    expect(names.length).toBeGreaterThan(5);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lists every kind of workload and what bounds it', async () => {
    const lists = [
      '/apis/apps/v1/namespaces/hard-cases/deployments',
      '/apis/apps/v1/namespaces/hard-cases/statefulsets',
      '/apis/apps/v1/namespaces/hard-cases/daemonsets',
      '/apis/apps/v1/namespaces/hard-cases/replicasets',
      '/apis/autoscaling/v2/namespaces/hard-cases/horizontalpodautoscalers',
    ];
    for (const path of lists) expect((await list(path)).items.length, path).toBeGreaterThan(0);
    for (const name of ['limitranges', 'resourcequotas']) await list(`/api/v1/namespaces/pigo-rel/${name}`);
  });

  it('is refused the pods of monitoring, port-forward and the list of namespaces', async () => {
    const pods = await kubectl(['get', 'pods', '-n', 'monitoring']);
    expect(pods.code).toBe(1);
    expect(pods.stderr).toContain('cannot list resource "pods" in API group "" in the namespace "monitoring"');
    const forward = await kubectl(['port-forward', '-n', 'pigo-rel', await podOf('pigo-api'), ':8080']);
    expect(forward.stderr).toContain('cannot create resource "pods/portforward"');
    expect((await kubectl(['get', 'namespaces'])).stderr).toContain('cannot list resource "namespaces"');
    const service = '/api/v1/namespaces/monitoring/services/prometheus-k8s:9090/proxy/-/ready';
    expect((await kubectl(['get', '--raw', service])).stderr).toContain('cannot get resource "services/proxy"');
  });
});

describe('the identity with the documented rights for the whole cluster', () => {
  it('finds the namespaces and the Prometheus service by its label', async () => {
    const namespaces = await kubectl(['get', '--raw', '/api/v1/namespaces'], facts.clusterKubeconfig);
    expect(namespaces.stdout).toContain('"pigo-rel"');
    const selector = encodeURIComponent('app.kubernetes.io/name=prometheus');
    const services = await kubectl(
      ['get', '--raw', `/api/v1/services?labelSelector=${selector}`],
      facts.clusterKubeconfig,
    );
    expect((JSON.parse(services.stdout) as List).items.map((one) => one.metadata.name)).toEqual(['prometheus-k8s']);
  });
});

describe('Prometheus', () => {
  const query = 'container_memory_working_set_bytes{namespace="pigo-rel",container="nacos"} / 2^20';
  let inPigoApi: string[];

  beforeAll(async () => {
    inPigoApi = ['exec', '-n', 'pigo-rel', await podOf('pigo-api'), '-c', 'pigo-api', '--'];
  });

  it.each([
    ['wget', ['wget', '-qO-']],
    ['curl', ['curl', '-sS']],
  ])('answers %s in a pod', async (_, command) => {
    const answer = await kubectl([...inPigoApi, ...command, queryUrl(facts.prometheusUrl, query)]);
    const { data } = JSON.parse(answer.stdout) as Vector;
    expect(data.result.map((row) => row.value[1])).toEqual(['2017']);
  });

  it('is not there for the runner', async () => {
    await expect(fetch(queryUrl(facts.prometheusUrl, query))).rejects.toThrow();
  });

  it('is the only host that a pod reaches', async () => {
    const answer = await kubectl([...inPigoApi, 'wget', '-qO-', queryUrl(facts.directPrometheusUrl, query)]);
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain('exit status 8');
  });

  it('sends a large answer through whole', async () => {
    const all = `${facts.prometheusUrl}/api/v1/query?${new URLSearchParams({
      query: '{namespace=~".+"}[30m]',
      time: facts.at,
    })}`;
    const answer = await kubectl([...inPigoApi, 'wget', '-qO-', all]);
    expect(answer.stdout.length).toBeGreaterThan(1_000_000);
    expect((JSON.parse(answer.stdout) as Vector).status).toBe('success');
  });

  it('has the traps of real series', async () => {
    const ask = async (promql: string) => {
      const answer = await fetch(queryUrl(facts.directPrometheusUrl, promql));
      return ((await answer.json()) as Vector).data.result;
    };
    const usage = 'container_memory_working_set_bytes';
    const rows = await ask(`count by (container) (${usage}{namespace="hard-cases",pod=~"two-exporters-.*"})`);
    expect(rows.map((row) => row.metric.container ?? '').sort()).toEqual(['', 'POD', 'app']);
    const limits = 'kube_pod_container_resource_limits{namespace="hard-cases",pod=~"two-exporters-.*"}';
    expect(await ask(limits)).toHaveLength(2);
    expect(await ask(`${usage}{pod=~"just-restarted-.*",container="app"}`)).toHaveLength(2);
    expect(await ask('jvm_memory_used_bytes offset 2h')).toHaveLength(0);
    expect(await ask('count by (pod) (jvm_memory_used_bytes{namespace="pigo-rel"})')).toHaveLength(2);
  });
});
