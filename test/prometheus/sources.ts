import type { Series } from './real-engines.ts';

/** The time of the inspection: the history ends then. */
export const AT = 1_700_006_400;
const HOUR = 3600;
const STEP = 300;
/** When the container was killed and started again. */
export const KILLED = AT - 3 * HOUR;
const BEGIN = AT - 26 * HOUR;

/** What one container did, whoever tells of it: a name as cAdvisor or the exporter has it, and its value. */
const PAST = {
  container_memory_working_set_bytes: (t: number) => (t < KILLED ? 1900 : 1000),
  container_memory_rss: () => 600,
  container_memory_mapped_file: () => 50,
  container_memory_total_active_file_bytes: () => 200,
  container_start_time_seconds: (t: number) => (t < KILLED ? BEGIN : KILLED),
  container_oom_events_total: (t: number) => (t < KILLED ? 0 : 1),
  kube_pod_container_resource_limits: () => 2000,
  kube_pod_container_resource_requests: () => 1000,
  kube_pod_container_status_restarts_total: (t: number) => (t < KILLED ? 0 : 1),
  kube_pod_container_status_last_terminated_reason: (t: number) => (t < KILLED ? undefined : 1),
} as const;

type Metric = keyof typeof PAST;

function series(metric: Metric, name: string, labels: Readonly<Record<string, string>>): Series {
  const samples: [number, number][] = [];
  for (let t = BEGIN; t <= AT; t += STEP) {
    const value = PAST[metric](t);
    if (value !== undefined) samples.push([t, value]);
  }
  const dotted = name.includes('.') ? [`"${name}"`] : [];
  const pairs = Object.entries(labels).map(([label, value]) => `${quoteDotted(label)}="${value}"`);
  return { metric: `${dotted.length > 0 ? '' : name}{${[...dotted, ...pairs].join(',')}}`, samples };
}

const quoteDotted = (name: string) => (name.includes('.') ? `"${name}"` : name);

const container = { namespace: 'shop', pod: 'web-1', container: 'app' };
const exporterMore: Partial<Record<Metric, Readonly<Record<string, string>>>> = {
  kube_pod_container_resource_limits: { resource: 'memory', unit: 'byte' },
  kube_pod_container_resource_requests: { resource: 'memory', unit: 'byte' },
  kube_pod_container_status_last_terminated_reason: { reason: 'OOMKilled' },
};

const isExporters = (metric: string) => metric.startsWith('kube_');
const ALL = Object.keys(PAST) as Metric[];

function kubelet(metrics: readonly Metric[], more: Readonly<Record<string, string>>): Series[] {
  const labels = { ...container, id: '/kubepods/x', image: 'web:1', ...more };
  return metrics.map((metric) => series(metric, metric, labels));
}

function exporter(metrics: readonly Metric[], labels: Readonly<Record<string, string>>): Series[] {
  return metrics.map((metric) => series(metric, metric, { ...labels, uid: 'u-1', ...exporterMore[metric] }));
}

/** What the receivers of OpenTelemetry's collector tell, under the names that `named` gives to metrics and labels. */
function openTelemetry(named: (name: string, unit: string) => string, resource: 'promoted' | 'left out'): Series[] {
  const attributes = {
    'k8s.namespace.name': 'shop',
    'k8s.pod.name': 'web-1',
    'k8s.container.name': 'app',
    'k8s.pod.uid': 'u-1',
  };
  const told = Object.entries(attributes).map(([name, value]) => [named(name, ''), value] as const);
  const labels = { job: 'otel', ...(resource === 'promoted' ? Object.fromEntries(told) : {}) };
  return [
    series('container_memory_working_set_bytes', named('container.memory.working_set', 'bytes'), labels),
    series('container_memory_rss', named('container.memory.rss', 'bytes'), labels),
    series('kube_pod_container_resource_limits', named('k8s.container.memory_limit', 'bytes'), labels),
    series('kube_pod_container_resource_requests', named('k8s.container.memory_request', 'bytes'), labels),
    series('kube_pod_container_status_restarts_total', named('k8s.container.restarts', ''), labels),
  ];
}

const translate = (name: string, unit = '') => `${name.replaceAll('.', '_')}${unit && `_${unit}`}`;
const usage = ALL.filter((metric) => !isExporters(metric));
const MINIMAL: readonly Metric[] = ['container_memory_working_set_bytes', 'container_memory_rss'];

const usual = [...kubelet(usage, { job: 'kubelet' }), ...exporter(ALL.filter(isExporters), container)];
const promoted = openTelemetry(translate, 'promoted');

/** The same past as each source writes it, by the first cell of its row in docs/SOURCES.md. */
export const SOURCES: Readonly<Record<string, readonly Series[]>> = {
  'cAdvisor and kube-state-metrics': usual,
  'cAdvisor alone': kubelet(usage, { job: 'kubelet' }),
  'Azure Monitor, minimal list': [
    ...kubelet(MINIMAL, { job: 'cadvisor', cluster: 'aks' }),
    ...exporter(ALL.filter(isExporters), container),
  ],
  'Google Cloud, managed collection': [
    ...kubelet(MINIMAL, { job: 'kubelet-cadvisor', cluster: 'gke', location: 'europe-west1' }),
    ...exporter(ALL.filter(isExporters), {
      namespace: 'gke-managed-cim',
      pod: 'kube-state-metrics-0',
      container: 'kube-state-metrics',
      exported_namespace: 'shop',
      exported_pod: 'web-1',
      exported_container: 'app',
      cluster: 'gke',
    }),
  ],
  'OpenTelemetry, names translated': promoted,
  'OpenTelemetry, names translated without units': openTelemetry((name) => translate(name), 'promoted'),
  'OpenTelemetry, UTF-8 names': openTelemetry((name) => name, 'promoted'),
  'OpenTelemetry with kube-state-metrics': [...promoted.slice(0, 2), ...exporter(ALL.filter(isExporters), container)],
  'cAdvisor and OpenTelemetry': [...usual, ...promoted],
  'OpenTelemetry, resource attributes not promoted': openTelemetry(translate, 'left out'),
};

/** Sources whose names only an engine of UTF-8 names keeps. */
export const isUtf8 = (source: string) => source.includes('UTF-8');
