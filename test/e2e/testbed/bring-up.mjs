import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AT, healthy, JVM_FROM, stories } from '../pigo/stories.mjs';
import { startCluster } from './cluster.mjs';
import { deploy } from './deploy.mjs';
import { writeHistory } from './history.mjs';
import { createClusterIdentity, createIdentity } from './identity.mjs';
import { jvmSeries } from './jvm-series.mjs';
import { pastStatus, podPasts } from './pasts.mjs';
import { inParallel, until } from './processes.mjs';
import { binDirectory, requirePrograms } from './programs.mjs';
import { startPrometheus } from './prometheus.mjs';
import { startProxy } from './proxy.mjs';
import { resizeInPlace } from './resize.mjs';
import { podSeries } from './series.mjs';

const manifests = fileURLToPath(new URL('../pigo/manifests', import.meta.url));
const MI = 1024 * 1024;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** The namespaces that the identity may inspect. */
export const namespaces = ['hard-cases', 'pigo-dev', 'pigo-rel', 'pigo-stg'];

/** Those of pods whose sizes are not what their containers' templates say; the identity may inspect them as well. */
export const sizedNamespaces = ['bounded', 'resized'];
const all = [...namespaces, ...sizedNamespaces];

/** Where Prometheus is for commands in pods, and for nobody else. */
export const prometheusUrl = 'http://prometheus-k8s.monitoring.svc:9090';

/**
 * @typedef {object} Facts
 * @property {string} at the time to inspect: the end of the history
 * @property {string} atBeforeJvm a time before pigo-api's JVM metrics came
 * @property {string} kubeconfig of the identity with the documented smallest role
 * @property {string} clusterKubeconfig of the identity with the documented rights for the whole cluster
 * @property {string} adminKubeconfig
 * @property {string} prometheusUrl answers in pods only
 * @property {string} directPrometheusUrl the same Prometheus, for this machine
 * @property {string[]} namespaces
 * @property {string[]} sizedNamespaces
 * @property {string} manifests the folder that a user's repository would hold
 * @property {string} kubectl
 * @property {string} binDirectory of the programs that the install script built
 * @property {string} directory everything that this testbed wrote
 * @property {number} pods
 * @property {number} series
 * @property {number} samples
 * @property {Record<string, number>} seconds how long each step took
 */

/**
 * Brings up the "pigo" cluster: API server, workloads, 14 days of history in a
 * real Prometheus that only pods reach, and the identities that inspect it.
 * What fails half-way is taken down again.
 *
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function bringUp({ log = () => {} } = {}) {
  const { kubectl } = requirePrograms(['kubectl']);
  const directory = await mkdtemp(join(tmpdir(), 'memory-inspector-e2e-'));
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [() => rm(directory, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step().catch((error) => log(`while stopping: ${error}`));
  };
  /** @type {Record<string, number>} */
  const seconds = {};
  /** @type {<T>(name: string, work: () => Promise<T>) => Promise<T>} */
  const step = async (name, work) => {
    const began = performance.now();
    const result = await work();
    seconds[name] = Math.round((performance.now() - began) / 100) / 10;
    log(`${name}: ${seconds[name]} s`);
    return result;
  };
  try {
    /** @type {Record<string, string>} */
    const services = {};
    const proxy = await startProxy(services);
    undo.push(proxy.stop);
    const cluster = await step('cluster', () => startCluster({ directory, proxyPort: proxy.port }));
    undo.push(cluster.stop);
    const at = Date.parse(AT) / 1000;
    const pods = await step('workloads', async () => {
      await deploy(cluster, { manifests, namespaces: all });
      const made = await until('running pods', () => runningPods(cluster), { seconds: 120, every: 500 });
      await resizeInPlace(cluster, made, stories, at);
      return until('running pods', () => runningPods(cluster), { seconds: 120, every: 500 });
    });
    const { items: replicaSets } = await getAll(cluster, 'replicasets');
    const pasts = podPasts(pods, replicaSets, { at, stories, healthy });
    await step('statuses', () => writeStatuses(cluster, pods, pasts, at));
    const series = pasts.flatMap(podSeries).concat(pasts.filter(hasJvm).flatMap((past) => jvmOf(past, at)));
    const data = join(directory, 'prometheus');
    const samples = await step('history', () => writeHistory(series, stretchesUntil(at), { data }));
    const prometheus = await step('prometheus', () => startPrometheus({ directory, data }));
    undo.push(prometheus.stop);
    for (const name of ['prometheus-k8s.monitoring.svc', 'prometheus-k8s.monitoring.svc.cluster.local']) {
      services[`${name}:9090`] = prometheus.url;
    }
    const kubeconfig = join(directory, 'identity.kubeconfig');
    const clusterKubeconfig = join(directory, 'cluster-identity.kubeconfig');
    await step('identities', async () => {
      await createIdentity(cluster, { namespaces: all, kubeconfig });
      await createClusterIdentity(cluster, { kubeconfig: clusterKubeconfig });
    });
    /** @type {Facts} */
    const facts = {
      at: AT,
      atBeforeJvm: new Date((at + (JVM_FROM - 0.25) * HOUR) * 1000).toISOString().replace('.000', ''),
      kubeconfig,
      clusterKubeconfig,
      adminKubeconfig: cluster.kubeconfig,
      prometheusUrl,
      directPrometheusUrl: prometheus.url,
      namespaces,
      sizedNamespaces,
      manifests,
      kubectl,
      binDirectory,
      directory,
      pods: pods.length,
      series: series.length,
      samples,
      seconds,
    };
    return { facts, cluster, prometheus, proxy, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Copies the user's manifests to a folder of their own, as a checkout would.
 *
 * @param {string} to
 */
export async function copyManifests(to) {
  await cp(manifests, to, { recursive: true });
}

/** @param {import('./cluster.mjs').Cluster} cluster */
async function runningPods(cluster) {
  const { items: workloads } = await getAll(cluster, 'deployments,statefulsets,daemonsets');
  const ready = (/** @type {any} */ { kind, spec, status }) => {
    if (status.observedGeneration === undefined) return false;
    if (kind === 'DaemonSet')
      return status.desiredNumberScheduled > 0 && status.numberReady === status.desiredNumberScheduled;
    return (status.readyReplicas ?? 0) === spec.replicas;
  };
  if (!workloads.every(ready)) return undefined;
  const { items: pods } = await getAll(cluster, 'pods');
  const owned = pods.filter((/** @type {any} */ pod) => all.includes(pod.metadata.namespace));
  const settled = owned.every((/** @type {any} */ pod) => ['Running', 'Succeeded'].includes(pod.status.phase));
  return settled ? owned : undefined;
}

/**
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {string} resource
 * @returns {Promise<{ items: any[] }>}
 */
async function getAll(cluster, resource) {
  return JSON.parse((await cluster.kubectl(['get', resource, '-A', '-o', 'json'])).stdout);
}

/**
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {any[]} pods
 * @param {import('./series.mjs').PodPast[]} pasts
 * @param {number} at
 */
async function writeStatuses(cluster, pods, pasts, at) {
  await inParallel(pods, 4, async (pod) => {
    const { namespace, name, uid } = pod.metadata;
    const past = pasts.find((one) => one.uid === uid);
    if (!past || pod.status.phase === 'Succeeded') return;
    const patch = JSON.stringify({ status: pastStatus(pod, past, { at, stories }) });
    const args = ['patch', 'pod', name, '-n', namespace, '--subresource=status', '--type=merge', '-p', patch];
    await cluster.kubectl(args);
  });
}

/** @param {import('./series.mjs').PodPast} past */
const hasJvm = (past) => past.namespace === 'pigo-rel' && past.replicaSetOwner?.name === 'pigo-api';

/**
 * @param {import('./series.mjs').PodPast} past
 * @param {number} at
 */
function jvmOf(past, at) {
  const heap = { heapMax: 1536 * MI, live: 820 * MI, nonHeap: 210 * MI };
  return jvmSeries(past, { container: 'pigo-api', from: at + JVM_FROM * HOUR, to: at, ...heap });
}

/**
 * Two weeks up to `at`, included: sparse, then every five minutes, then every minute.
 *
 * @param {number} at
 */
function stretchesUntil(at) {
  const dense = at - 26 * HOUR;
  const kept = at - 8 * DAY - 12 * HOUR;
  return [
    { from: at - 14 * DAY, to: kept, step: 1800, block: 14 * DAY, longOnly: true },
    { from: kept, to: dense, step: 300, block: DAY },
    { from: dense, to: at + 60, step: 60, block: 2 * HOUR },
  ];
}
