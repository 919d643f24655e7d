import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from './processes.mjs';

const documented = (/** @type {string} */ name) => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

/**
 * Creates the identity of the documented smallest role, bound in the given
 * namespaces only, and writes its kubeconfig.
 *
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {{ namespaces: string[], kubeconfig: string }} options
 */
export async function createIdentity(cluster, { namespaces, kubeconfig }) {
  const role = await readFile(documented('rbac.yaml'), 'utf8');
  const texts = namespaces.map((namespace) => role.replaceAll('my-namespace', namespace));
  await cluster.kubectl(['apply', '-f', '-'], { input: texts.join('\n---\n') });
  await writeKubeconfig(cluster, { serviceAccount: 'memory-inspector', namespace: 'memory-inspector', kubeconfig });
}

/**
 * Creates an identity with the documented rights for the whole cluster, beside
 * the other one, and writes its kubeconfig.
 *
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {{ kubeconfig: string }} options
 */
export async function createClusterIdentity(cluster, { kubeconfig }) {
  const role = await readFile(documented('rbac-cluster.yaml'), 'utf8');
  const input = role
    .replaceAll('name: memory-inspector', 'name: cluster-inspector')
    .replaceAll('namespace: memory-inspector', 'namespace: cluster-inspector');
  await cluster.kubectl(['apply', '-f', '-'], { input });
  await writeKubeconfig(cluster, { serviceAccount: 'cluster-inspector', namespace: 'cluster-inspector', kubeconfig });
}

/**
 * Writes a kubeconfig with a fresh token of a service account.
 *
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {{ serviceAccount: string, namespace: string, kubeconfig: string, context?: string }} options
 */
export async function writeKubeconfig(cluster, { serviceAccount, namespace, kubeconfig, context = 'pigo' }) {
  const token = await until('a token', async () => {
    const args = ['create', 'token', serviceAccount, '--namespace', namespace, '--duration', '24h'];
    return (await cluster.kubectl(args)).stdout.trim();
  });
  const view = await cluster.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']);
  const { clusters } = JSON.parse(view.stdout);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'pigo', cluster: clusters[0].cluster }],
    users: [{ name: serviceAccount, user: { token } }],
    contexts: [{ name: context, context: { cluster: 'pigo', user: serviceAccount } }],
    'current-context': context,
  };
  await writeFile(kubeconfig, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
