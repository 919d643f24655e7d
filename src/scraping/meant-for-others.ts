import type { ScrapeFix } from '../model/jvm-metrics.ts';
import type { Scraping, SeenMonitor, SeenService } from '../model/scraping.ts';
import { isNamedAfter, isNamingLabel } from './find-meant.ts';
import { areAllSeen, findServices, isBroad, reachesNamespace } from './find-services.ts';
import type { Jvm } from './list-jvms.ts';
import { matchesSelector } from './selectors.ts';

/**
 * Whether a monitor that selects the JVM, and whose port the JVM does not have, is there for others: it names no port, is
 * asked to select whatever there is, or there is another Service with its port.
 */
export function isForOthers(monitor: SeenMonitor, jvm: Jvm, scraping: Scraping): boolean {
  const { endpoints, selector } = monitor;
  if (endpoints.some(({ port, targetPort }) => port === undefined && targetPort === undefined)) return true;
  if (monitor.kind === 'PodMonitor') {
    const named = Object.keys(selector.matchLabels ?? {}).some(isNamingLabel);
    return isBroad(selector) || !(named || isNamedAfter(monitor.name, jvm.workload.ref.name));
  }
  if (isBroad(selector) && !areAllSeen(monitor, scraping.servicesOf)) return true;
  const hasPort = ({ ports }: SeenService) =>
    endpoints.some(({ port }) => port === undefined || ports.some(({ name }) => name === port));
  const own = findServices(jvm, scraping);
  return selectedBy(monitor, scraping).some((service) => !own.includes(service) && hasPort(service));
}

/** Whether a changed monitor has pods of the given JVMs scraped otherwise, and of nobody else. */
export function isTheirsAlone(
  fix: ScrapeFix & { readonly kind: 'change monitor' },
  jvms: readonly Jvm[],
  scraping: Scraping,
): boolean {
  const { monitor: ref, change } = fix;
  // A monitor that nobody picks up harms nobody.
  if (change.field === 'labels') return true;
  const monitor = scraping.monitors.find(
    ({ kind, namespace, name }) => kind === ref.kind && namespace === ref.namespace && name === ref.name,
  );
  if (monitor === undefined) return false;
  if (monitor.kind === 'PodMonitor') {
    return !isBroad(monitor.selector) && jvms.some(({ workload }) => isNamedAfter(monitor.name, workload.ref.name));
  }
  const { selector } = monitor;
  const matchLabels = { ...selector.matchLabels, ...(change.field === 'selector' && change.set) };
  const own = new Set(jvms.flatMap((jvm) => findServices(jvm, scraping)));
  const reached = selectedBy({ ...monitor, selector: { ...selector, matchLabels } }, scraping);
  return areAllSeen(monitor, scraping.servicesOf) && reached.every((service) => own.has(service));
}

function selectedBy(monitor: SeenMonitor, { services }: Scraping): readonly SeenService[] {
  return services.filter(
    ({ namespace, labels }) => reachesNamespace(monitor, namespace) && matchesSelector(monitor.selector, labels),
  );
}
