import type { BrokenLink, JvmMetrics, JvmMetricsState, Unseen } from '../model/jvm-metrics.ts';
import type { Observation } from '../model/observation.ts';
import type { Scraping, SeenEndpoint, SeenMonitorEndpoint, SeenTarget } from '../model/scraping.ts';
import { groupBy } from '../text/format.ts';
import { chooseFix } from './choose-fix.ts';
import { findOtherWay } from './find-other-way.ts';
import { findServices } from './find-services.ts';
import { findWay, type MonitorWay, refOf, type Way } from './find-way.ts';
import { type Jvm, listJvms } from './list-jvms.ts';
import { isTheirsAlone } from './meant-for-others.ts';

/** Metrics take one to three minutes. */
const YOUNG_SECONDS = 300;

type Diagnosed = JvmMetricsState & Pick<JvmMetrics, 'alsoUnseen'>;

/**
 * Whether the metrics of each JVM arrive, and else the first link on the way that is broken. `named` are `namespace/name`
 * with globs: workloads that are JVMs in any case. Nothing is said where the way was not looked at.
 */
export function diagnoseJvmMetrics(
  observation: Pick<Observation, 'scraping' | 'measurements' | 'cluster'>,
  named: readonly string[],
): readonly JvmMetrics[] {
  const { scraping } = observation;
  if (scraping === undefined) return [];
  const told = listJvms(observation, named).map((jvm): Told => {
    return { jvm, diagnosed: jvm.covered ? { state: 'covered' } : diagnose(jvm, scraping) };
  });
  return withoutHarm(told, scraping).map(({ jvm, diagnosed }) => ({
    ...diagnosed,
    workload: jvm.workload.ref,
    container: jvm.container,
    recognised: jvm.recognised,
  }));
}

interface Told {
  readonly jvm: Jvm;
  readonly diagnosed: Diagnosed;
}

/** A monitor is only changed for all for whom it is. */
function withoutHarm(told: readonly Told[], scraping: Scraping): readonly Told[] {
  const keyOf = ({ diagnosed }: Told) =>
    diagnosed.state === 'broken' && diagnosed.fix?.kind === 'change monitor' ? JSON.stringify(diagnosed.fix) : '';
  const groups = groupBy(told, keyOf);
  return told.map((one) => {
    const { diagnosed, jvm } = one;
    if (diagnosed.state !== 'broken' || diagnosed.fix?.kind !== 'change monitor') return one;
    const { fix, ...without } = diagnosed;
    const mended = (groups.get(keyOf(one)) ?? []).map((other) => other.jvm);
    return isTheirsAlone(fix, mended, scraping) ? one : { jvm, diagnosed: without };
  });
}

function diagnose(jvm: Jvm, scraping: Scraping): Diagnosed {
  const way = findWay(jvm, scraping);
  const targets = targetsOf(jvm, scraping);
  const seen: Seen = { jvm, scraping, targets, endpoints: endpointsOf(jvm, scraping) };
  if (way.kind === 'monitored') return diagnoseMonitored(chooseWay(way.ways, seen), seen);
  // Prometheus has a target of it, so something asks for it, whatever the objects say.
  if (targets.length > 0 && (way.kind === 'unmonitored' || way.link.kind === 'not selected')) {
    return diagnoseTargets(undefined, seen);
  }
  if (way.kind === 'broken') return broken(way.link, seen, way.index);
  return diagnoseUnmonitored(way, seen);
}

interface Seen {
  readonly jvm: Jvm;
  readonly scraping: Scraping;
  readonly targets: readonly SeenTarget[];
  readonly endpoints: readonly SeenEndpoint[];
}

function diagnoseUnmonitored({ services }: Way & { readonly kind: 'unmonitored' }, seen: Seen): Diagnosed {
  const { jvm, scraping } = seen;
  const other = findOtherWay(jvm, services, scraping);
  if (other) return other;
  const { namespace } = jvm.workload.ref;
  const unseen = (['services', 'monitors'] as const).filter((what) => isUnseen(scraping, what, namespace));
  if (scraping.operator === 'unknown' || unseen.length > 0) {
    return { state: 'unknown', unseen: unseen.length === 0 ? ['monitors'] : unseen };
  }
  const [service] = services;
  return broken(service === undefined ? { kind: 'no service' } : { kind: 'no monitor', service: service.name }, seen);
}

/** Of several endpoints that lead to a JVM, the one that asks for its metrics: where they are known to be, or by its path. */
function chooseWay(ways: readonly [MonitorWay, ...MonitorWay[]], { endpoints }: Seen): MonitorWay {
  return (
    ways.find((way) => endpoints.some((one) => isOf(way, one) && answersWithJvm(one))) ??
    ways.find(({ endpoint: { path } }) => path.includes('actuator')) ??
    ways[0]
  );
}

/** A monitor leads to it: whatever is wrong is to be seen in Prometheus, or in the pod. */
function diagnoseMonitored(way: MonitorWay, seen: Seen): Diagnosed {
  const { jvm, scraping } = seen;
  const targets = seen.targets.filter(({ endpoint }) => endpoint === undefined || endpoint === nameOf(way.endpoint));
  if (targets.length > 0) return diagnoseTargets(way, { ...seen, targets });
  if (isUnseen(scraping, 'targets')) return { state: 'unknown', unseen: ['targets'] };
  const { changedAt } = way.monitor;
  if (isYoung(changedAt, scraping)) return { state: 'young', what: 'monitor', since: changedAt };
  return young(jvm, scraping) ?? broken({ kind: 'no target', monitor: refOf(way.monitor) }, seen);
}

/** Prometheus has targets of it, up or not, and no series. */
function diagnoseTargets(way: MonitorWay | undefined, seen: Seen): Diagnosed {
  const { jvm, scraping, targets } = seen;
  const monitor = way && { monitor: refOf(way.monitor) };
  const told = way && linkByAnswers(way, seen);
  if (told?.kind === 'path') return broken(told, seen, way?.index);
  const isUp = targets.some(({ up }) => up);
  if (told && !isUp) return broken(told, seen);
  const fresh = young(jvm, scraping);
  if (fresh) return fresh;
  if (isUp) return broken({ kind: 'no series', ...monitor }, seen);
  const refused = way && seen.endpoints.find((one) => isOf(way, one) && one.answer.kind === 'no answer');
  if (refused?.answer.kind === 'no answer') return broken(endpointLink(refused, refused.answer.why), seen);
  const error = targets.find((target) => target.error !== undefined)?.error;
  return broken({ kind: 'target down', ...monitor, ...(error !== undefined && { error }) }, seen);
}

/** What the pod says to the request that the monitor describes, unless that is what it should say. */
function linkByAnswers(way: MonitorWay, { endpoints }: Seen): BrokenLink | undefined {
  const asked = endpoints.find((one) => isOf(way, one));
  if (asked === undefined || asked.answer.kind === 'no answer') return undefined;
  if (asked.answer.kind === 'metrics' && asked.answer.jvm) return undefined;
  const { path } = way.endpoint;
  const better = endpoints.find((one) => one.port === asked.port && answersWithJvm(one));
  if (better) return { kind: 'path', monitor: refOf(way.monitor), path, answers: better.path };
  const { answer } = asked;
  if (answer.kind === 'status' && !MAY_PASS.has(answer.status)) return endpointLink(asked, `status ${answer.status}`);
  return answer.kind === 'something else' ? endpointLink(asked, 'no metrics') : undefined;
}

/** Asks for credentials, which a monitor may have, or is not ready yet. */
const MAY_PASS = new Set([401, 403, 407, 429, 503]);

function endpointLink({ pod, port, path }: SeenEndpoint, answer: string): BrokenLink {
  return { kind: 'endpoint', pod, url: `http://localhost:${port}${path}`, answer };
}

function isOf({ ports, endpoint }: MonitorWay, one: SeenEndpoint): boolean {
  return one.path === endpoint.path && ports.includes(one.port);
}

function answersWithJvm({ answer }: SeenEndpoint): boolean {
  return answer.kind === 'metrics' && answer.jvm;
}

/** Of which the pod's own answer would say more. */
const SHOWN_BY_ENDPOINT: ReadonlySet<BrokenLink['kind']> = new Set([
  'no monitor',
  'target down',
  'no target',
  'no series',
]);

function broken(link: BrokenLink, { jvm, scraping, endpoints }: Seen, index?: number): Diagnosed {
  const answers = endpoints.find(answersWithJvm);
  const fix = chooseFix(link, { jvm, scraping, ...(answers && { answers }), ...(index !== undefined && { index }) });
  const { namespace } = jvm.workload.ref;
  const missed = scraping.unseen.filter((one) => concerns(one, namespace)).map(({ what }) => what);
  const matters = endpoints.length === 0 && SHOWN_BY_ENDPOINT.has(link.kind);
  const unseen = [...new Set(missed)].filter((what) => what !== 'endpoint' || matters).sort();
  return {
    state: 'broken',
    link,
    ...(fix && { fix }),
    ...(unseen.length > 0 && { alsoUnseen: unseen }),
  };
}

/** Whether all pods that run it are minutes old. */
function young({ pods, container }: Jvm, scraping: Scraping): Diagnosed | undefined {
  const starts = pods.map(
    (pod) => pod.containers.find(({ name }) => name === container)?.startedAt ?? pod.createdAt ?? 0,
  );
  const since = Math.min(...starts);
  return isYoung(since, scraping) ? { state: 'young', what: 'pod', since } : undefined;
}

function isYoung(since: number | undefined, { at }: Scraping): since is number {
  return since !== undefined && at - since < YOUNG_SECONDS;
}

/** As the operator labels the targets of an endpoint. */
function nameOf({ port, targetPort }: SeenMonitorEndpoint): string {
  return String(port ?? targetPort ?? '');
}

/** The targets of a JVM: without a container's name, those of its ports. */
export function targetsOf(jvm: Jvm, scraping: Scraping): readonly SeenTarget[] {
  const { pods, container, workload } = jvm;
  const names = new Set(pods.map(({ name }) => name));
  const ports = new Set(
    [
      ...findServices(jvm, scraping).flatMap(({ ports }) =>
        ports.flatMap(({ name, targetPort }) => [name, targetPort]),
      ),
      ...jvm.marks.ports.flatMap((one) => (one.container === container ? [one.name, one.number] : [])),
    ].map(String),
  );
  const { targets } = scraping;
  return targets.filter(
    (target) =>
      target.namespace === workload.ref.namespace &&
      names.has(target.pod) &&
      (target.container === undefined
        ? target.endpoint === undefined || ports.has(target.endpoint)
        : target.container === container),
  );
}

function endpointsOf({ pods, workload }: Jvm, { endpoints }: Scraping): readonly SeenEndpoint[] {
  const names = new Set(pods.map(({ name }) => name));
  return endpoints.filter(({ namespace, pod }) => namespace === workload.ref.namespace && names.has(pod));
}

function isUnseen({ unseen }: Scraping, what: Unseen, namespace?: string): boolean {
  return unseen.some((one) => one.what === what && one.namespace === namespace);
}

function concerns({ namespace }: { readonly namespace?: string }, own: string): boolean {
  return namespace === undefined || namespace === own;
}
