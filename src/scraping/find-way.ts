import type { BrokenLink, MonitorRef } from '../model/jvm-metrics.ts';
import type { Scraping, SeenMonitor, SeenMonitorEndpoint, SeenService } from '../model/scraping.ts';
import { findMeant } from './find-meant.ts';
import { findServices, type Lead, leadOf, leadOfServicePort, reachesNamespace } from './find-services.ts';
import { judgeSelection } from './judge-selection.ts';
import type { Jvm } from './list-jvms.ts';
import { isForOthers } from './meant-for-others.ts';
import { matchesSelector } from './selectors.ts';

/** An endpoint of a monitor that leads to the JVM. */
export interface MonitorWay {
  readonly monitor: SeenMonitor;
  /** Its index in the monitor. */
  readonly index: number;
  readonly endpoint: SeenMonitorEndpoint;
  /** Of the pod, as far as they are known. */
  readonly ports: readonly number[];
}

/** How far the objects in the cluster lead from a JVM towards Prometheus. */
export type Way =
  /** Whether a Prometheus picks the monitor up may not be known. */
  | { readonly kind: 'monitored'; readonly ways: readonly [MonitorWay, ...MonitorWay[]] }
  | {
      readonly kind: 'broken';
      readonly link: BrokenLink & { readonly kind: 'port' | 'labels' | 'namespace' | 'not selected' };
      /** Of the monitor whose port is wrong. */
      readonly index?: number;
    }
  | { readonly kind: 'unmonitored'; readonly services: readonly SeenService[] };

/** The first break among the objects, or the monitor whose way is whole. */
export function findWay(jvm: Jvm, scraping: Scraping): Way {
  const services = findServices(jvm, scraping);
  const tried = [...tryServiceMonitors(jvm, services, scraping), ...tryPodMonitors(jvm, scraping)];
  const whole = tried.flatMap((one) => ('way' in one ? [one.way] : []));
  const judged = whole.map((way) => ({
    way,
    selection: judgeSelection(way.monitor, jvm.workload.ref.namespace, scraping),
  }));
  for (const wanted of ['yes', 'unknown'] as const) {
    const [first, ...more] = judged.flatMap(({ way, selection }) => (selection.picked === wanted ? [way] : []));
    if (first) return { kind: 'monitored', ways: [first, ...more] };
  }
  for (const { selection } of judged) if (selection.picked === 'no') return { kind: 'broken', link: selection.link };
  const port = tried.find((one): one is WrongPort => 'link' in one && !isForOthers(one.of, jvm, scraping));
  if (port) return { kind: 'broken', link: port.link, index: port.index };
  const link = findMeant(jvm, services, scraping);
  return link === undefined ? { kind: 'unmonitored', services } : { kind: 'broken', link };
}

interface WrongPort {
  readonly link: BrokenLink & { readonly kind: 'port' };
  readonly index: number;
  readonly of: SeenMonitor;
}
type Tried = { readonly way: MonitorWay } | WrongPort;

function tryServiceMonitors(jvm: Jvm, services: readonly SeenService[], { monitors }: Scraping): readonly Tried[] {
  const { namespace } = jvm.workload.ref;
  return monitors
    .filter((monitor) => monitor.kind === 'ServiceMonitor' && reachesNamespace(monitor, namespace))
    .flatMap((monitor) =>
      services
        .filter(({ labels }) => matchesSelector(monitor.selector, labels))
        .flatMap((service) =>
          tryEndpoints(
            monitor,
            (endpoint) => leadOfEndpoint(endpoint, service, jvm),
            service.ports.flatMap(({ name }) => name ?? []),
          ),
        ),
    );
}

function leadOfEndpoint({ port, targetPort }: SeenMonitorEndpoint, service: SeenService, jvm: Jvm): Lead {
  if (port === undefined) return targetPort === undefined ? { to: 'nothing' } : leadOf(targetPort, jvm);
  const found = service.ports.find(({ name = '' }) => name === port);
  return found === undefined ? { to: 'nothing' } : leadOfServicePort(found, jvm);
}

function tryPodMonitors(jvm: Jvm, { monitors }: Scraping): readonly Tried[] {
  const { marks, workload, container } = jvm;
  return monitors
    .filter(
      (monitor) =>
        monitor.kind === 'PodMonitor' &&
        reachesNamespace(monitor, workload.ref.namespace) &&
        matchesSelector(monitor.selector, marks.labels),
    )
    .flatMap((monitor) =>
      tryEndpoints(
        monitor,
        ({ port, targetPort }) => {
          const wanted = port ?? targetPort;
          return wanted === undefined ? { to: 'nothing' } : leadOf(wanted, jvm);
        },
        marks.ports.flatMap((one) => (one.container === container && one.name !== undefined ? [one.name] : [])),
      ),
    );
}

/** The endpoints that lead to the JVM; where none leads to anything, the first as one of a wrong port. */
function tryEndpoints(
  monitor: SeenMonitor,
  leadOfOne: (endpoint: SeenMonitorEndpoint) => Lead,
  there: readonly string[],
): readonly Tried[] {
  const leads = monitor.endpoints.map((endpoint) => ({ endpoint, lead: leadOfOne(endpoint) }));
  const ways = leads.flatMap(({ endpoint, lead }, index) =>
    lead.to === 'jvm' ? [{ way: { monitor, index, endpoint, ports: lead.ports } }] : [],
  );
  const [first] = leads;
  if (ways.length > 0 || first === undefined || leads.some(({ lead }) => lead.to === 'other')) return ways;
  const wanted = String(first.endpoint.port ?? first.endpoint.targetPort ?? '');
  return [{ link: { kind: 'port', monitor: refOf(monitor), wanted, there }, index: 0, of: monitor }];
}

export function refOf({ kind, namespace, name }: MonitorRef): MonitorRef {
  return { kind, namespace, name };
}
