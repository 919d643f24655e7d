import type { BrokenLink, Labels, MonitorRef, ScrapeFix } from '../model/jvm-metrics.ts';
import type { Scraping, SeenEndpoint, SeenPrometheus, SeenService, SeenServicePort } from '../model/scraping.ts';
import { findServices, leadOfServicePort } from './find-services.ts';
import { selectorFor, takesNamespace } from './judge-selection.ts';
import type { Jvm } from './list-jvms.ts';
import { hasLabels, labelsFor } from './selectors.ts';

/** What a fix is made of, beside the break itself. */
export interface FixEvidence {
  readonly jvm: Jvm;
  readonly scraping: Scraping;
  /** Where a pod answered with JVM metrics. */
  readonly answers?: SeenEndpoint;
  /** Of the monitor: the endpoint that is broken. */
  readonly index?: number;
}

/** What certainly mends a link; `undefined` where that is not known. */
export function chooseFix(link: BrokenLink, evidence: FixEvidence): ScrapeFix | undefined {
  const { index = 0 } = evidence;
  switch (link.kind) {
    case 'no monitor':
      return addMonitor(evidence);
    case 'port':
      return choosePort(link, evidence);
    case 'path': {
      const { monitor, path, answers } = link;
      if (answers === undefined || publishes(path, evidence)) return undefined;
      return { kind: 'change monitor', monitor, change: { field: 'path', endpoint: index, from: path, to: answers } };
    }
    case 'labels': {
      const set = link.found;
      // A label that the Service does not have can only be taken away, which may select too much.
      const known = Object.keys(link.wanted).every((key) => Object.hasOwn(set, key));
      return known ? { kind: 'change monitor', monitor: link.monitor, change: { field: 'selector', set } } : undefined;
    }
    case 'not selected': {
      const { labels: set, monitor } = link;
      return set && isClear(monitor, evidence.scraping)
        ? { kind: 'change monitor', monitor, change: { field: 'labels', set } }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether all Prometheuses that could pick a monitor up ask for the same labels: which of them is meant is not known. */
function isClear(ref: MonitorRef, scraping: Scraping): boolean {
  const monitor = scraping.monitors.find(
    ({ kind, namespace, name }) => kind === ref.kind && namespace === ref.namespace && name === ref.name,
  );
  const asked = scraping.prometheuses.flatMap((prometheus) => {
    if (prometheus.unmanaged || takesNamespace(prometheus, ref.kind, ref.namespace, scraping) === 'no') return [];
    const selector = selectorFor(prometheus, ref.kind);
    const labels = selector && labelsFor(selector, monitor?.labels ?? {});
    return labels === undefined ? [] : [JSON.stringify(Object.entries(labels).sort())];
  });
  return new Set(asked).size === 1;
}

/** Whether a path has metrics of another kind, which would no longer be asked for. */
function publishes(path: string, { scraping, answers }: FixEvidence): boolean {
  return scraping.endpoints.some(
    (one) =>
      one.namespace === answers?.namespace &&
      one.pod === answers.pod &&
      one.port === answers.port &&
      one.path === path &&
      one.answer.kind === 'metrics',
  );
}

/** The port at which a pod answered, or the only one that leads to the JVM. */
function choosePort(
  { monitor, wanted }: BrokenLink & { readonly kind: 'port' },
  { jvm, scraping, answers, index = 0 }: FixEvidence,
): ScrapeFix | undefined {
  const names =
    monitor.kind === 'ServiceMonitor'
      ? findServices(jvm, scraping).flatMap((service) => portsTo(service, jvm, answers?.port))
      : jvm.marks.ports
          .filter(({ container, number }) => container === jvm.container && number === (answers?.port ?? number))
          .map(({ name }) => name);
  const [to, ...others] = new Set(names);
  const asked = scraping.monitors.find(
    ({ kind, namespace, name }) => kind === monitor.kind && namespace === monitor.namespace && name === monitor.name,
  );
  // Where it names no port, there is nothing to replace.
  const replaced = asked?.endpoints[index]?.port === wanted;
  if (to === undefined || others.length > 0 || !replaced) return undefined;
  return { kind: 'change monitor', monitor, change: { field: 'port', endpoint: index, from: wanted, to } };
}

/** The names of the ports that lead to the JVM, or to the given port of it. */
function portsTo(service: SeenService, jvm: Jvm, port: number | undefined): readonly (string | undefined)[] {
  const leads = (one: SeenServicePort): boolean => {
    const lead = leadOfServicePort(one, jvm);
    return lead.to === 'jvm' && (port === undefined || lead.ports.includes(port));
  };
  return service.ports.filter(leads).map(({ name }) => name);
}

/** Only where a pod answered, and where it is known what Prometheus asks of a monitor. */
function addMonitor({ jvm, scraping, answers }: FixEvidence): ScrapeFix | undefined {
  const { ref } = jvm.workload;
  const unseen = scraping.unseen.some(({ what }) => what === 'monitors' || what === 'prometheuses');
  const asked = unseen ? undefined : labelsAsked(ref.namespace, scraping);
  if (answers === undefined || asked === undefined || scraping.operator !== 'there') return undefined;
  for (const service of findServices(jvm, scraping)) {
    const port = portsTo(service, jvm, answers.port).find((one) => one !== undefined);
    const selects = labelsOfOwn(service, jvm, scraping);
    const { namespace } = ref;
    const name = [ref.name, `${ref.name}-jvm`].find((one) => !isTaken(one, namespace, scraping));
    if (port === undefined || selects === undefined || name === undefined) continue;
    return { kind: 'add monitor', namespace, name, selects, labels: asked, port, path: answers.path };
  }
  return undefined;
}

/** Whether a new ServiceMonitor would overwrite one. */
function isTaken(name: string, namespace: string, { monitors }: Scraping): boolean {
  return monitors.some((one) => one.kind === 'ServiceMonitor' && one.namespace === namespace && one.name === name);
}

/** The labels that a new ServiceMonitor in a namespace needs; of several Prometheuses the one that asks for least decides. */
function labelsAsked(namespace: string, scraping: Scraping): Labels | undefined {
  const managed = scraping.prometheuses.filter(({ unmanaged }) => !unmanaged);
  const asked = managed.flatMap((prometheus: SeenPrometheus): readonly Labels[] => {
    if (takesNamespace(prometheus, 'ServiceMonitor', namespace, scraping) !== 'yes') return [];
    const selector = selectorFor(prometheus, 'ServiceMonitor');
    const labels = selector && labelsFor(selector, {});
    return labels === undefined ? [] : [labels];
  });
  return asked.sort((a, b) => Object.keys(a).length - Object.keys(b).length)[0];
}

/** By which people and charts name an application, the best first. */
const NAMING = [
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component'],
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance'],
  ['app.kubernetes.io/name'],
  ['app'],
  ['k8s-app'],
  ['name'],
];
/** They change with every release. */
const PASSING =
  /^(helm\.sh\/chart|chart|app\.kubernetes\.io\/(version|managed-by)|version|heritage|argocd\.argoproj\.io\/.*|pod-template-hash)$/;

/** The fewest labels of a Service that select no other workload's; `undefined` where there are none. */
function labelsOfOwn(service: SeenService, jvm: Jvm, scraping: Scraping): Labels | undefined {
  const own = new Set(findServices(jvm, scraping));
  const isOwn = (labels: Labels) =>
    scraping.services.every(
      (other) => other.namespace !== service.namespace || own.has(other) || !hasLabels(other.labels, labels),
    );
  const lasting = Object.keys(service.labels).filter((key) => !PASSING.test(key));
  const choices = [...NAMING].reverse().concat([lasting]);
  for (const keys of choices) {
    if (keys.length === 0 || !keys.every((key) => Object.hasOwn(service.labels, key))) continue;
    const labels = Object.fromEntries(keys.map((key) => [key, service.labels[key] ?? '']));
    if (isOwn(labels)) return labels;
  }
  return undefined;
}
