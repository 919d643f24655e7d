import type { Kubectl } from '../../kubectl/kubectl.ts';
import { parseJson } from '../../text/json-scan.ts';
import { excerpt } from './failure.ts';

/** What is read of a Service. */
interface Service {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly spec?: {
    readonly ports?: readonly { readonly name?: string; readonly port?: number; readonly appProtocol?: string }[];
  };
}

/** Label selectors of services that answer PromQL, the likeliest first, and the path below which they do. */
const WELL_KNOWN: readonly { readonly selector: string; readonly prefix?: string }[] = [
  {
    selector: 'app in (kube-prometheus-stack-prometheus,prometheus-operator-prometheus,rancher-monitoring-prometheus)',
  },
  { selector: 'app.kubernetes.io/name=prometheus,app.kubernetes.io/component notin (operator,alertmanager,exporter)' },
  { selector: 'app=prometheus,component in (server,prometheus)' },
  { selector: 'operated-prometheus=true' },
  { selector: 'app.kubernetes.io/name in (vmsingle,victoria-metrics-single)' },
  { selector: 'app.kubernetes.io/name in (thanos-query,thanos-query-frontend)' },
  { selector: 'app.kubernetes.io/name=vmselect', prefix: '/select/0/prometheus' },
  {
    selector: 'app.kubernetes.io/name=mimir,app.kubernetes.io/component in (gateway,query-frontend)',
    prefix: '/prometheus',
  },
];

const PORT_NAMES = ['http-web', 'web', 'http', 'http-query', 'http-metrics', 'https'];

/**
 * Looks for the Prometheus service by its well-known labels in all namespaces. Gives its cluster URL, or why there is
 * none: the right is missing, or nothing has the labels.
 */
export async function discoverUrl(kubectl: Kubectl): Promise<{ url: string } | { why: string }> {
  for (const { selector, prefix } of WELL_KNOWN) {
    const path = `/api/v1/services?limit=50&labelSelector=${encodeURIComponent(selector)}`;
    const result = await kubectl.run(['get', '--raw', path], { timeoutSeconds: 20 });
    if (result.exitCode !== 0) return { why: excerpt(result.stderr) };
    const urls = readServices(result.stdout)
      .map((service) => urlOf(service, prefix ?? ''))
      .filter((url) => url !== undefined)
      .sort();
    if (urls[0] !== undefined) return { url: urls[0] };
  }
  return { why: 'no service has the labels of Prometheus, Thanos, VictoriaMetrics or Mimir' };
}

function readServices(text: string): readonly Service[] {
  try {
    const list = parseJson(text);
    const items = typeof list === 'object' && list !== null && 'items' in list ? list.items : undefined;
    return Array.isArray(items) ? items : [];
  } catch {
    return [];
  }
}

function urlOf(service: Service, prefix: string): string | undefined {
  const { name, namespace } = service.metadata ?? {};
  const ports = service.spec?.ports ?? [];
  const port = PORT_NAMES.map((wanted) => ports.find((each) => each.name === wanted)).find(Boolean) ?? ports[0];
  if (!name || !namespace || port?.port === undefined) return undefined;
  const scheme = port.name === 'https' || port.appProtocol === 'https' || port.port === 443 ? 'https' : 'http';
  return `${scheme}://${name}.${namespace}.svc:${port.port}${prefix}`;
}
