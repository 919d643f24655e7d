import type { ContainerPort } from '../model/jvm.ts';
import type { LabelSelector, Scraping, SeenMonitor, SeenService, SeenServicePort } from '../model/scraping.ts';
import type { Jvm } from './list-jvms.ts';
import { hasLabels, matchesSelector } from './selectors.ts';

/** The Services that select the pods of a JVM. */
export function findServices({ workload, marks }: Jvm, { services }: Scraping): readonly SeenService[] {
  return services.filter(
    ({ namespace, selector }) =>
      namespace === workload.ref.namespace && Object.keys(selector).length > 0 && hasLabels(marks.labels, selector),
  );
}

/** Where a port leads: to the JVM, by the numbers that are known; to another container of the pod; to nothing. */
export type Lead = { readonly to: 'jvm'; readonly ports: readonly number[] } | { readonly to: 'other' | 'nothing' };

/** Where a port of a Service leads. */
export function leadOfServicePort({ targetPort }: SeenServicePort, jvm: Jvm): Lead {
  const lead = leadOf(targetPort, jvm);
  // A port need not be declared to be there; a name that is not declared is of a pod that was not seen.
  if (lead.to !== 'nothing') return lead;
  return { to: 'jvm', ports: typeof targetPort === 'number' ? [targetPort] : [] };
}

/** Where the number or the name of a declared port of the pod leads. */
export function leadOf(port: number | string, { marks, container }: Jvm): Lead {
  const found = marks.ports.filter((one) => isPort(one, port));
  if (found.length === 0) return { to: 'nothing' };
  const own = found.filter((one) => one.container === container);
  return own.length === 0 ? { to: 'other' } : { to: 'jvm', ports: own.map(({ number }) => number) };
}

function isPort({ name, number }: ContainerPort, wanted: number | string): boolean {
  return typeof wanted === 'number' ? number === wanted : name === wanted;
}

/** Whether a monitor selects in a namespace. */
export function reachesNamespace(
  { reaches, namespace }: Pick<SeenMonitor, 'reaches' | 'namespace'>,
  name: string,
): boolean {
  if (reaches === 'any') return true;
  return reaches === 'own' ? namespace === name : reaches.includes(name);
}

/** Whether a monitor selects any Service of those that were seen; unknown where those of a namespace were not. */
export function selectsAny(monitor: SeenMonitor, { services, servicesOf }: Scraping): boolean | 'unknown' {
  const { selector } = monitor;
  const fits = (one: SeenService) => reachesNamespace(monitor, one.namespace) && matchesSelector(selector, one.labels);
  if (services.some(fits)) return true;
  return areAllSeen(monitor, servicesOf) ? false : 'unknown';
}

/** Whether the Services of all namespaces were seen in which a monitor selects. */
export function areAllSeen(
  { reaches, namespace }: Pick<SeenMonitor, 'reaches' | 'namespace'>,
  servicesOf: readonly string[],
): boolean {
  if (reaches === 'any') return false;
  return (reaches === 'own' ? [namespace] : reaches).every((name) => servicesOf.includes(name));
}

/** Whether a selector asks for nothing in particular. */
export function isBroad({ matchLabels = {} }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0;
}
