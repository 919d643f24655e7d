import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cluster, startCluster } from '../testbed/cluster.mjs';
import { createIdentity, writeKubeconfig } from '../testbed/identity.mjs';
import { until } from '../testbed/processes.mjs';
import { operatorDefinitions } from '../testbed/programs.mjs';
import { startPrometheus } from '../testbed/prometheus.mjs';
import { startProxy } from '../testbed/proxy.mjs';
import { APART, MONITORING, namespaceOf, objectsOf, PROMETHEUS, SCENES, type Scene, SHOP } from './scenes.ts';

export const NAMESPACES = [APART, SHOP];
/** Where Prometheus is for commands in pods, and for nobody else. */
export const PROMETHEUS_URL = `http://prometheus-k8s.${MONITORING}.svc:9090`;

/** A pod of the cluster as far as it is scraped. */
interface PodOf {
  readonly scene: Scene;
  readonly pod: string;
}

/**
 * A cluster with the operator's definitions, every scene in it, and a real Prometheus that scrapes what the operator would
 * have it scrape. What fails half-way is taken down again.
 */
export async function startScenes() {
  const directory = await mkdtemp(join(tmpdir(), 'memory-inspector-jvm-'));
  const undo: (() => unknown)[] = [() => rm(directory, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const names: Record<string, string> = {};
    const proxy = await startProxy(names);
    undo.push(proxy.stop);
    const cluster = await startCluster({ directory, proxyPort: proxy.port });
    undo.push(cluster.stop);
    await cluster.kubectl(['apply', '--server-side', '-f', operatorDefinitions]);
    const pages = new Map(SCENES.map((scene) => [scene.name, { ...scene.pages }]));
    const ports = new Map<string, number>();
    for (const { name } of SCENES) ports.set(name, await serve((path) => pages.get(name)?.[path], undo));
    await apply(cluster, [...[MONITORING, ...NAMESPACES].map(namespaceOf)]);
    await until('the definitions', async () => (await apply(cluster, [PROMETHEUS], true)).code === 0);
    await apply(
      cluster,
      SCENES.flatMap((scene) => objectsOf(scene, ports.get(scene.name) ?? 0)),
    );
    const pods = await until('running pods', () => runningPods(cluster), { seconds: 120, every: 500 });
    const usage = await serve(() => usageOf(pods), undo);
    const configuration = JSON.stringify(configure(pods, ports, usage));
    const prometheus = await startPrometheus({ directory, data: join(directory, 'data'), configuration });
    undo.push(prometheus.stop);
    names[new URL(PROMETHEUS_URL).host] = prometheus.url;
    await until('the first scrapes', async () => (await query(prometheus, SCRAPED)).length === pods.length);
    const kubeconfigs = await createIdentities(cluster, directory);
    /** Has a pod answer with another page from now on, and waits until Prometheus has what is on it. */
    const publish = async (name: string, path: string, page: string, metric: string) => {
      pages.set(name, { [path]: page });
      await until(metric, async () => (await query(prometheus, `${metric}{service="${name}"}`)).length > 0);
    };
    return { kubeconfigs, publish, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const SCRAPED = 'container_memory_working_set_bytes';

function query({ query: ask }: Awaited<ReturnType<typeof startPrometheus>>, promql: string) {
  // A run asks for whole seconds, of which the last one may have begun before the newest sample.
  return ask(promql, new Date(Date.now() - 1000).toISOString());
}

async function serve(pageOf: (path: string) => string | undefined, undo: (() => unknown)[]): Promise<number> {
  const server: Server = createServer((request, response) => {
    const page = pageOf(request.url ?? '');
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(page ?? 'not found\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

function apply({ kubectl }: Cluster, objects: readonly object[], mayFail = false) {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return kubectl(['apply', '-f', '-'], { input, mayFail });
}

async function runningPods({ kubectl }: Cluster): Promise<readonly PodOf[] | undefined> {
  const { stdout } = await kubectl(['get', 'pods', '-A', '-o', 'json']);
  const { items } = JSON.parse(stdout) as {
    readonly items: readonly {
      readonly metadata: {
        readonly name: string;
        readonly namespace: string;
        readonly labels?: Record<string, string>;
      };
      readonly status: { readonly phase: string };
    }[];
  };
  const found = items.flatMap(({ metadata, status }): PodOf[] => {
    const scene = SCENES.find(
      ({ name, namespace }) => name === metadata.labels?.app && namespace === metadata.namespace,
    );
    return scene && status.phase === 'Running' ? [{ scene, pod: metadata.name }] : [];
  });
  return found.length === SCENES.length ? found : undefined;
}

/** What the kubelet would say of the pods. */
function usageOf(pods: readonly PodOf[]): string {
  const lines = pods.map(({ scene, pod }) => {
    const labels = {
      namespace: scene.namespace,
      pod,
      container: 'app',
      id: `/pods/${pod}/app`,
      image: 'eclipse-temurin:21',
    };
    const text = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    return `${SCRAPED}{${text.join(',')}} 3e8`;
  });
  return `# TYPE ${SCRAPED} gauge\n${lines.join('\n')}\n`;
}

/** The configuration that the operator would write, with the addresses of this machine. */
function configure(pods: readonly PodOf[], ports: ReadonlyMap<string, number>, usage: number): object {
  const jobs = pods.flatMap(({ scene, pod }) => {
    const { name, namespace, scraped } = scene;
    if (scraped === undefined) return [];
    const labels = { job: name, namespace, pod, container: 'app', service: name, endpoint: 'service-api' };
    return [
      {
        job_name: `serviceMonitor/${namespace}/${name}/0`,
        metrics_path: scraped,
        static_configs: [{ targets: [`127.0.0.1:${ports.get(name)}`], labels }],
      },
    ];
  });
  const kubelet = {
    job_name: 'kubelet',
    honor_labels: true,
    static_configs: [{ targets: [`127.0.0.1:${usage}`] }],
  };
  return { global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: [kubelet, ...jobs] };
}

const documented = (name: string) => readFile(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8');

/** The kubeconfigs of identities: with all documented rights, and without the optional ones for this. */
async function createIdentities(cluster: Cluster, directory: string) {
  const all = join(directory, 'all.kubeconfig');
  await createIdentity(cluster, { namespaces: NAMESPACES, kubeconfig: all });
  await cluster.kubectl(['apply', '-f', '-'], { input: await documented('rbac-monitors.yaml') });
  const few = join(directory, 'few.kubeconfig');
  const role = (await documented('rbac.yaml')).replaceAll('name: memory-inspector', 'name: few-rights');
  const least = NAMESPACES.map((namespace) =>
    role
      .replaceAll('namespace: memory-inspector', 'namespace: few-rights')
      .replaceAll('my-namespace', namespace)
      .replace(/ {2}# Optional: why the metrics of a JVM[\s\S]*?(?=---)/, ''),
  );
  await cluster.kubectl(['apply', '-f', '-'], { input: least.join('\n---\n') });
  await writeKubeconfig(cluster, { serviceAccount: 'few-rights', namespace: 'few-rights', kubeconfig: few });
  return { all, few };
}
