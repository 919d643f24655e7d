import type { Labels, ScrapeFix } from '../model/jvm-metrics.ts';

/** What a fix would be in a manifest, as YAML to copy. */
export function snippetOfFix(fix: ScrapeFix): string {
  if (fix.kind === 'change monitor') return snippetOfChange(fix);
  const { namespace, name, selects, labels, port, path } = fix;
  return lines([
    'apiVersion: monitoring.coreos.com/v1',
    'kind: ServiceMonitor',
    'metadata:',
    `  name: ${scalar(name)}`,
    `  namespace: ${scalar(namespace)}`,
    ...(Object.keys(labels).length === 0 ? [] : ['  labels:', ...mapOf(labels, 4)]),
    'spec:',
    '  selector:',
    '    matchLabels:',
    ...mapOf(selects, 6),
    '  endpoints:',
    `    - port: ${scalar(port)}`,
    `      path: ${scalar(path)}`,
    '      interval: 30s',
  ]);
}

function snippetOfChange({ monitor, change }: ScrapeFix & { readonly kind: 'change monitor' }): string {
  const head = [`kind: ${monitor.kind}`, 'metadata:', `  name: ${scalar(monitor.name)}`];
  const namespace = `  namespace: ${scalar(monitor.namespace)}`;
  switch (change.field) {
    case 'labels':
      return lines([...head, namespace, '  labels:', ...mapOf(change.set, 4)]);
    case 'selector':
      return lines([...head, namespace, 'spec:', '  selector:', '    matchLabels:', ...mapOf(change.set, 6)]);
    default: {
      const list = monitor.kind === 'ServiceMonitor' ? 'endpoints' : 'podMetricsEndpoints';
      const value = `    - ${change.field}: ${scalar(change.to)} # was ${JSON.stringify(change.from)}`;
      return lines([...head, namespace, 'spec:', `  ${list}:`, value]);
    }
  }
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function mapOf(labels: Labels, indent: number): string[] {
  return Object.entries(labels).map(([key, value]) => `${' '.repeat(indent)}${scalar(key)}: ${scalar(value)}`);
}

/** What needs no quotes in YAML: nothing that could be a number, a truth or nothing. */
const PLAIN = /^(?!(?:true|false|yes|no|on|off|null|y|n)$)(?:\/|[a-z])[\w./-]*$/i;

function scalar(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text);
}
