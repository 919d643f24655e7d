import { stringify } from 'yaml';
import type { Labels, ScrapeFix } from './model/jvm-metrics.ts';
import type { Json } from './text/yaml.ts';

export const MONITORING_GROUP = 'monitoring.coreos.com';
const API_VERSION = `${MONITORING_GROUP}/v1`;

export type AddMonitor = Extract<ScrapeFix, { readonly kind: 'add monitor' }>;
export type ChangeMonitor = Extract<ScrapeFix, { readonly kind: 'change monitor' }>;

/** What the file of a new monitor says of itself. */
export interface Named {
  readonly name: string;
  /** Absent where what applies the file gives it. */
  readonly namespace?: string;
}

const INTERVAL = '30s';

/** As YAML for readers of version 1.1 as well, which kubectl and the operators are: `yes` is a text only in quotes. */
export function writeYaml(value: unknown): string {
  return stringify(value, { compat: 'yaml-1.1' });
}

/** A new ServiceMonitor, as it is written. */
export function monitorOf(fix: AddMonitor, { name, namespace }: Named): { readonly [key: string]: Json } {
  const { labels, selects, port, path } = fix;
  return {
    apiVersion: API_VERSION,
    kind: 'ServiceMonitor',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
    },
    spec: {
      selector: { matchLabels: { ...selects } },
      endpoints: [{ port, path, interval: INTERVAL }],
    },
  };
}

/** The list of a monitor's endpoints. */
export function endpointsKey({ monitor: { kind } }: ChangeMonitor): 'endpoints' | 'podMetricsEndpoints' {
  return kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints';
}

/** What to write by hand: a whole monitor, or the part of one that changes. */
export function snippetOfMonitor(fix: ScrapeFix): string {
  return whyUnfit(fix) === undefined ? writeYaml(partOf(fix)) : '';
}

function partOf(fix: ScrapeFix): unknown {
  return fix.kind === 'add monitor' ? monitorOf(fix, fix) : { apiVersion: API_VERSION, ...changedPartOf(fix) };
}

/** Of a monitor, what names it and what changes. */
export function changedPartOf(fix: ChangeMonitor): { readonly [key: string]: Json } {
  const { kind, name, namespace } = fix.monitor;
  const { change } = fix;
  const head = { kind, metadata: { name, namespace } };
  if ('to' in change) return { ...head, spec: { [endpointsKey(fix)]: [{ [change.field]: change.to }] } };
  if (change.field === 'selector') return { ...head, spec: { selector: { matchLabels: { ...change.set } } } };
  return { ...head, metadata: { ...head.metadata, labels: { ...change.set } } };
}

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const PORT = NAMESPACE;
const PATH = /^\/[\w.~!&'()*+,;=:@%/?-]{0,500}$/;
const LABEL_PREFIX = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const LABEL = /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;

/** Why a fix is none that Kubernetes would take, or that selects everything; its texts come from the cluster. */
export function whyUnfit(fix: ScrapeFix): string | undefined {
  return fix.kind === 'add monitor' ? whyUnfitToAdd(fix) : whyUnfitToChange(fix);
}

function whyUnfitToAdd({ name, namespace, selects, labels, port, path }: AddMonitor): string | undefined {
  if (!NAME.test(name) || !NAMESPACE.test(namespace)) return 'its name or namespace is none that Kubernetes takes';
  if (Object.keys(selects).length === 0) return 'its Service has no labels to select it by: give it one';
  if (!areLabels(selects) || !areLabels(labels)) return 'a label is none that Kubernetes takes';
  if (!PORT.test(port)) return "the Service's port has no name that a ServiceMonitor could ask for: give it one";
  return PATH.test(path) ? undefined : 'the path of its metrics is none that can be written safely';
}

function whyUnfitToChange({ monitor, change }: ChangeMonitor): string | undefined {
  if (!NAME.test(monitor.name) || !NAMESPACE.test(monitor.namespace)) {
    return "the monitor's name or namespace is none that Kubernetes takes";
  }
  if ('set' in change) {
    return areLabels(change.set) && Object.keys(change.set).length > 0
      ? undefined
      : 'a label is none that Kubernetes takes';
  }
  if (change.field === 'port') return PORT.test(change.to) ? undefined : 'the port has no name that can be asked for';
  return PATH.test(change.to) ? undefined : 'the path of its metrics is none that can be written safely';
}

function areLabels(labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => {
    const slash = key.indexOf('/');
    const prefix = slash < 0 ? undefined : key.slice(0, slash);
    const isKey = LABEL.test(key.slice(slash + 1)) && (prefix === undefined || LABEL_PREFIX.test(prefix));
    return isKey && (value === '' || LABEL.test(value));
  });
}
