/** @typedef {import('./cluster.mjs').Cluster} Cluster */
/** @typedef {import('../pigo/stories.mjs').Story} Story */

/**
 * Resizes pods in place as their workloads' stories tell, through the real `resize` subresource. There is no kubelet here:
 * what it would say in a pod's status, that it has made the change or why it has not, is written in its place.
 *
 * @param {Cluster} cluster
 * @param {any[]} pods as the API server lists them
 * @param {Record<string, Story>} stories
 */
export async function resizeInPlace(cluster, pods, stories) {
  for (const pod of pods) {
    const { namespace, name, labels = {} } = pod.metadata;
    const wanted = stories[`${namespace}/${labels.app}`]?.resized;
    if (!wanted) continue;
    const { limit, request, by = 'kubectl-patch', waits } = wanted;
    const resources = { limits: { memory: limit }, requests: { memory: request } };
    const patch = { spec: { containers: [{ name: 'app', resources }] } };
    const what = ['pod', name, '-n', namespace];
    const sizes = (/** @type {object} */ inForce) =>
      pod.status.containerStatuses.map((/** @type {any} */ status) => ({ ...status, resources: inForce }));
    const before = pod.spec.containers[0].resources;
    // The API server takes a node whose kubelet does not say what is in force for one that cannot resize.
    await patchStatus(cluster, what, { containerStatuses: sizes(before) });
    const args = ['patch', ...what, '--field-manager', by, '--subresource=resize', '-p', JSON.stringify(patch)];
    await cluster.kubectl(args);
    await patchStatus(cluster, what, {
      containerStatuses: sizes(waits ? before : { ...before, ...resources }),
      ...(waits && { conditions: [...pod.status.conditions, { type: 'PodResizePending', status: 'True', ...waits }] }),
    });
  }
}

/**
 * @param {Cluster} cluster
 * @param {string[]} what
 * @param {object} status
 */
async function patchStatus(cluster, what, status) {
  const patch = JSON.stringify({ status });
  await cluster.kubectl(['patch', ...what, '--subresource=status', '--type=merge', '-p', patch]);
}
