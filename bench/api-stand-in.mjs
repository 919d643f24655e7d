import { createHash } from 'node:crypto';
import http from 'node:http';
import { deploymentNames, namespacesOf } from './bed.mjs';

/** @typedef {{ pod: any, deployment: any, replicaSet: any }} Samples one real object of each kind */

/**
 * Stands in for an API server with more pods than a test machine can hold:
 * pages of lists, each object being a real one with another name. Objects are
 * made when they are asked for, so that the stand-in stays small.
 *
 * @param {{ pods: number, samples: Samples }} options
 */
export async function startApiStandIn({ pods, samples }) {
  const namespaces = namespacesOf(pods);
  const objects = (/** @type {string} */ namespace) => objectsOf(namespace, samples);
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://api');
    const list = listFor(url, namespaces, objects);
    response.writeHead(list ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(list ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 }),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const all = (/** @type {'pods' | 'replicasets'} */ kind) =>
    namespaces.flatMap((namespace) => objects(namespace)[kind]);
  return {
    kubeconfig: {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'bench', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'bench', user: {} }],
      contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
      'current-context': 'bench',
    },
    pods: () => all('pods'),
    replicaSets: () => all('replicasets'),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

const KINDS = /** @type {const} */ ({ pods: 'PodList', deployments: 'DeploymentList', replicasets: 'ReplicaSetList' });

/**
 * @param {URL} url
 * @param {string[]} namespaces
 * @param {(namespace: string) => Record<string, any[]>} objects
 */
function listFor(url, namespaces, objects) {
  const path = url.pathname.match(/^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+))?\/([a-z]+)$/);
  if (!path || path[1] === 'autoscaling.k8s.io') return undefined;
  const [, group, version, namespace, resource = ''] = path;
  const kind = KINDS[/** @type {keyof typeof KINDS} */ (resource)];
  const head = { kind: kind ?? 'List', apiVersion: group ? `${group}/${version}` : version };
  if (!kind) return { ...head, metadata: { resourceVersion: '1' }, items: [] };
  const limit = Number(url.searchParams.get('limit')) || Number.POSITIVE_INFINITY;
  const offset = Number(url.searchParams.get('continue') || 0);
  const within = namespace ? [namespace] : namespaces;
  const size = objects(within[0] ?? '')[resource]?.length ?? 0;
  const items = [];
  let next = offset;
  while (items.length < limit && next < within.length * size) {
    const all = objects(within[Math.floor(next / size)] ?? '')[resource] ?? [];
    const some = all.slice(next % size, (next % size) + limit - items.length);
    items.push(...some);
    next += some.length;
  }
  const rest = within.length * size - next;
  const metadata = { resourceVersion: '1', ...(rest > 0 && { continue: String(next), remainingItemCount: rest }) };
  return { ...head, metadata, items };
}

/**
 * @param {string} namespace
 * @param {Samples} samples
 * @returns {Record<keyof typeof KINDS, any[]>}
 */
function objectsOf(namespace, { pod, deployment, replicaSet }) {
  const renamed = (
    /** @type {any} */ object,
    /** @type {string} */ name,
    /** @type {any[] | undefined} */ ownerReferences,
  ) => ({
    ...object,
    metadata: { ...object.metadata, namespace, name, uid: uidOf(`${namespace}/${name}`), ownerReferences },
  });
  const owner = (/** @type {string} */ kind, /** @type {string} */ name) => [
    {
      apiVersion: 'apps/v1',
      kind,
      name,
      uid: uidOf(`${namespace}/${name}`),
      controller: true,
      blockOwnerDeletion: true,
    },
  ];
  return {
    deployments: deploymentNames.map((name) => renamed(deployment, name, undefined)),
    replicasets: deploymentNames.map((name) => renamed(replicaSet, `${name}-7d4b9c`, owner('Deployment', name))),
    pods: deploymentNames.flatMap((name) =>
      ['a2k4p', 'f8s3w', 'm5x9c', 'z6q7d'].map((suffix) =>
        renamed(pod, `${name}-7d4b9c-${suffix}`, owner('ReplicaSet', `${name}-7d4b9c`)),
      ),
    ),
  };
}

/** @param {string} text */
function uidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
