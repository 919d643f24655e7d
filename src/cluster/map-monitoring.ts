import { z } from 'zod';
import type {
  LabelSelector,
  SeenCollector,
  SeenMonitor,
  SeenMonitorEndpoint,
  SeenPrometheus,
  SeenService,
} from '../model/scraping.ts';
import type { ObjectMeta } from './api-types.ts';
import { keepLabels } from './read-scrape-marks.ts';
import { secondsOf } from './seconds-of.ts';

/*
 * Objects of the operators that have pods scraped. Whoever defines a foreign resource need not say of what kind its fields
 * are: an object that is otherwise is none.
 */

/** Of a list within one object. */
const MOST = 50;
const text = z.string().transform((value) => value.slice(0, 300));
const labels = z.record(z.string(), z.string()).transform((value) => keepLabels(value));
const list = <T extends z.ZodType>(item: T) => z.array(item).transform((items) => items.slice(0, MOST));
const selector = z.object({
  matchLabels: labels.nullish(),
  matchExpressions: list(z.object({ key: text, operator: text, values: list(text).nullish() })).nullish(),
});
const namespaceSelector = z.object({ any: z.boolean().nullish(), matchNames: list(text).nullish() });
const anything = z.unknown().optional();

const endpoint = z.object({
  port: text.nullish(),
  portNumber: z.number().int().nullish(),
  targetPort: z.union([z.number().int(), text]).nullish(),
  path: text.nullish(),
  scheme: text.nullish(),
  basicAuth: anything,
  authorization: anything,
  oauth2: anything,
  // The operator's own clients write an empty one where there is none.
  bearerTokenSecret: z.object({ key: text.nullish() }).nullish(),
  bearerTokenFile: text.nullish(),
});

const monitorSpec = z.object({
  namespaceSelector: namespaceSelector.nullish(),
  selector: selector.nullish(),
  endpoints: list(endpoint).nullish(),
  podMetricsEndpoints: list(endpoint).nullish(),
});

const prometheusSpec = z.object({
  serviceMonitorSelector: selector.nullish(),
  serviceMonitorNamespaceSelector: selector.nullish(),
  podMonitorSelector: selector.nullish(),
  podMonitorNamespaceSelector: selector.nullish(),
  probeSelector: anything,
  scrapeConfigSelector: anything,
  ignoreNamespaceSelectors: z.boolean().nullish(),
});

const collectorSpec = z.object({
  namespaceSelector: namespaceSelector.nullish(),
  selector: selector.nullish(),
  kubernetesSDConfigs: list(z.object({ namespaces: z.object({ names: list(text).nullish() }).nullish() })).nullish(),
});

/** An object as the API server lists it. */
export interface AnyObject {
  readonly metadata?: ObjectMeta;
  readonly spec?: unknown;
}

export function mapMonitor(kind: SeenMonitor['kind']): (item: AnyObject) => SeenMonitor | undefined {
  return ({ metadata, spec }) => {
    const parsed = monitorSpec.safeParse(spec);
    if (!parsed.success || metadata === undefined) return undefined;
    const { data } = parsed;
    const changedAt = changedAtOf(metadata);
    return {
      kind,
      ...nameOf(metadata),
      ...(changedAt !== undefined && { changedAt }),
      labels: keepLabels(metadata.labels),
      reaches: reachesOf(data.namespaceSelector),
      selector: selectorOf(data.selector) ?? {},
      endpoints: ((kind === 'ServiceMonitor' ? data.endpoints : data.podMetricsEndpoints) ?? []).map(mapEndpoint),
    };
  };
}

function mapEndpoint(one: z.infer<typeof endpoint>): SeenMonitorEndpoint {
  const targetPort = one.portNumber ?? one.targetPort;
  const { basicAuth, authorization, oauth2, bearerTokenSecret, bearerTokenFile } = one;
  const hasToken = Boolean(bearerTokenSecret?.key || bearerTokenFile);
  const secured = hasToken || [basicAuth, authorization, oauth2].some(isGiven);
  return {
    ...(one.port ? { port: one.port } : {}),
    ...(targetPort === undefined || targetPort === null || targetPort === '' ? {} : { targetPort }),
    path: one.path || '/metrics',
    ...(one.scheme?.toLowerCase() === 'https' && { https: true }),
    ...(secured && { secured: true }),
  };
}

export function mapPrometheus(kind: SeenPrometheus['kind']): (item: AnyObject) => SeenPrometheus | undefined {
  return ({ metadata, spec }) => {
    const parsed = prometheusSpec.safeParse(spec);
    if (!parsed.success || metadata === undefined) return undefined;
    const { data } = parsed;
    const selectors = {
      serviceMonitors: selectorOf(data.serviceMonitorSelector),
      podMonitors: selectorOf(data.podMonitorSelector),
      serviceMonitorNamespaces: selectorOf(data.serviceMonitorNamespaceSelector),
      podMonitorNamespaces: selectorOf(data.podMonitorNamespaceSelector),
    };
    const chooses = [selectors.serviceMonitors, selectors.podMonitors, data.probeSelector, data.scrapeConfigSelector];
    return {
      kind,
      ...nameOf(metadata),
      ...Object.fromEntries(Object.entries(selectors).filter(([, value]) => value !== undefined)),
      ...(data.ignoreNamespaceSelectors && { ownNamespacesOnly: true }),
      ...(!chooses.some(isGiven) && { unmanaged: true }),
    };
  };
}

export function mapCollector(kind: SeenCollector['kind']): (item: AnyObject) => SeenCollector | undefined {
  return ({ metadata, spec }) => {
    const parsed = collectorSpec.safeParse(spec);
    if (!parsed.success || metadata === undefined) return undefined;
    const { namespaceSelector: chosen, selector: own, kubernetesSDConfigs: found } = parsed.data;
    const name = nameOf(metadata);
    if (kind === 'ScrapeConfig') {
      if (!found || found.length === 0) return undefined;
      const names = found.map(({ namespaces }) => namespaces?.names ?? []);
      return { kind, ...name, reaches: names.some(({ length }) => length === 0) ? 'any' : names.flat() };
    }
    return { kind, ...name, reaches: reachesOf(chosen), selector: selectorOf(own) ?? {} };
  };
}

const serviceSpec = z.object({
  selector: labels.nullish(),
  ports: list(
    z.object({ name: text.nullish(), port: z.number().int(), targetPort: z.union([z.number().int(), text]).nullish() }),
  ).nullish(),
});

/** A Service that selects pods; `undefined` for others. */
export function mapService({ metadata, spec }: AnyObject): SeenService | undefined {
  const parsed = serviceSpec.safeParse(spec);
  if (!parsed.success || !parsed.data.selector || metadata === undefined) return undefined;
  const { selector: own, ports } = parsed.data;
  return {
    ...nameOf(metadata),
    labels: keepLabels(metadata.labels),
    selector: own,
    ...(metadata.annotations?.['prometheus.io/scrape'] === 'true' && { annotated: true }),
    ports: (ports ?? []).map(({ name, port, targetPort }) => ({
      ...(name ? { name } : {}),
      port,
      targetPort: targetPort ?? port,
    })),
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function nameOf({ namespace = '', name = '' }: ObjectMeta): { readonly namespace: string; readonly name: string } {
  return { namespace: namespace.slice(0, 300), name: name.slice(0, 300) };
}

function reachesOf(chosen: z.infer<typeof namespaceSelector> | null | undefined): SeenMonitor['reaches'] {
  if (chosen?.any) return 'any';
  return chosen?.matchNames && chosen.matchNames.length > 0 ? chosen.matchNames : 'own';
}

/** `undefined` for none, which is another than an empty one. */
function selectorOf(found: z.infer<typeof selector> | null | undefined): LabelSelector | undefined {
  if (!found) return undefined;
  const { matchLabels, matchExpressions } = found;
  return {
    ...(matchLabels && { matchLabels }),
    ...(matchExpressions && {
      matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
        key,
        operator,
        ...(values && { values }),
      })),
    }),
  };
}

/** When somebody last changed it: the operator's own notes in its status do not count. */
function changedAtOf({ creationTimestamp, managedFields = [] }: ObjectMeta): number | undefined {
  const times = managedFields
    .filter(({ subresource = '' }) => subresource !== 'status')
    .map(({ time }) => time)
    .concat(creationTimestamp)
    .flatMap((time) => secondsOf(time) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}
