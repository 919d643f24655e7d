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
  const idle = scraping.monitors.filter(
    (monitor) =>
      monitor.kind === 'ServiceMonitor' && !isBroad(monitor.selector) && selectsAny(monitor, scraping) === false,
  );
  const links = idle.flatMap((monitor) => services.flatMap((service) => explain(jvm, monitor, service) ?? []));
  return links.find(({ kind }) => kind === 'labels') ?? links[0];
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
  const nearly = wanted.length === 1 && Object.keys(matchLabels).length > 1;
  if (!alike && !nearly) return undefined;
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

/** `api`, `api-metrics`, `monitor-api` are named after `api`. */
export function isNamedAfter(name: string, other: string): boolean {
  return name === other || name.startsWith(`${other}-`) || name.endsWith(`-${other}`);
}
