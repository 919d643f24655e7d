/**
 * What a collector calls the memory of containers, and the labels that name them. Queries are written in cAdvisor's and
 * the exporter's names; where they select, the dialect's stand instead, and the vector gets the usual labels.
 */
export interface Dialect {
  readonly name: 'cadvisor' | 'opentelemetry' | 'opentelemetry-utf8';
  /** Its labels by the usual ones, as they stand in a selector. */
  readonly labels: Readonly<Record<(typeof LABELS)[number], string>>;
  /** Its names by what a query selects. A usage metric without one keeps its own, and has no series. */
  readonly metrics: Readonly<Record<string, readonly string[]>>;
}

export const LABELS = ['namespace', 'pod', 'container', 'id', 'uid'] as const;

const WORKING_SET = 'container_memory_working_set_bytes';
const RSS = 'container_memory_rss';
const RESTARTS = '__name__=~"kube_pod_container_status_restarts_total|kube_pod_init_container_status_restarts_total"';
const RESOURCES = '__name__=~"kube_pod_(init_)?container_resource_(limits|requests)(_memory_bytes)?"';
const LIMITS = 'kube_pod_container_resource_limits';

/** OpenTelemetry's kubelet and cluster receivers, names translated, with or without the unit. */
export const OPENTELEMETRY: Dialect = {
  name: 'opentelemetry',
  labels: {
    namespace: 'k8s_namespace_name',
    pod: 'k8s_pod_name',
    container: 'k8s_container_name',
    id: 'container_id',
    uid: 'k8s_pod_uid',
  },
  metrics: {
    [WORKING_SET]: [WORKING_SET, 'container_memory_working_set'],
    [RSS]: ['container_memory_rss_bytes', RSS],
    [RESTARTS]: ['k8s_container_restarts'],
    [LIMITS]: ['k8s_container_memory_limit_bytes', 'k8s_container_memory_limit'],
    [RESOURCES]: [
      'k8s_container_memory_limit_bytes',
      'k8s_container_memory_limit',
      'k8s_container_memory_request_bytes',
      'k8s_container_memory_request',
    ],
  },
};

/** OpenTelemetry's own names, which only an engine that knows quoted names can be asked for. */
export const OPENTELEMETRY_UTF8: Dialect = {
  name: 'opentelemetry-utf8',
  labels: {
    namespace: '"k8s.namespace.name"',
    pod: '"k8s.pod.name"',
    container: '"k8s.container.name"',
    id: '"container.id"',
    uid: '"k8s.pod.uid"',
  },
  metrics: {
    [WORKING_SET]: ['container.memory.working_set'],
    [RSS]: ['container.memory.rss'],
    [RESTARTS]: ['k8s.container.restarts'],
    [LIMITS]: ['k8s.container.memory_limit'],
    [RESOURCES]: ['k8s.container.memory_limit', 'k8s.container.memory_request'],
  },
};

export const OTHER_DIALECTS: readonly Dialect[] = [OPENTELEMETRY, OPENTELEMETRY_UTF8];

/** What a usage metric is called by cAdvisor, whatever dialect a row is in. */
export function canonicalMetric(name: string): string {
  return CANONICAL.get(name) ?? name;
}

const CANONICAL = new Map(
  OTHER_DIALECTS.flatMap(({ metrics }) =>
    [WORKING_SET, RSS].flatMap((name) => (metrics[name] ?? []).map((own) => [own, name] as const)),
  ),
);

/**
 * The dialect's names for what a query selects (a name, or a matcher of names); `undefined` where that is of no collector
 * of usage, and the dialect knows nothing like it.
 */
export function metricNamesOf(dialect: Dialect, metric: string): readonly string[] | undefined {
  const own = dialect.metrics[metric];
  if (own) return own;
  const names = /^__name__=~"([^"]*)"$/.exec(metric)?.[1]?.split('|') ?? [metric];
  if (names.every((name) => name.startsWith('container_')))
    return names.flatMap((name) => dialect.metrics[name] ?? [name]);
  return dialect === OPENTELEMETRY && names.every((name) => name.startsWith('jvm_')) ? names : undefined;
}
