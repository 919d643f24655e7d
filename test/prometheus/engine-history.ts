import type { MeasureScope } from '../../src/prometheus/measure.ts';
import type { Series } from './real-engines.ts';

export const AT = 1_700_006_400;
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const scope: MeasureScope = {
  at: AT,
  windows: { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY },
  namespaces: ['a', 'b'],
  clusterLabel: 'cluster',
};

/** A sample every `step` seconds from `from` to `to`. */
export function every(step: number, from: number, to: number, valueAt: (t: number) => number): [number, number][] {
  const count = Math.floor((to - from) / step) + 1;
  return Array.from({ length: count }, (_, index) => [from + index * step, valueAt(from + index * step)]);
}

function cadvisor(name: string, pod: string, id: string, more = ''): string {
  return `container_${name}{namespace="a",pod="${pod}",container="app",id="${id}",job="kubelet"${more}}`;
}

function exporter(name: string, pod: string, more = ''): string {
  return `kube_pod_container_${name}{namespace="a",pod="${pod}",container="app",job="kube-state-metrics"${more}}`;
}

const steady = every(5 * MINUTE, AT - 2 * DAY, AT, () => 1000);
export const RESTART = AT - 2 * MINUTE;
export const OLD_POD = '0a1b2c3d-0000-4000-8000-00000000000a';
export const NEW_POD = '0a1b2c3d-0000-4000-8000-00000000000b';

/** Each pod is one trap. */
export const series: Series[] = [
  // Two of a high-availability pair tell the same; a pod-level row and the pause container are no containers.
  ...['0', '1'].map((replica) => ({
    metric: cadvisor('memory_working_set_bytes', 'pair', '/x', `,prometheus_replica="${replica}"`),
    samples: steady,
  })),
  { metric: 'container_memory_working_set_bytes{namespace="a",pod="pair",id="/pod"}', samples: steady },
  { metric: 'container_memory_working_set_bytes{namespace="a",pod="pair",container="POD",id="/p"}', samples: steady },
  {
    metric: cadvisor('memory_rss', 'pair', '/x'),
    samples: every(5 * MINUTE, AT - DAY, AT, (t) => (t > AT - DAY / 2 ? 800 : 600)),
  },
  // A peak of one sample, between the slots' ends.
  {
    metric: cadvisor('memory_working_set_bytes', 'spike', '/s'),
    samples: every(MINUTE, AT - DAY, AT, (t) => (t === AT - 5000 - ((AT - 5000) % MINUTE) ? 7000 : 1000)),
  },
  // Waits for memory a fifth of the last quarter, and has something in swap.
  {
    metric: cadvisor('pressure_memory_waiting_seconds_total', 'spike', '/s'),
    samples: every(MINUTE, AT - DAY, AT, (t) => Math.max(0, t - (AT - 6 * HOUR)) / 5),
  },
  { metric: cadvisor('memory_swap', 'spike', '/s'), samples: every(MINUTE, AT - DAY, AT, () => 4096) },
  // Restarted two minutes ago: the old container's row is still in sight.
  {
    metric: cadvisor('memory_working_set_bytes', 'restarted', '/old'),
    samples: every(MINUTE, AT - 2 * HOUR, RESTART, () => 9000),
  },
  {
    metric: cadvisor('start_time_seconds', 'restarted', '/old'),
    samples: every(MINUTE, AT - 2 * HOUR, RESTART, () => AT - 3 * DAY),
  },
  {
    metric: cadvisor('memory_working_set_bytes', 'restarted', '/new'),
    samples: every(MINUTE, RESTART + MINUTE, AT, () => 100),
  },
  {
    metric: cadvisor('start_time_seconds', 'restarted', '/new'),
    samples: every(MINUTE, RESTART + MINUTE, AT, () => RESTART),
  },
  {
    metric: exporter('status_restarts_total', 'restarted'),
    samples: every(MINUTE, AT - DAY, AT, (t) => (t > RESTART ? 3 : 2)),
  },
  {
    metric: exporter('status_last_terminated_reason', 'restarted', ',reason="OOMKilled"'),
    samples: every(MINUTE, RESTART + MINUTE, AT, () => 1),
  },
  { metric: cadvisor('oom_events_total', 'restarted', '/new'), samples: every(MINUTE, RESTART + MINUTE, AT, () => 1) },
  // An OOM event of long ago.
  { metric: cadvisor('oom_events_total', 'pair', '/x'), samples: every(5 * MINUTE, AT - 2 * DAY, AT, () => 4) },
  // The scrape renamed the exporter's labels, and two replicas of it run in an inspected namespace.
  ...['0', '1'].map((instance) => ({
    metric: `kube_pod_container_resource_limits{namespace="b",pod="ksm-${instance}",container="ksm",exported_namespace="a",exported_pod="pair",exported_container="app",resource="memory",uid="u",instance="${instance}"}`,
    samples: steady,
  })),
  {
    metric:
      'kube_pod_init_container_resource_limits{namespace="a",pod="pair",container="sidecar",resource="memory",uid="u"}',
    samples: steady,
  },
  {
    metric: exporter('resource_requests', 'pair', ',resource="memory",uid="u"'),
    samples: every(5 * MINUTE, AT - DAY, AT, () => 500),
  },
  {
    metric: exporter('resource_limits', 'pair', ',resource="cpu",uid="u"'),
    samples: every(5 * MINUTE, AT - DAY, AT, () => 2),
  },
  // A JVM whose scrape does not tell the container.
  ...[
    ['used', 'heap', 'Eden', 30],
    ['used', 'heap', 'Old', 40],
    ['used', 'nonheap', 'Metaspace', 9],
    ['max', 'heap', 'Eden', -1],
    ['max', 'heap', 'Old', 100],
  ].map(([what, area, pool, value]) => ({
    metric: `jvm_memory_${what}_bytes{namespace="a",pod="pair",area="${area}",id="${pool}"}`,
    samples: every(MINUTE, AT - 2 * HOUR, AT, (t) =>
      area === 'heap' && what === 'used' && t < AT - 30 * MINUTE && t > AT - 40 * MINUTE ? 10 : Number(value),
    ),
  })),
  // JVMs of two libraries whose scrapes tell the container; every hour one gets as much more as its last number says.
  ...(
    [
      ['micrometer', 'jvm_memory_used_bytes', 'area="heap",id="Old"', 4000, 0],
      ['micrometer', 'jvm_memory_used_bytes', 'area="nonheap",id="Metaspace"', 600, 100],
      ['micrometer', 'jvm_memory_committed_bytes', 'area="heap",id="Old"', 5000, 0],
      ['micrometer', 'jvm_memory_committed_bytes', 'area="nonheap",id="Metaspace"', 9000, 0],
      ['micrometer', 'jvm_buffer_memory_used_bytes', 'id="direct"', 70, 0],
      ['micrometer', 'jvm_buffer_memory_used_bytes', 'id="mapped"', 9000, 0],
      ['micrometer', 'jvm_threads_live_threads', '', 30, 0],
      ['otel', 'jvm_memory_used_bytes', 'jvm_memory_type="heap",jvm_memory_pool_name="Old"', 4000, 0],
      ['otel', 'jvm_memory_used_after_last_gc_bytes', 'jvm_memory_type="heap",jvm_memory_pool_name="Old"', 3000, 0],
      ['otel', 'jvm_buffer_memory_used_bytes', 'jvm_buffer_pool_name="direct"', 70, 0],
      ['otel', 'jvm_buffer_memory_used_bytes', 'jvm_buffer_pool_name="mapped"', 9000, 0],
      ['otel', 'jvm_thread_count', 'jvm_thread_daemon="true",jvm_thread_state="runnable"', 20, 0],
      ['otel', 'jvm_thread_count', 'jvm_thread_daemon="false",jvm_thread_state="runnable"', 5, 0],
    ] as const
  ).map(([pod, metric, labels, value, more]) => ({
    metric: `${metric}{namespace="a",pod="${pod}",container="jvm"${labels && `,${labels}`}}`,
    samples: every(MINUTE, AT - DAY, AT, (t) => value + more * Math.ceil((t - AT) / HOUR + 24)),
  })),
  // Replaced under the same name two hours ago.
  ...[
    { id: `/kubepods/pod${OLD_POD}/1`, from: AT - DAY, to: AT - 2 * HOUR, used: 6000, start: AT - 5 * DAY },
    { id: `/kubepods/pod${NEW_POD}/2`, from: AT - 2 * HOUR + MINUTE, to: AT, used: 300, start: AT - 2 * HOUR },
  ].flatMap(({ id, from, to, used, start }) => [
    { metric: cadvisor('memory_working_set_bytes', 'replaced', id), samples: every(MINUTE, from, to, () => used) },
    { metric: cadvisor('start_time_seconds', 'replaced', id), samples: every(MINUTE, from, to, () => start) },
  ]),
  // Gone since twelve hours, but part of the long peaks.
  {
    metric: cadvisor('memory_working_set_bytes', 'gone', '/g'),
    samples: every(5 * MINUTE, AT - 3 * DAY + MINUTE, AT - DAY / 2, () => 5000),
  },
];
