import { readMoreServices, readScraping } from '../cluster/read-scraping.ts';
import { messageOf, UserError } from '../errors.ts';
import type { Observation } from '../model/observation.ts';
import type { Scraping } from '../model/scraping.ts';
import type { Options } from '../options/schema.ts';
import { serviceOf } from '../prometheus/access/address.ts';
import type { ReadingClient } from '../prometheus/client.ts';
import { addTargetErrors, measureTargets } from '../prometheus/measure-targets.ts';
import { probeEndpoints } from '../prometheus/probe-endpoints.ts';
import { keepRelevant, namespacesToCheck } from '../scraping/keep-relevant.ts';
import { listJvms } from '../scraping/list-jvms.ts';
import { planPools, planQuestions, uncovered } from '../scraping/plan-questions.ts';
import type { ObserveDeps } from './observe.ts';

type ScrapingOptions = Pick<Options, 'jvmWorkloads' | 'prometheusMatchers'>;

/**
 * Looks at the way from the JVMs to their series, as far as these do not arrive; `undefined` where there is no JVM. What
 * cannot be seen is noted in it, and ends no run.
 */
export async function observeScraping(
  seen: Observation,
  options: ScrapingOptions,
  client: ReadingClient,
  deps: ObserveDeps,
): Promise<Scraping | undefined> {
  const { jvmWorkloads: named } = options;
  const at = Math.floor(deps.now());
  if (listJvms(seen, named).length === 0) return undefined;
  if (uncovered(seen, named).length === 0) return { ...NOTHING_READ, at };
  try {
    return await readWay(seen, options, at, client, deps);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    deps.log.step(`The way of the JVM metrics could not be looked at: ${messageOf(cause)}`);
    return undefined;
  }
}

const NOTHING_READ: Omit<Scraping, 'at'> = {
  operator: 'unknown',
  servicesOf: [],
  services: [],
  monitors: [],
  prometheuses: [],
  namespaces: [],
  collectors: [],
  targets: [],
  endpoints: [],
  unseen: [],
};

async function readWay(
  seen: Observation,
  options: ScrapingOptions,
  at: number,
  client: ReadingClient,
  deps: ObserveDeps,
): Promise<Scraping> {
  const { kubectl, log } = deps;
  const { jvmWorkloads: named } = options;
  const jvms = uncovered(seen, named);
  const namespaces = [...new Set(jvms.map(({ workload }) => workload.ref.namespace))].sort();
  const prometheusNamespace = serviceOf(seen.access.url)?.namespace;
  const pods = new Set(
    jvms.flatMap(({ workload, pods: own }) => own.map(({ name }) => `${workload.ref.namespace}/${name}`)),
  );
  const keeps = (namespace: string, pod: string) => pods.has(`${namespace}/${pod}`);
  const matchers = options.prometheusMatchers.join(',');
  const [objects, targets] = await Promise.all([
    readScraping(kubectl, { namespaces, at, ...(prometheusNamespace && { prometheusNamespace }) }).then((read) => {
      const relevant = keepRelevant(read, jvms);
      return readMoreServices(kubectl, relevant, namespacesToCheck(relevant));
    }),
    measureTargets(client, { at: seen.at, namespaces, keeps, matchers }, log),
  ]);
  const known: Scraping =
    targets === undefined ? { ...objects, unseen: [...objects.unseen, { what: 'targets' }] } : { ...objects, targets };
  const pools = planPools(seen, known, named);
  const [withErrors, { endpoints, unseen }] = await Promise.all([
    addTargetErrors(client, known.targets, pools, log),
    probeEndpoints(planQuestions(seen, known, named), deps),
  ]);
  return { ...known, targets: withErrors, endpoints, unseen: [...known.unseen, ...unseen] };
}
