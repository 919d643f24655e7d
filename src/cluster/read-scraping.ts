import type { Kubectl } from '../kubectl/kubectl.ts';
import { createLimiter } from '../limit.ts';
import type { Unseen } from '../model/jvm-metrics.ts';
import type { LabelSelector, Scraping, SeenService, UnseenPart } from '../model/scraping.ts';
import type { ObjectMeta } from './api-types.ts';
import { type AnyObject, mapCollector, mapMonitor, mapPrometheus, mapService } from './map-monitoring.ts';
import { readApiGroups } from './read-api-groups.ts';
import { type Everywhere, type Reader, type Resource, readEverywhere } from './read-everywhere.ts';
import { type Pause, readObject } from './read-list.ts';
import { keepLabels } from './read-scrape-marks.ts';
import type { ReadScope } from './scope.ts';

const LISTS_AT_ONCE = 4;
/** Up to this many namespaces are asked one by one for their Services. */
const FEW = 5;
const OPERATOR = 'monitoring.coreos.com';
const VICTORIA = 'operator.victoriametrics.com';
const GOOGLE = 'monitoring.googleapis.com';

/** Where to look. */
export interface ScrapingScope {
  /** Those of the JVMs. */
  readonly namespaces: readonly string[];
  /** That of Prometheus, where its address tells. */
  readonly prometheusNamespace?: string;
  /** When it is read, in unix seconds. */
  readonly at: number;
}

/**
 * The objects that decide what Prometheus scrapes in the namespaces. What the rights do not allow is `unseen`, never an
 * error; without targets and endpoints.
 */
export async function readScraping(kubectl: Kubectl, scope: ScrapingScope, pause?: Pause): Promise<Scraping> {
  const reader: Reader = { kubectl, limit: createLimiter(LISTS_AT_ONCE), ...(pause ? { pause } : {}) };
  const groups = await readApiGroups(reader);
  const has = (group: string) => groups?.has(group) ?? false;
  const asks = groups === undefined || has(OPERATOR);
  const [services, monitors, prometheuses, collectors] = await Promise.all([
    readServices(reader, scope.namespaces),
    asks ? readMonitors(reader, scope) : { ...NOTHING, exists: false as const },
    asks ? readPrometheuses(reader, scope) : NOTHING,
    readCollectors(reader, scope, [
      ...(asks ? [SCRAPE_CONFIGS] : []),
      ...(has(VICTORIA) ? VICTORIA_SCRAPES : []),
      ...(has(GOOGLE) ? [POD_MONITORINGS] : []),
    ]),
  ]);
  const selectors = prometheuses.items.flatMap(({ serviceMonitorNamespaces, podMonitorNamespaces }) =>
    [serviceMonitorNamespaces, podMonitorNamespaces].flatMap((selector) => selector ?? []),
  );
  const named = [...scope.namespaces, ...monitors.items.map(({ namespace }) => namespace)];
  const namespaces = selectors.some(asksForLabels) ? await readNamespaces(reader, [...new Set(named)]) : [];
  return {
    at: scope.at,
    operator: sayOperator(has(OPERATOR), monitors.exists),
    servicesOf: services.namespaces,
    services: services.items,
    monitors: monitors.items,
    prometheuses: prometheuses.items,
    namespaces,
    collectors,
    targets: [],
    endpoints: [],
    unseen: [...services.unseen, ...monitors.unseen, ...prometheuses.unseen],
  };
}

function sayOperator(isListed: boolean, exists: boolean | undefined): Scraping['operator'] {
  if (exists === false) return 'none';
  return exists || isListed ? 'there' : 'unknown';
}

interface Part<T> {
  readonly items: readonly T[];
  readonly unseen: readonly UnseenPart[];
}
const NOTHING = { items: [], unseen: [] };

/** The Services of namespaces, and which of them could be read. */
export async function readServices(
  reader: Reader,
  names: readonly string[],
): Promise<Part<SeenService> & { readonly namespaces: readonly string[] }> {
  const wanted = new Set(names);
  const resource = { api: 'api/v1', name: 'services' };
  const all: ReadScope = { kind: 'cluster', keeps: (namespace) => wanted.has(namespace) };
  const found = await readAsAllowed(reader, names.length > FEW ? all : undefined, names, resource, mapService);
  const unread = unreadOf(found, names);
  return {
    items: found.items,
    namespaces: names.filter((name) => !unread.includes(name)),
    unseen: unread.map((namespace) => ({ what: 'services', namespace })),
  };
}

/** More Services, for which no right is missed. */
export async function readMoreServices(
  kubectl: Kubectl,
  scraping: Scraping,
  names: readonly string[],
): Promise<Scraping> {
  if (names.length === 0) return scraping;
  const { items, namespaces } = await readServices({ kubectl, limit: createLimiter(LISTS_AT_ONCE) }, names);
  return {
    ...scraping,
    servicesOf: [...scraping.servicesOf, ...namespaces],
    services: [...scraping.services, ...items],
  };
}

const ALL: ReadScope = { kind: 'cluster', keeps: () => true };

async function readMonitors(reader: Reader, scope: ScrapingScope) {
  const kinds = [
    ['ServiceMonitor', 'servicemonitors'],
    ['PodMonitor', 'podmonitors'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(([kind, name]) =>
      readAsAllowed(reader, ALL, placesOf(scope), { api: `apis/${OPERATOR}/v1`, name }, mapMonitor(kind)),
    ),
  );
  return {
    items: lists.flatMap(({ items }) => items),
    unseen: unseenOf('monitors', lists, scope),
    exists: existsAny(lists),
  };
}

/** Whether there is such a resource at all; `undefined` where a refusal hides it. */
function existsAny(lists: readonly Everywhere<unknown>[]): boolean | undefined {
  if (lists.some(({ failures }) => failures.length === 0)) return true;
  const isGone = lists.every(({ failures }) => failures.every(({ failure }) => failure.kind === 'not found'));
  return isGone ? false : undefined;
}

async function readPrometheuses(reader: Reader, scope: ScrapingScope) {
  const lists = await Promise.all([
    readAsAllowed(
      reader,
      ALL,
      placesOf(scope),
      { api: `apis/${OPERATOR}/v1`, name: 'prometheuses' },
      mapPrometheus('Prometheus'),
    ),
    readAsAllowed(
      reader,
      ALL,
      placesOf(scope),
      { api: `apis/${OPERATOR}/v1alpha1`, name: 'prometheusagents' },
      mapPrometheus('PrometheusAgent'),
    ),
  ]);
  // Those beside the Prometheus that is asked are the ones that matter.
  const unseen = isElsewhereUnread(lists.slice(0, 1), scope) ? [{ what: 'prometheuses' } as const] : [];
  return { items: lists.flatMap(({ items }) => items), unseen };
}

const SCRAPE_CONFIGS = [{ api: `apis/${OPERATOR}/v1alpha1`, name: 'scrapeconfigs' }, 'ScrapeConfig'] as const;
const VICTORIA_SCRAPES = [
  [{ api: `apis/${VICTORIA}/v1beta1`, name: 'vmservicescrapes' }, 'VMServiceScrape'],
  [{ api: `apis/${VICTORIA}/v1beta1`, name: 'vmpodscrapes' }, 'VMPodScrape'],
] as const;
const POD_MONITORINGS = [{ api: `apis/${GOOGLE}/v1`, name: 'podmonitorings' }, 'PodMonitoring'] as const;

/** What cannot be read of them is not missed: they only explain. */
async function readCollectors(
  reader: Reader,
  scope: ScrapingScope,
  resources: readonly (readonly [Resource, Scraping['collectors'][number]['kind']])[],
): Promise<Scraping['collectors']> {
  const lists = await Promise.all(
    resources.map(([resource, kind]) => readAsAllowed(reader, ALL, placesOf(scope), resource, mapCollector(kind))),
  );
  return lists.flatMap(({ items }) => items);
}

function placesOf({ namespaces, prometheusNamespace }: ScrapingScope): readonly string[] {
  return [...new Set([...namespaces, ...(prometheusNamespace === undefined ? [] : [prometheusNamespace])])];
}

/** What was read, and whether that is only what is in some namespaces. */
interface AsAllowed<T> extends Everywhere<T> {
  readonly narrowed: boolean;
}

/** The whole at first, where that is wanted; where it is refused, namespace by namespace. */
async function readAsAllowed<T>(
  reader: Reader,
  whole: ReadScope | undefined,
  names: readonly string[],
  resource: Resource,
  map: (item: AnyObject) => T | undefined,
): Promise<AsAllowed<T>> {
  if (whole !== undefined) {
    const found = await readEverywhere(reader, whole, resource, map);
    if (found.failures.every(({ failure }) => failure.kind !== 'forbidden')) return { ...found, narrowed: false };
  }
  return { ...(await readEverywhere(reader, { kind: 'namespaces', names }, resource, map)), narrowed: true };
}

/** The namespaces of which a list failed, all of them where it was that of the whole cluster. */
function unreadOf({ failures }: Everywhere<unknown>, names: readonly string[]): readonly string[] {
  const missed = failures.filter(({ failure }) => failure.kind !== 'not found').map(({ namespace }) => namespace);
  return missed.includes(undefined) ? names : names.filter((name) => missed.includes(name));
}

/** The namespaces of JVMs that were missed; and, without one, what may be elsewhere. */
function unseenOf(what: Unseen, lists: readonly AsAllowed<unknown>[], scope: ScrapingScope): readonly UnseenPart[] {
  const { namespaces } = scope;
  const missed = new Set(lists.flatMap((list) => unreadOf(list, namespaces)));
  return [
    ...namespaces.filter((name) => missed.has(name)).map((namespace) => ({ what, namespace })),
    ...(isElsewhereUnread(lists, scope) ? [{ what }] : []),
  ];
}

/** What is not beside the JVMs is likely to be beside Prometheus. */
function isElsewhereUnread(
  lists: readonly AsAllowed<unknown>[],
  { prometheusNamespace }: Pick<ScrapingScope, 'prometheusNamespace'>,
): boolean {
  return lists.some((list) => {
    if (unreadOf(list, ['']).length > 0) return true;
    return list.narrowed && (prometheusNamespace === undefined || unreadOf(list, [prometheusNamespace]).length > 0);
  });
}

/** Whether the name of a namespace is not enough. */
function asksForLabels({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  const keys = [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
  return keys.some((key) => key !== 'kubernetes.io/metadata.name');
}

const MOST_NAMESPACES = 50;

/** The labels of namespaces: of all at once, or of each that may be read. */
async function readNamespaces(reader: Reader, names: readonly string[]): Promise<Scraping['namespaces']> {
  const wanted = new Set(names);
  const map = ({ metadata }: { readonly metadata?: ObjectMeta }) =>
    metadata?.name !== undefined && wanted.has(metadata.name)
      ? { name: metadata.name, labels: keepLabels(metadata.labels) }
      : undefined;
  const all = await readEverywhere(reader, ALL, { api: 'api/v1', name: 'namespaces' }, map);
  if (all.failures.length === 0) return all.items;
  const single = await Promise.all(
    names.slice(0, MOST_NAMESPACES).map(async (name) => {
      const answer = await reader.limit(() => readObject(reader.kubectl, `/api/v1/namespaces/${name}`, reader.pause));
      return answer.ok ? answer.items.flatMap((item) => map(item as { readonly metadata?: ObjectMeta }) ?? []) : [];
    }),
  );
  return single.flat();
}
