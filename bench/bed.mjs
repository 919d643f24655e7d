import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster } from '../test/e2e/testbed/cluster.mjs';
import { writeHistory } from '../test/e2e/testbed/history.mjs';
import { podPasts } from '../test/e2e/testbed/pasts.mjs';
import { until } from '../test/e2e/testbed/processes.mjs';
import { startPrometheus } from '../test/e2e/testbed/prometheus.mjs';
import { podSeries } from '../test/e2e/testbed/series.mjs';

/** The time of the inspection: the history ends then. */
export const AT = '2026-11-24T06:00:00Z';

const PODS_A_NAMESPACE = 100;
const REPLICAS = 4;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** @type {import('../test/e2e/pigo/stories.mjs').Story} */
const ordinary = {
  runs: [{ from: -9 * 24, to: 0 }],
  memory: ({ hours, index, noise }) => ({
    working: 512 * (0.45 + 0.05 * index + 0.03 * Math.sin((hours / 24) * 2 * Math.PI) + 0.01 * noise()),
    active: 12,
  }),
};

/** @param {number} pods */
export const namespacesOf = (pods) =>
  Array.from({ length: Math.ceil(pods / PODS_A_NAMESPACE) }, (_, index) => `bench-${String(index).padStart(3, '0')}`);

/** The names of the deployments in every namespace. */
export const deploymentNames = Array.from({ length: PODS_A_NAMESPACE / REPLICAS }, (_, index) => `service-${index}`);

/**
 * A real API server with deployments of that many pods.
 *
 * @param {{ pods: number, directory: string }} options
 */
export async function startRealCluster({ pods, directory }) {
  const cluster = await startCluster({ directory, proxyPort: 9, nodes: Math.ceil(pods / 90) });
  try {
    const namespaces = namespacesOf(pods);
    const objects = namespaces.flatMap((namespace) => [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      ...deploymentNames.map((name) => deployment(namespace, name)),
    ]);
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await cluster.kubectl(['apply', '--server-side', '-f', '-'], { input });
    const list = async (/** @type {string} */ what) =>
      JSON.parse((await cluster.kubectl(['get', what, '-A', '-o', 'json'])).stdout).items.filter(
        (/** @type {any} */ one) => namespaces.includes(one.metadata.namespace),
      );
    const running = await until(
      `${pods} running pods`,
      async () => {
        const phases = await cluster.kubectl([
          'get',
          'pods',
          '-A',
          '--field-selector=status.phase=Running',
          '-o',
          'name',
        ]);
        return phases.stdout.split('\n').length > pods && list('pods');
      },
      { seconds: 600, every: 3000 },
    );
    return { cluster, pods: running, replicaSets: await list('replicasets') };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/**
 * Writes what pods did and starts a real Prometheus over it.
 *
 * @param {{ pods: any[], replicaSets: any[], days: number, directory: string }} options more than one day: older ones every five minutes
 */
export async function startHistory({ pods, replicaSets, days, directory }) {
  const at = Date.parse(AT) / 1000;
  const data = join(directory, `prometheus-${days}`);
  const series = podPasts(pods, replicaSets, { at, stories: {}, healthy: ordinary }).flatMap(podSeries);
  const dense = at - DAY - 2 * HOUR;
  const stretches = [{ from: dense, to: at + 60, step: 60, block: 2 * HOUR }];
  if (days > 1) stretches.unshift({ from: at - days * DAY, to: dense, step: 300, block: DAY });
  const samples = await writeHistory(series, stretches, { data });
  const prometheus = await startPrometheus({ directory, data });
  const stop = async () => {
    await prometheus.stop();
    await rm(data, { recursive: true, force: true });
  };
  return { url: prometheus.url, series: series.length, samples, stop };
}

/**
 * @param {string} namespace
 * @param {string} name
 */
function deployment(namespace, name) {
  const labels = { app: name };
  const resources = { requests: { memory: '256Mi' }, limits: { memory: '512Mi' } };
  const containers = [{ name: 'app', image: `registry.pigo.example/bench/${name}:1.0.0`, resources }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}
