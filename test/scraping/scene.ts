import type { JvmMetrics } from '../../src/model/jvm-metrics.ts';
import type {
  Scraping,
  SeenEndpoint,
  SeenMonitor,
  SeenPrometheus,
  SeenService,
  SeenTarget,
} from '../../src/model/scraping.ts';
import type { Workload } from '../../src/model/workload.ts';
import { diagnoseJvmMetrics } from '../../src/scraping/diagnose.ts';

export const AT = 1_790_000_000;
const HOUR = 3600;

/** A Deployment `shop/api` of one container, whose port 8080 is named `http`. */
export function jvmWorkload(more: Partial<Workload> = {}): Workload {
  return {
    ref: { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'api' },
    edit: { allowed: true },
    containers: [
      {
        name: 'app',
        kind: 'container',
        image: 'registry.example/api:1',
        limit: { state: 'absent' },
        request: { state: 'absent' },
        jvmBy: 'command',
      },
    ],
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    scrapeMarks: {
      labels: { app: 'api', 'pod-template-hash': 'abc' },
      annotations: {},
      ports: [{ container: 'app', name: 'http', number: 8080 }],
    },
    pods: [podOf('api-abc-1', AT - 24 * HOUR)],
    ...more,
  };
}

export function podOf(name: string, startedAt: number): Workload['pods'][number] {
  return {
    name,
    uid: `uid-${name}`,
    phase: 'Running',
    ready: true,
    deleting: false,
    createdAt: startedAt,
    containers: [
      {
        name: 'app',
        kind: 'container',
        injected: false,
        limit: { state: 'absent' },
        request: { state: 'absent' },
        running: true,
        startedAt,
        restarts: 0,
      },
    ],
  };
}

export const service: SeenService = {
  namespace: 'shop',
  name: 'api',
  labels: { app: 'api', team: 'a' },
  selector: { app: 'api' },
  ports: [{ name: 'service-api', port: 80, targetPort: 'http' }],
};

export const monitor: SeenMonitor = {
  kind: 'ServiceMonitor',
  namespace: 'shop',
  name: 'api',
  changedAt: AT - 24 * HOUR,
  labels: { release: 'kube-prometheus-stack' },
  reaches: 'own',
  selector: { matchLabels: { app: 'api' } },
  endpoints: [{ port: 'service-api', path: '/actuator/prometheus' }],
};

export const prometheus: SeenPrometheus = {
  kind: 'Prometheus',
  namespace: 'monitoring',
  name: 'k8s',
  serviceMonitors: { matchLabels: { release: 'kube-prometheus-stack' } },
  serviceMonitorNamespaces: {},
  podMonitors: {},
  podMonitorNamespaces: {},
};

export const target: SeenTarget = { namespace: 'shop', pod: 'api-abc-1', container: 'app', job: 'api', up: true };

/** Everything is right, and Prometheus has no target. */
export const scraping: Scraping = {
  at: AT,
  operator: 'there',
  servicesOf: ['shop'],
  services: [service],
  monitors: [monitor],
  prometheuses: [prometheus],
  namespaces: [],
  collectors: [],
  targets: [],
  endpoints: [],
  unseen: [],
};

interface Scene {
  readonly workloads?: readonly Workload[];
  /** Pods of which Prometheus has the heap. */
  readonly heapOf?: readonly string[];
  readonly named?: readonly string[];
}

/** What is said of the JVMs of a scene. */
export function diagnoseScene(
  seen: Partial<Scraping>,
  { workloads = [jvmWorkload()], heapOf = [], named = [] }: Scene = {},
): readonly JvmMetrics[] {
  const measurements = heapOf.map((pod) => ({
    namespace: 'shop',
    pod,
    container: 'app',
    averages: [],
    slowAverages: [],
    rss: [],
    mappedFile: [],
    activeFile: [],
    starts: [],
    restarts: [],
    oomReason: [],
    heap: {},
  }));
  const cluster = { namespaces: ['shop'], workloads, bounds: [], notes: [] };
  return diagnoseJvmMetrics({ scraping: { ...scraping, ...seen }, measurements, cluster }, named);
}

/** A pod that answers itself with the metrics of a JVM. */
export const working: SeenEndpoint = {
  namespace: 'shop',
  pod: 'api-abc-1',
  port: 8080,
  path: '/actuator/prometheus',
  answer: { kind: 'metrics', jvm: true },
};

/** What is said of the only JVM of a scene in which its endpoint works. */
export function told(seen: Partial<Scraping>) {
  const [only] = diagnoseScene({ endpoints: [working], ...seen });
  return only?.state === 'broken' ? { link: only.link, fix: only.fix } : only;
}

/** The monitor that is changed, if one is. */
export function changed(seen: Partial<Scraping>): string | undefined {
  const one = told(seen);
  return one && 'fix' in one && one.fix?.kind === 'change monitor' ? one.fix.monitor.name : undefined;
}
