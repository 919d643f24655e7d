import type { ScrapeMarks } from '../model/jvm.ts';
import type { JvmMetrics } from '../model/jvm-metrics.ts';
import type { ContainerMeasurement } from '../model/measurement.ts';
import { containerKey, type Observation } from '../model/observation.ts';
import type { Pod, TemplateContainer, Workload } from '../model/workload.ts';
import { matchesGlob } from '../text/glob.ts';

/** A container that runs a JVM in at least one pod. */
export interface Jvm {
  readonly workload: Workload;
  readonly container: string;
  readonly recognised: JvmMetrics['recognised'];
  /** Those in which it runs. */
  readonly pods: readonly Pod[];
  /** Whether Prometheus has series of the heap of any of them. */
  readonly covered: boolean;
  readonly marks: ScrapeMarks;
}

const NO_MARKS: ScrapeMarks = { labels: {}, annotations: {}, ports: [] };

/** What of an observation tells which containers are JVMs. */
export type SeenJvms = Pick<Observation, 'measurements'> & {
  readonly cluster: Pick<Observation['cluster'], 'workloads'>;
};

/**
 * The JVMs that run, in the order of their workloads. `named` are `namespace/name` with globs: in such a workload the
 * containers that look like a JVM are meant, or else the first one.
 */
export function listJvms({ cluster, measurements }: SeenJvms, named: readonly string[]): readonly Jvm[] {
  const heaps = new Set(measurements.flatMap((one) => (one.heap === undefined ? [] : [keyOf(one)])));
  return cluster.workloads.flatMap((workload) => jvmsOf(workload, isNamed(workload, named), heaps));
}

function isNamed({ ref }: Workload, named: readonly string[]): boolean {
  return named.some((glob) => matchesGlob(glob, `${ref.namespace}/${ref.name}`));
}

function jvmsOf(workload: Workload, named: boolean, heaps: ReadonlySet<string>): readonly Jvm[] {
  const containers = workload.containers.filter(({ kind }) => kind !== 'pod');
  const signs = containers.map((container) => ({ container, sign: signOf(container) }));
  const looksLike = signs.some(({ sign }) => sign !== undefined);
  return signs.flatMap(({ container, sign }, index): Jvm[] => {
    const pods = workload.pods.filter((pod) => runsIn(pod, container.name));
    const own = pods.some((pod) => heaps.has(containerKey(workload.ref.namespace, pod.name, container.name)));
    const nameless = pods.filter((pod) => heaps.has(containerKey(workload.ref.namespace, pod.name, '')));
    const meant = named && (looksLike ? sign !== undefined : index === 0);
    const bySeries = own || nameless.some((pod) => isOnly(pod, container.name));
    const recognised = meant ? 'named' : (sign ?? (bySeries ? 'series' : undefined));
    if (recognised === undefined || pods.length === 0) return [];
    const covered = own || nameless.length > 0;
    const marks = workload.scrapeMarks ?? NO_MARKS;
    return [{ workload, container: container.name, recognised, pods, covered, marks }];
  });
}

/** Flags of the heap are a sign as well, which recordings of earlier versions have. */
function signOf({ jvmBy, jvm }: TemplateContainer): TemplateContainer['jvmBy'] {
  return jvmBy ?? (jvm === undefined ? undefined : 'command');
}

function runsIn(pod: Pod, container: string): boolean {
  return !pod.deleting && pod.containers.some(({ name, running }) => name === container && running);
}

/** Whether the container is the only one of its pod, besides what was injected. */
export function isOnly(pod: Pod, container: string): boolean {
  const own = pod.containers.filter(({ kind, injected }) => kind === 'container' && !injected);
  return own.length === 1 && own[0]?.name === container;
}

function keyOf({ namespace, pod, container }: ContainerMeasurement): string {
  return containerKey(namespace, pod, container);
}
