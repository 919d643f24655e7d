import type { ApiObject, LazyList } from './list-api.ts';

export interface ClusterSize {
  readonly namespaces: readonly string[];
  readonly deployments: number;
  readonly podsPerDeployment: number;
  /** Creation and start times; RFC 3339. */
  readonly since?: string;
}

const HASH = '5d4f8c7b9';
const MEMORY = { limits: { memory: '1Gi' }, requests: { cpu: '100m', memory: '512Mi' } };

/**
 * A cluster of Deployments `app-0`, `app-1` … spread evenly over the namespaces, each with one ReplicaSet and its pods,
 * of the size that real ones have (environment, volumes, conditions, managed fields). Nothing is kept.
 */
export function generateCluster(size: ClusterSize): Readonly<Record<string, LazyList>> {
  const since = size.since ?? '2026-11-01T00:00:00Z';
  return {
    namespaces: lazily(size.namespaces.length, (index) => ({ metadata: { name: size.namespaces[index] ?? '' } })),
    deployments: lazily(size.deployments, (index) => deployment(size, index, since)),
    pods: lazily(size.deployments * size.podsPerDeployment, (index) => pod(size, index, since)),
    nodes: lazily(10, (index) => ({
      metadata: { name: `node-${index}` },
      status: { allocatable: { memory: '64Gi' } },
    })),
  };
}

/** The pod of a place in the list, as the generator names it. */
export function podName(deployment: number, replica: number): string {
  return `app-${deployment}-${HASH}-${replica.toString(36).padStart(5, 'x')}`;
}

function lazily(length: number, at: (index: number) => ApiObject): LazyList {
  return { length, at };
}

function namespaceOf(size: ClusterSize, deploymentIndex: number): string {
  const share = Math.ceil(size.deployments / size.namespaces.length);
  return size.namespaces[Math.floor(deploymentIndex / share)] ?? '';
}

function deployment(size: ClusterSize, index: number, since: string) {
  const name = `app-${index}`;
  return {
    metadata: metadata(name, namespaceOf(size, index), since, { app: name }),
    spec: { replicas: size.podsPerDeployment, template: { metadata: { labels: { app: name } }, spec: spec(name) } },
    status: { replicas: size.podsPerDeployment },
  };
}

function pod(size: ClusterSize, index: number, since: string) {
  const owner = Math.floor(index / size.podsPerDeployment);
  const app = `app-${owner}`;
  const name = podName(owner, index % size.podsPerDeployment);
  const labels = { app, 'pod-template-hash': HASH };
  return {
    metadata: {
      ...metadata(name, namespaceOf(size, owner), since, labels),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${HASH}`, uid: `rs-${owner}`, controller: true },
      ],
    },
    spec: { ...spec(app), nodeName: `node-${index % 10}` },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        (type) => ({
          type,
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: since,
        }),
      ),
      containerStatuses: [
        {
          name: 'app',
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: since } },
          image: `registry.example/${app}`,
        },
      ],
    },
  };
}

function spec(app: string) {
  const env = Array.from({ length: 20 }, (_, index) => ({
    name: `SETTING_${index}`,
    value: `value-${index}-of-${app}`,
  }));
  const volumeMounts = [
    { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ];
  const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 10, failureThreshold: 3 };
  return {
    containers: [
      {
        name: 'app',
        image: `registry.example/${app}:1.2.3`,
        env,
        resources: MEMORY,
        volumeMounts,
        livenessProbe: probe,
        readinessProbe: probe,
      },
    ],
    volumes: [{ name: 'kube-api-access', projected: { defaultMode: 420, sources: [] } }],
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
  };
}

function metadata(name: string, namespace: string, since: string, labels: Readonly<Record<string, string>>) {
  const fields = Object.fromEntries(
    Array.from({ length: 80 }, (_, index) => [`f:field-of-the-object-${index}`, { '.': {} }]),
  );
  return {
    name,
    namespace,
    uid: `uid-${namespace}-${name}`,
    creationTimestamp: since,
    labels,
    managedFields: [{ manager: 'kube-controller-manager', operation: 'Update', time: since, fieldsV1: fields }],
  };
}
