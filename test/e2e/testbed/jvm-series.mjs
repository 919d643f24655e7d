/** @typedef {import('./history.mjs').Series} Series */
/** @typedef {import('./series.mjs').PodPast} PodPast */

const MI = 1024 * 1024;

/**
 * Micrometer's series of a JVM with the given heap, as a ServiceMonitor's
 * target labels make them.
 *
 * @param {PodPast} pod
 * @param {{ container: string, from: number, to: number, heapMax: number, live: number, nonHeap: number }} jvm bytes
 * @returns {Series[]}
 */
export function jvmSeries(pod, { container, from, to, heapMax, live, nonHeap }) {
  const target = {
    container,
    endpoint: 'http',
    instance: `10.244.1.7:8080`,
    job: 'pigo-api',
    namespace: pod.namespace,
    pod: pod.name,
    service: 'pigo-api',
  };
  /** @type {(metric: string, labels: Record<string, string>, value: (time: number) => number) => Series} */
  const one = (metric, labels, value) => ({ metric, labels: { ...target, ...labels }, from, to, value });
  // Eden fills and is emptied every ten minutes.
  const eden = (/** @type {number} */ time) => Math.round((heapMax - live) * 0.6 * ((time % 600) / 600));
  return [
    one('jvm_memory_used_bytes', { area: 'heap', id: 'G1 Old Gen' }, () => live),
    one('jvm_memory_used_bytes', { area: 'heap', id: 'G1 Eden Space' }, eden),
    one('jvm_memory_used_bytes', { area: 'heap', id: 'G1 Survivor Space' }, () => 16 * MI),
    one('jvm_memory_used_bytes', { area: 'nonheap', id: 'Metaspace' }, () => Math.round(nonHeap * 0.7)),
    one('jvm_memory_used_bytes', { area: 'nonheap', id: "CodeHeap 'profiled nmethods'" }, () =>
      Math.round(nonHeap * 0.3),
    ),
    one('jvm_memory_max_bytes', { area: 'heap', id: 'G1 Old Gen' }, () => heapMax),
    one('jvm_memory_max_bytes', { area: 'heap', id: 'G1 Eden Space' }, () => -1),
    one('jvm_memory_max_bytes', { area: 'heap', id: 'G1 Survivor Space' }, () => -1),
    one('jvm_memory_max_bytes', { area: 'nonheap', id: 'Metaspace' }, () => -1),
    one('jvm_memory_max_bytes', { area: 'nonheap', id: "CodeHeap 'profiled nmethods'" }, () => 122908672),
    one('jvm_gc_live_data_size_bytes', {}, () => live),
    one('jvm_memory_usage_after_gc', { area: 'heap', pool: 'long-lived' }, () => live / heapMax),
  ];
}
