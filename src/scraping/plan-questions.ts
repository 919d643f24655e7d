import type { ContainerPort } from '../model/jvm.ts';
import type { Scraping, SeenService } from '../model/scraping.ts';
import type { Pod } from '../model/workload.ts';
import { chooseFix } from './choose-fix.ts';
import { targetsOf } from './diagnose.ts';
import { findServices, leadOf, leadOfServicePort } from './find-services.ts';
import { findWay, type Way } from './find-way.ts';
import { type Jvm, listJvms, type SeenJvms } from './list-jvms.ts';

/** What a pod is to be asked by itself: the first answer with JVM metrics is enough. */
export interface EndpointQuestion {
  readonly namespace: string;
  readonly pod: string;
  /** Those that run in the pod, the JVM's first: they share its network. */
  readonly containers: readonly string[];
  readonly requests: readonly { readonly port: number; readonly path: string }[];
}

const MOST_PODS = 5;
const MOST_PORTS = 3;
const MOST_REQUESTS = 8;
const USUAL_PATHS = ['/actuator/prometheus', '/metrics', '/q/metrics'];

/** Which pods to ask, and what: a few of those JVMs of which the objects and Prometheus do not tell enough. */
export function planQuestions(
  seen: SeenJvms,
  scraping: Scraping,
  named: readonly string[],
): readonly EndpointQuestion[] {
  return uncovered(seen, named)
    .flatMap((jvm) => questionOf(jvm, scraping) ?? [])
    .slice(0, MOST_PODS);
}

/** The parts of Prometheus' configuration whose targets are down, so that it is asked for their errors. */
export function planPools(seen: SeenJvms, scraping: Scraping, named: readonly string[]): readonly string[] {
  const pools = uncovered(seen, named).flatMap((jvm): readonly string[] => {
    const targets = targetsOf(jvm, scraping);
    if (targets.length === 0 || targets.some(({ up }) => up)) return [];
    const way = findWay(jvm, scraping);
    if (way.kind !== 'monitored') return [];
    return way.ways.map(({ monitor, index }) => {
      const kind = monitor.kind === 'ServiceMonitor' ? 'serviceMonitor' : 'podMonitor';
      return `${kind}/${monitor.namespace}/${monitor.name}/${index}`;
    });
  });
  return [...new Set(pools)].slice(0, MOST_PODS);
}

/** The JVMs whose series do not arrive. */
export function uncovered(seen: SeenJvms, named: readonly string[]): readonly Jvm[] {
  return listJvms(seen, named).filter(({ covered }) => !covered);
}

function questionOf(jvm: Jvm, scraping: Scraping): EndpointQuestion | undefined {
  const way = findWay(jvm, scraping);
  const requests = requestsFor(way, jvm, scraping);
  const pod = jvm.pods.find(({ ready }) => ready) ?? jvm.pods[0];
  if (requests.length === 0 || pod === undefined) return undefined;
  const { namespace } = jvm.workload.ref;
  return { namespace, pod: pod.name, containers: containersOf(pod, jvm.container), requests };
}

function requestsFor(way: Way, jvm: Jvm, scraping: Scraping): EndpointQuestion['requests'] {
  if (way.kind === 'monitored') {
    const open = way.ways.filter(({ endpoint }) => !(endpoint.https || endpoint.secured));
    const asked = open.map(({ endpoint }) => endpoint.path);
    return combine(
      open.flatMap(({ ports }) => ports),
      [...asked, ...pathsOf(jvm)],
    );
  }
  const matters = way.kind === 'unmonitored' ? scraping.operator === 'there' : isUncertain(way, jvm, scraping);
  return matters ? combine(portsOf(jvm, findServices(jvm, scraping)), pathsOf(jvm)) : [];
}

/** Whether an answer would tell which port is meant. */
function isUncertain({ link, index }: Way & { readonly kind: 'broken' }, jvm: Jvm, scraping: Scraping): boolean {
  return (
    link.kind === 'port' && chooseFix(link, { jvm, scraping, ...(index !== undefined && { index }) }) === undefined
  );
}

function combine(ports: readonly number[], paths: readonly string[]): EndpointQuestion['requests'] {
  const different = [...new Set(paths)].filter((path) => SAFE_PATH.test(path));
  return [...new Set(ports)]
    .slice(0, MOST_PORTS)
    .flatMap((port) => different.map((path) => ({ port, path })))
    .slice(0, MOST_REQUESTS);
}

/** Whoever writes a monitor does not choose what is asked of a pod beyond a path. */
const SAFE_PATH = /^\/[\w./~-]{0,200}$/;

function pathsOf({ marks, container }: Jvm): readonly string[] {
  const own = (marks.actuators ?? []).filter((one) => one.container === container);
  return [...own.map(({ path }) => `${path}/prometheus`), ...USUAL_PATHS];
}

/** Ports that do not speak HTTP, or that are not for being asked. */
const OTHER_PROTOCOLS = /grpc|rpc|debug|jdwp|jmx|rmi|raft|gossip|dubbo|https|tls|tcp|sql|redis/i;

/** Where metrics are likely to be, the likeliest first: the management port, those that a Service leads to, the others. */
function portsOf(jvm: Jvm, services: readonly SeenService[]): readonly number[] {
  const { marks, container } = jvm;
  const managed = (marks.actuators ?? []).flatMap(({ container: of, port }) => {
    if (of !== container || port === undefined) return [];
    const lead = leadOf(port, jvm);
    return lead.to === 'jvm' ? lead.ports : typeof port === 'number' ? [port] : [];
  });
  const named = (name: string | undefined) => !OTHER_PROTOCOLS.test(name ?? '');
  const served = services
    .flatMap(({ ports }) => ports)
    .filter(({ name }) => named(name))
    .flatMap((port) => {
      const lead = leadOfServicePort(port, jvm);
      return lead.to === 'jvm' ? lead.ports : [];
    });
  const declared = marks.ports
    .filter((port: ContainerPort) => port.container === container && named(port.name))
    .map(({ number }) => number);
  return [...managed, ...served, ...declared];
}

function containersOf({ containers }: Pod, own: string): readonly string[] {
  const running = containers.filter(({ kind, running }) => kind !== 'pod' && running).map(({ name }) => name);
  return [own, ...running.filter((name) => name !== own)].slice(0, 3);
}
