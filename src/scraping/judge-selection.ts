import type { BrokenLink, Labels } from '../model/jvm-metrics.ts';
import type { LabelSelector, Scraping, SeenMonitor, SeenPrometheus } from '../model/scraping.ts';
import { labelsFor, matchesSelector } from './selectors.ts';

type Answer = 'yes' | 'no' | 'unknown';

/** Whether a Prometheus of the operator picks a monitor up, or what keeps the likeliest one from it. */
export type Selection =
  | { readonly picked: 'yes' | 'unknown' }
  | { readonly picked: 'no'; readonly link: BrokenLink & { readonly kind: 'not selected' } };

/** Whether it is picked up for what is in a namespace. Without any Prometheus that was seen and follows its selectors, it is not known. */
export function judgeSelection(monitor: SeenMonitor, inNamespace: string, scraping: Scraping): Selection {
  const managed = scraping.prometheuses.filter(({ unmanaged }) => !unmanaged);
  const judged = managed.map((prometheus) => judgeOne(monitor, inNamespace, prometheus, scraping));
  if (judged.some(({ labels, namespace }) => labels === 'yes' && namespace === 'yes')) return { picked: 'yes' };
  const may = judged.some(({ labels, namespace }) => labels !== 'no' && namespace !== 'no');
  const unread = scraping.unseen.some(({ what }) => what === 'prometheuses');
  const likeliest = judged.find(({ namespace }) => namespace === 'yes') ?? judged[0];
  if (likeliest === undefined || may || unread || managed.length < scraping.prometheuses.length) {
    return { picked: 'unknown' };
  }
  const { prometheus, namespace, lacks } = likeliest;
  const name = `${prometheus.namespace}/${prometheus.name}`;
  const { kind, namespace: own, name: monitorName } = monitor;
  const link = {
    kind: 'not selected',
    monitor: { kind, namespace: own, name: monitorName },
    prometheus: name,
  } as const;
  if (namespace === 'no') return { picked: 'no', link: { ...link, by: 'namespace' } };
  return { picked: 'no', link: { ...link, by: 'labels', ...(lacks && { labels: lacks }) } };
}

interface Judged {
  readonly prometheus: SeenPrometheus;
  readonly labels: Answer;
  readonly namespace: Answer;
  readonly lacks?: Labels;
}

function judgeOne(monitor: SeenMonitor, inNamespace: string, prometheus: SeenPrometheus, scraping: Scraping): Judged {
  const selector = selectorFor(prometheus, monitor.kind);
  const labels = selector !== undefined && matchesSelector(selector, monitor.labels) ? 'yes' : 'no';
  const keptOut = prometheus.ownNamespacesOnly && monitor.namespace !== inNamespace;
  const lacks = selector && labelsFor(selector, monitor.labels);
  return {
    prometheus,
    labels,
    namespace: keptOut ? 'no' : takesNamespace(prometheus, monitor.kind, monitor.namespace, scraping),
    ...(lacks && { lacks }),
  };
}

export function selectorFor(prometheus: SeenPrometheus, kind: SeenMonitor['kind']): LabelSelector | undefined {
  return kind === 'ServiceMonitor' ? prometheus.serviceMonitors : prometheus.podMonitors;
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Whether a Prometheus looks for monitors in a namespace. */
export function takesNamespace(
  prometheus: SeenPrometheus,
  kind: SeenMonitor['kind'],
  namespace: string,
  { namespaces }: Scraping,
): Answer {
  const selector = kind === 'ServiceMonitor' ? prometheus.serviceMonitorNamespaces : prometheus.podMonitorNamespaces;
  if (selector === undefined) return prometheus.namespace === namespace ? 'yes' : 'no';
  const labels = namespaces.find(({ name }) => name === namespace)?.labels;
  const known = labels !== undefined || needsOnlyName(selector);
  if (!known) return 'unknown';
  return matchesSelector(selector, { [NAME_LABEL]: namespace, ...labels }) ? 'yes' : 'no';
}

/** Whether the name of a namespace tells whether it is selected. */
function needsOnlyName({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].every((key) => key === NAME_LABEL);
}
