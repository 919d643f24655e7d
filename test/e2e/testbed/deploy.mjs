import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, until } from './processes.mjs';
import { requirePrograms } from './programs.mjs';

/** @typedef {import('./cluster.mjs').Cluster} Cluster */

/** What a user's repository deploys besides its plain manifests; paths are relative to it. */
const overlays = ['kustomize/catalog/overlays/dev', 'kustomize/catalog/overlays/rel'];
const release = {
  name: 'shop',
  namespace: 'hard-cases',
  chart: 'charts/shop',
  values: ['charts/shop/values-rel.yaml'],
};

/** Of a workload in the namespace `resized`. */
const VPA = `apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: autosized, namespace: resized}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: autosized}
  updatePolicy: {updateMode: InPlaceOrRecreate}
`;

/**
 * Deploys everything that the user's repository in `manifests` holds, each part the way it is meant to be: plain files,
 * Kustomize overlays, a Helm release.
 *
 * @param {Cluster} cluster
 * @param {{ manifests: string, namespaces: string[] }} options
 */
export async function deploy(cluster, { manifests, namespaces }) {
  const folder = join(manifests, 'k8s');
  const monitoring = fileURLToPath(new URL('monitoring.yaml', import.meta.url));
  const first = (await readdir(folder)).flatMap((name) => ['-f', join(folder, name, 'namespace.yaml')]);
  const vpa = fileURLToPath(new URL('vpa.yaml', import.meta.url));
  await cluster.kubectl(['apply', ...first, '-f', monitoring, '-f', vpa]);
  await until('the service accounts', async () => {
    const { stdout } = await cluster.kubectl(['get', 'serviceaccounts', '-A', '-o', 'json']);
    /** @type {{ items: { metadata: { namespace: string } }[] }} */
    const { items } = JSON.parse(stdout);
    return namespaces.every((name) => items.some(({ metadata }) => metadata.namespace === name));
  });
  // A LimitRange fills in only what comes after it.
  await cluster.kubectl(['apply', '-f', join(folder, 'resized', 'bounds.yaml')]);
  await cluster.kubectl(['apply', '-R', '-f', folder]);
  await until(
    'the VPA',
    async () => (await cluster.kubectl(['apply', '-f', '-'], { input: VPA, mayFail: true })).code === 0,
  );
  for (const overlay of overlays) await cluster.kubectl(['apply', '-k', join(manifests, overlay)]);
  await install(cluster, manifests);
}

/**
 * What `helm install` leaves in the cluster, without its record of the release: the objects with its label and annotations.
 *
 * @param {Cluster} cluster
 * @param {string} manifests
 */
async function install({ kubectl }, manifests) {
  const { helm } = requirePrograms(['helm']);
  const { name, namespace, chart, values } = release;
  const files = values.flatMap((path) => ['--values', join(manifests, path)]);
  const args = ['template', name, join(manifests, chart), '--namespace', namespace, ...files];
  const { stdout: input } = await run(helm, args);
  await kubectl(['apply', '-f', '-'], { input });
  await kubectl(['label', '--overwrite', '-f', '-', 'app.kubernetes.io/managed-by=Helm'], { input });
  const annotations = [`meta.helm.sh/release-name=${name}`, `meta.helm.sh/release-namespace=${namespace}`];
  await kubectl(['annotate', '-f', '-', ...annotations], { input });
}
