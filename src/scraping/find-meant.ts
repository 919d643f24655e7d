import type { BrokenLink } from '../model/jvm-metrics.ts';
import type { Scraping, SeenMonitor, SeenService } from '../model/scraping.ts';
import { isBroad, reachesNamespace, selectsAny } from './find-services.ts';
import type { Jvm } from './list-jvms.ts';
import { hasLabels, matchesSelector } from './selectors.ts';

type Meant = BrokenLink & { readonly kind: 'labels' | 'namespace' };

/**
 * What keeps a ServiceMonitor from the JVM's Service that looks as if it were meant for it: it selects nothing, and is named
 * alike or lacks a single label. `undefined` where there is no such one.
 */
export function findMeant(jvm: Jvm, services: readonly SeenService[], scraping: Scraping): Meant | undefined {
  const links = idleIn(scraping).flatMap((monitor) =>
    services.flatMap((service) => explain(jvm, monitor, service) ?? []),
  );
  return links.find(({ kind }) => kind === 'labels') ?? links[0];
}

const known = new WeakMap<Scraping, readonly SeenMonitor[]>();

/** The ServiceMonitors that select nothing, which is the same for every JVM. */
function idleIn(scraping: Scraping): readonly SeenMonitor[] {
  const idle =
    known.get(scraping) ??
    scraping.monitors.filter(
      (monitor) =>
        monitor.kind === 'ServiceMonitor' && !isBroad(monitor.selector) && selectsAny(monitor, scraping) === false,
    );
  known.set(scraping, idle);
  return idle;
}

function explain(jvm: Jvm, monitor: SeenMonitor, service: SeenService): Meant | undefined {
  const { kind, namespace, name } = monitor;
  const ref = { kind, namespace, name };
  const alike = [service.name, jvm.workload.ref.name].some((one) => isNamedAfter(name, one));
  if (!reachesNamespace(monitor, service.namespace)) {
    if (!alike || !matchesSelector(monitor.selector, service.labels)) return undefined;
    return { kind: 'namespace', monitor: ref, service: service.name };
  }
  const { matchLabels = {}, ...others } = monitor.selector;
  if (!matchesSelector(others, service.labels)) return undefined;
  const wanted = Object.entries(matchLabels).filter(([key, value]) => !hasLabels(service.labels, { [key]: value }));
  const nearly =
    wanted.length === 1 && Object.keys(matchLabels).length > 1 && !wanted.some(([key]) => isNamingLabel(key));
  if (!(alike || nearly) || isNamedForAnother(monitor, wanted, [service.name, jvm.workload.ref.name])) return undefined;
  const found = wanted.flatMap(([key]) => {
    const value = service.labels[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    kind: 'labels',
    monitor: ref,
    service: service.name,
    wanted: Object.fromEntries(wanted),
    found: Object.fromEntries(found),
  };
}

const NAMING_LABEL = /^(?:app|name|k8s-app|component|app\.kubernetes\.io\/(?:name|instance|component))$/;

/** Whether a label says what an application is called. */
export function isNamingLabel(key: string): boolean {
  return NAMING_LABEL.test(key);
}

/** Whether a monitor selects what it is named after, and that is another application, whose Service is gone. */
function isNamedForAnother(
  { name }: SeenMonitor,
  wanted: readonly (readonly [string, string])[],
  own: readonly string[],
): boolean {
  if (own.includes(name)) return false;
  return wanted.some(([key, value]) => isNamingLabel(key) && !own.includes(value) && isNamedAfter(name, value));
}

/** `api`, `api-metrics`, `monitor-api` are named after `api`. */
export function isNamedAfter(name: string, other: string): boolean {
  return name === other || name.startsWith(`${other}-`) || name.endsWith(`-${other}`);
}
