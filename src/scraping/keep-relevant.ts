import type { Scraping, SeenMonitor } from '../model/scraping.ts';
import { isNamedAfter } from './find-meant.ts';
import { reachesNamespace } from './find-services.ts';
import type { Jvm } from './list-jvms.ts';

/** A cluster may have thousands, of which a recording needs few. */
const MOST = 2000;

/** What was read, without the objects that cannot concern any of the JVMs. */
export function keepRelevant(scraping: Scraping, jvms: readonly Jvm[]): Scraping {
  const namespaces = [...new Set(jvms.map(({ workload }) => workload.ref.namespace))];
  const inReach = (one: Pick<SeenMonitor, 'reaches' | 'namespace'>) =>
    namespaces.some((name) => one.namespace === name || reachesNamespace(one, name));
  const names = [
    ...jvms.map(({ workload }) => workload.ref.name),
    ...scraping.services.filter(({ namespace }) => namespaces.includes(namespace)).map(({ name }) => name),
  ];
  const alike = ({ name }: SeenMonitor) => names.some((other) => isNamedAfter(name, other));
  return {
    ...scraping,
    monitors: scraping.monitors.filter((one) => inReach(one) || alike(one)).slice(0, MOST),
    collectors: scraping.collectors.filter(inReach).slice(0, MOST),
  };
}

/** Further namespaces whose Services tell whether a monitor is meant for another place. */
export function namespacesToCheck({ monitors, servicesOf }: Scraping): readonly string[] {
  const reached = monitors.flatMap(({ reaches, namespace }) =>
    reaches === 'any' ? [] : reaches === 'own' ? [namespace] : reaches,
  );
  return [...new Set(reached)].filter((name) => !servicesOf.includes(name)).slice(0, 5);
}
