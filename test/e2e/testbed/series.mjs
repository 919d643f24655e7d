import { createHash } from 'node:crypto';

/** @typedef {import('./history.mjs').Series} Series */

/** @typedef {{ working: number, active?: number, mapped?: number }} Memory bytes; `active` is page cache in use */

/** @typedef {{ from: number, to: number, ended?: 'OOMKilled' | 'Error' | 'Completed' }} Run seconds since the epoch */

/**
 * @typedef {object} ContainerPast
 * @property {string} name
 * @property {string} image
 * @property {boolean} init an init container, native sidecars among them
 * @property {{ memory?: number, cpu?: number }} limits
 * @property {{ memory: number, until: number }} [formerLimit]
 * @property {{ memory?: number, cpu?: number }} requests
 * @property {Run[]} runs
 * @property {number} formerRestarts restarts before the first run
 * @property {string} [formerReason] why the last of them ended
 * @property {(time: number, run: Run) => Memory} [memory] none for a container that cAdvisor does not know
 */

/**
 * @typedef {object} PodPast
 * @property {string} namespace
 * @property {string} name
 * @property {string} uid
 * @property {string} node
 * @property {{ kind: string, name: string }} [owner]
 * @property {{ kind: string, name: string }} [replicaSetOwner]
 * @property {number} exporters
 * @property {number} born seconds since the epoch, as the next one
 * @property {number} gone when its last series ended
 * @property {ContainerPast[]} containers
 */

const MI = 1024 * 1024;

/**
 * All series that a cluster with the usual monitoring stack has of a pod.
 *
 * @param {PodPast} pod
 * @returns {Series[]}
 */
export function podSeries(pod) {
  return [
    ...pod.containers.flatMap((container) => cadvisorSeries(pod, container)),
    ...podLevelSeries(pod),
    ...exporterSeries(pod),
  ];
}

/** @param {PodPast} pod */
function kubeletLabels(pod) {
  const number = Number(pod.node.match(/\d+$/)?.[0] ?? 0);
  return {
    endpoint: 'https-metrics',
    instance: `10.0.${number}.1:10250`,
    job: 'kubelet',
    metrics_path: '/metrics/cadvisor',
    namespace: pod.namespace,
    node: pod.node,
    pod: pod.name,
    service: 'prometheus-kube-prometheus-kubelet',
  };
}

/** @param {PodPast} pod */
const slice = (pod) =>
  `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod.uid.replaceAll('-', '_')}.slice`;

/** @param {...(string | number)} parts */
const containerId = (...parts) => createHash('sha256').update(parts.join('/')).digest('hex');

/**
 * @param {PodPast} pod
 * @param {ContainerPast} container
 * @returns {Series[]}
 */
function cadvisorSeries(pod, container) {
  const { memory } = container;
  if (!memory) return [];
  return container.runs.flatMap((run) => {
    const id = containerId(pod.uid, container.name, run.from);
    const labels = {
      ...kubeletLabels(pod),
      container: container.name,
      id: `${slice(pod)}/cri-containerd-${id}.scope`,
      image: container.image,
      name: id,
    };
    const { from, to } = run;
    /** @type {(metric: string, value: (time: number) => number, long?: boolean) => Series} */
    const series = (metric, value, long) => ({ metric, labels, value, from, to, long });
    const at = (/** @type {number} */ time) => memory(time, run);
    return [
      series('container_memory_working_set_bytes', (time) => Math.round(at(time).working), true),
      series('container_memory_rss', (time) => Math.round(residentOf(at(time)))),
      series('container_memory_mapped_file', (time) => Math.round(mappedOf(at(time)))),
      series('container_memory_cache', (time) => Math.round((at(time).active ?? 0) * 1.4)),
      series('container_memory_total_active_file_bytes', (time) => Math.round(at(time).active ?? 0)),
      series('container_start_time_seconds', () => run.from),
      series('container_oom_events_total', (time) => (run.ended === 'OOMKilled' && time > run.to - 120 ? 1 : 0)),
    ];
  });
}

/** @param {Memory} memory */
const residentOf = ({ working, active = 0 }) => Math.max(0, working - active - Math.min(4 * MI, working * 0.02));

/** @param {Memory} memory */
const mappedOf = ({ active = 0, mapped }) => mapped ?? Math.min(active, 8 * MI);

/**
 * The rows without a container, and those of the pause container: what a naive
 * sum counts twice.
 *
 * @param {PodPast} pod
 * @returns {Series[]}
 */
function podLevelSeries(pod) {
  const measured = pod.containers.filter((container) => container.memory && container.runs.length > 0);
  if (measured.length === 0) return [];
  const { born: from, gone: to } = pod;
  const sum = (/** @type {number} */ time, /** @type {(memory: Memory) => number} */ part) => {
    let bytes = MI;
    for (const { memory, runs: own } of measured) {
      const run = own.find((one) => one.from <= time && time <= one.to);
      if (run && memory) bytes += part(memory(time, run));
    }
    return Math.round(bytes);
  };
  const whole = { ...kubeletLabels(pod), id: slice(pod) };
  const pauseId = containerId(pod.uid, 'POD');
  const pause = {
    ...kubeletLabels(pod),
    container: 'POD',
    id: `${slice(pod)}/cri-containerd-${pauseId}.scope`,
    image: 'registry.pigo.example/pause:3.10',
    name: pauseId,
  };
  return [
    {
      metric: 'container_memory_working_set_bytes',
      labels: whole,
      from,
      to,
      value: (time) => sum(time, (memory) => memory.working),
    },
    { metric: 'container_memory_rss', labels: whole, from, to, value: (time) => sum(time, residentOf) },
    {
      metric: 'container_memory_cache',
      labels: whole,
      from,
      to,
      value: (time) => sum(time, ({ active = 0 }) => active * 1.4),
    },
    { metric: 'container_start_time_seconds', labels: whole, from, to, value: () => from },
    { metric: 'container_memory_working_set_bytes', labels: pause, from, to, value: () => 577536 },
    { metric: 'container_memory_rss', labels: pause, from, to, value: () => 40960 },
    { metric: 'container_start_time_seconds', labels: pause, from, to, value: () => from },
  ];
}

/**
 * @param {PodPast} pod
 * @returns {Series[]}
 */
function exporterSeries(pod) {
  const { born: from, gone: to } = pod;
  /** @type {Series[]} */
  const series = [];
  for (let replica = 0; replica < pod.exporters; replica++) {
    const exporter = {
      endpoint: 'http',
      instance: `10.244.0.${9 + replica}:8080`,
      job: 'kube-state-metrics',
      service: 'prometheus-kube-state-metrics',
      namespace: pod.namespace,
    };
    const target = { ...exporter, pod: pod.name, uid: pod.uid };
    for (const container of pod.containers) series.push(...containerExporterSeries(pod, container, target));
    const owner = pod.owner ?? { kind: '<none>', name: '<none>' };
    series.push(
      { metric: 'kube_pod_start_time', labels: target, from, to, value: () => from },
      {
        metric: 'kube_pod_owner',
        labels: {
          ...target,
          owner_kind: owner.kind,
          owner_name: owner.name,
          owner_is_controller: pod.owner ? 'true' : '<none>',
        },
        from,
        to,
        value: () => 1,
      },
    );
    if (pod.owner && pod.replicaSetOwner) {
      const { kind, name } = pod.replicaSetOwner;
      const labels = {
        ...exporter,
        replicaset: pod.owner.name,
        owner_kind: kind,
        owner_name: name,
        owner_is_controller: 'true',
      };
      series.push({ metric: 'kube_replicaset_owner', labels, from, to, value: () => 1 });
    }
  }
  return series;
}

/**
 * @param {PodPast} pod
 * @param {ContainerPast} container
 * @param {Record<string, string>} target
 * @returns {Series[]}
 */
function containerExporterSeries(pod, container, target) {
  const prefix = container.init ? 'kube_pod_init_container' : 'kube_pod_container';
  const labels = { ...target, container: container.name };
  const { born: from, gone: to } = pod;
  /** @type {Series[]} */
  const series = [];
  for (const [name, amounts] of /** @type {const} */ ([
    ['limits', container.limits],
    ['requests', container.requests],
  ])) {
    for (const [resource, unit] of /** @type {const} */ ([
      ['memory', 'byte'],
      ['cpu', 'core'],
    ])) {
      const amount = amounts[resource];
      if (amount === undefined) continue;
      const former = name === 'limits' && resource === 'memory' ? container.formerLimit : undefined;
      series.push({
        metric: `${prefix}_resource_${name}`,
        labels: { ...labels, node: pod.node, resource, unit },
        from,
        to,
        value: (time) => (former !== undefined && time < former.until ? former.memory : amount),
      });
    }
  }
  const ended = container.runs.filter((run) => run.ended);
  series.push({
    metric: `${prefix}_status_restarts_total`,
    labels,
    from,
    to,
    // The kill that ends a pod's last run is never counted: the pod is gone.
    value: (time) => container.formerRestarts + ended.filter((run) => run.to <= time && run.to < to).length,
  });
  const reasons = new Set([
    ...(container.formerReason ? [container.formerReason] : []),
    ...ended.map((run) => run.ended ?? ''),
  ]);
  for (const reason of reasons) {
    series.push({
      metric: `${prefix}_status_last_terminated_reason`,
      labels: { ...labels, reason },
      from,
      to,
      value: (time) => {
        const last = ended.findLast((run) => run.to <= time);
        return (last?.ended ?? container.formerReason) === reason ? 1 : undefined;
      },
    });
  }
  return series;
}
