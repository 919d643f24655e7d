/** @typedef {import('./cluster.mjs').Cluster} Cluster */
/** @typedef {import('../pigo/stories.mjs').Story} Story */

/**
 * Resizes pods in place as their workloads' stories tell, through the real `resize` subresource. There is no kubelet here:
 * what it would say in a pod's status, that it has made the change or why it has not, is written in its place.
 *
 * @param {Cluster} cluster
 * @param {any[]} pods as the API server lists them
 * @param {Record<string, Story>} stories
 * @param {number} at seconds since the epoch; the resizes are marked as made an hour before
 */
export async function resizeInPlace(cluster, pods, stories, at) {
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
    await backdateMarks(cluster, what, new Date((at - 3600) * 1000).toISOString().replace(/\.\d+/, ''));
  }
}

/**
 * The API server marks each change with the present time; the inspection looks at an earlier one.
 *
 * @param {Cluster} cluster
 * @param {string[]} what
 * @param {string} time
 */
async function backdateMarks(cluster, what, time) {
  const { stdout } = await cluster.kubectl(['get', ...what, '-o', 'json', '--show-managed-fields']);
  const { metadata } = JSON.parse(stdout);
  const value = metadata.managedFields.map((/** @type {any} */ mark) =>
    mark.subresource === 'resize' ? { ...mark, time } : mark,
  );
  const patch = JSON.stringify([{ op: 'replace', path: '/metadata/managedFields', value }]);
  await cluster.kubectl(['patch', ...what, '--type=json', '-p', patch]);
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
