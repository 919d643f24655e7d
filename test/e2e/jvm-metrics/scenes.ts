/** A namespace in which Prometheus looks for monitors, and one in which it does not. */
export const SHOP = 'jvm-shop';
export const APART = 'jvm-apart';
export const MONITORING = 'monitoring';

export const ACTUATOR = '/actuator/prometheus';

export const JVM_PAGE = [
  '# HELP jvm_memory_used_bytes The amount of used memory',
  '# TYPE jvm_memory_used_bytes gauge',
  'jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 1.2E8',
  'jvm_memory_max_bytes{area="heap",id="G1 Old Gen"} 5.0E8',
  '',
].join('\n');
export const OTHER_PAGE = '# TYPE http_requests_total counter\nhttp_requests_total 7\n';

/** A Deployment that looks like a JVM, its Service, and what asks for its metrics. */
export interface Scene {
  readonly name: string;
  readonly namespace: string;
  /** What its pods answer, by path. */
  readonly pages: Readonly<Record<string, string>>;
  /** Where Prometheus gets to, as the operator would have it scrape: the path of its monitor. */
  readonly scraped?: string;
  readonly monitor?: MonitorOf;
}

interface MonitorOf {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly selects?: Readonly<Record<string, string>>;
  readonly port?: string;
  readonly path?: string;
}

const answering = { [ACTUATOR]: JVM_PAGE };

export const SCENES: readonly Scene[] = [
  { name: 'right', namespace: SHOP, pages: answering, scraped: ACTUATOR, monitor: {} },
  { name: 'arriving', namespace: SHOP, pages: { [ACTUATOR]: OTHER_PAGE }, scraped: ACTUATOR, monitor: {} },
  { name: 'bare', namespace: SHOP, pages: answering },
  { name: 'gone', namespace: SHOP, pages: {}, scraped: ACTUATOR, monitor: {} },
  { name: 'path', namespace: SHOP, pages: answering, scraped: '/metrics', monitor: { path: '/metrics' } },
  { name: 'port', namespace: SHOP, pages: answering, monitor: { port: 'http' } },
  { name: 'labels', namespace: SHOP, pages: answering, monitor: { selects: { app: 'label' } } },
  { name: 'unlabelled', namespace: SHOP, pages: answering, monitor: { labels: {} } },
  { name: 'elsewhere', namespace: SHOP, pages: answering, monitor: { namespace: MONITORING } },
  { name: 'apart', namespace: APART, pages: answering, monitor: {} },
];

/** The objects of a scene whose pods listen on `port`. */
export function objectsOf({ name, namespace, monitor }: Scene, port: number): readonly object[] {
  const labels = { app: name };
  const container = { name: 'app', image: 'eclipse-temurin:21', ports: [{ name: 'web', containerPort: port }] };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { selector: labels, ports: [{ name: 'service-api', port: 80, targetPort: 'web' }] },
    },
    ...(monitor === undefined ? [] : [monitorOf(name, namespace, monitor)]),
  ];
}

const PICKED = { release: 'kube-prometheus-stack' };

function monitorOf(name: string, namespace: string, monitor: MonitorOf): object {
  const { selects = { app: name }, labels = PICKED, port = 'service-api', path = ACTUATOR } = monitor;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name, namespace: monitor.namespace ?? namespace, labels },
    spec: { selector: { matchLabels: selects }, endpoints: [{ port, path, interval: '30s' }] },
  };
}

/** The Prometheus of the operator, which nothing runs: its selectors are what matters. */
export const PROMETHEUS = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'Prometheus',
  metadata: { name: 'k8s', namespace: MONITORING },
  spec: {
    serviceMonitorSelector: { matchLabels: PICKED },
    serviceMonitorNamespaceSelector: { matchLabels: { monitored: 'yes' } },
  },
};

export function namespaceOf(name: string): object {
  const labels = name === SHOP ? { monitored: 'yes' } : {};
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
