import { type Bytes, bytes } from '../bytes.ts';
import { sizingBases } from '../checks/sizing.ts';
import { spacing } from '../checks/statistics.ts';
import type { ContainerObservation } from '../model/finding.ts';
import { type ContainerHistory, type ContainerMeasurement, type Sample, SLOW_STEP } from '../model/measurement.ts';
import { containerKey, type Observation } from '../model/observation.ts';
import { bytesOf, type Pod, type PodContainer, type Setting, type Workload } from '../model/workload.ts';
import { asOf } from './as-of.ts';
import { findWorkloadOf } from './controllers.ts';
import { withDaysBefore } from './days-before.ts';
import { findResize, findSizeDrift } from './drift.ts';
import { collectHistories, type Histories, limitInForce } from './histories.ts';
import { countRestarts, gatherOomKills, type LimitAt } from './oom-kills.ts';
import { keepPresentPod } from './present-pod.ts';
import { sizesInForce, sumOfPod, withKillsOfPod } from './whole-pod.ts';

/** A pod that runs, with what was observed of each of its containers. */
export interface JoinedPod {
  readonly pod: Pod;
  readonly containers: readonly ContainerObservation[];
}

/** A workload with its running pods, and what the window knows of containers whose pods are gone. */
export interface JoinedWorkload {
  readonly workload: Workload;
  readonly pods: readonly JoinedPod[];
  readonly gone: readonly ContainerObservation[];
}

/** Joins what the API server and Prometheus know, for every container of every running pod. */
export function joinWorkloads(
  observation: Observation,
  histories: Histories = collectHistories(observation),
): JoinedWorkload[] {
  const { cluster, at, windows } = observation;
  const measurements = new Map(observation.measurements.map((one) => [keyOf(one), one]));
  const marks = findPartial(observation);
  const joined = cluster.workloads.map((workload) => {
    const pods = workload.pods.filter(isRunning).map((seen): JoinedPod => {
      const { namespace } = workload.ref;
      const measuredOf = ({ name }: PodContainer) => measurements.get(containerKey(namespace, seen.name, name));
      const pod = asOf(
        seen,
        at,
        seen.containers.flatMap((one) => measuredOf(one) ?? []),
      );
      const ownOf = (live: PodContainer) => {
        const measured = measuredOf(live);
        return measured && keepPresentPod(measured, pod.uid, windows.window);
      };
      const containers = pod.containers.map((live): ContainerObservation => {
        const found = live.kind === 'pod' ? sumOfPod(pod.containers, ownOf) : measuredOf(live);
        const heap = heapWithoutContainer(measurements, namespace, pod, live);
        const measured = withHeap(found, heap, live.running);
        const otherPod = isOfOtherPod(pod, measured);
        const { shares, ...sizes } = sizesInForce(pod, live);
        const limit = joinSetting(otherPod ? undefined : measured?.limit, sizes.limit);
        const drift = findSizeDrift(workload, pod, live);
        const known = histories.ofContainer(namespace, pod.name, live.name);
        const resizedAt = pod.resizedBy?.findLast((mark) => mark.containers.includes(live.name))?.at;
        const begin = at - windows.window;
        const limitAt = limitAtKill({ history: known, pod, measured, limit: bytesOf(limit), resizedAt, begin });
        const oomKills = gatherOomKills({ at, windows, live, measured, limitAt });
        const own = measured && keepPresentPod(measured, pod.uid, windows.window);
        const resize = findResize(pod, live);
        return {
          at,
          windows,
          namespace,
          pod: pod.name,
          container: live.name,
          kind: live.kind,
          ...shares,
          limit,
          request: joinSetting(otherPod ? undefined : measured?.request, sizes.request),
          ...(drift && { drift }),
          ...(resize && { resize }),
          live,
          measured: own,
          startedAt: own?.now?.startedAt ?? beginning(own, windows.window / 48),
          oomKills,
          restartsInWindow: countRestarts(at, windows.window, measured, live),
          ...marks(namespace),
        };
      });
      return { pod, containers: withKillsOfPod(containers) };
    });
    return { workload, pods: withHighest(pods), gone: [] as ContainerObservation[] };
  });
  addGone(joined, observation, histories, marks);
  return joined.map((one) => withDaysBefore(one, histories));
}

function keyOf({ namespace, pod, container }: ContainerMeasurement): string {
  return containerKey(namespace, pod, container);
}

function isRunning(pod: Pod): boolean {
  return pod.phase === 'Running' && (!pod.deleting || pod.containers.some(({ running }) => running));
}

type PartialMarks = (namespace: string) => Pick<ContainerObservation, 'partial' | 'uncertain'>;

function findPartial({ notes, cluster }: Observation): PartialMarks {
  const partial = [...notes, ...cluster.notes].filter((note) => note.partial === true);
  return (namespace) => {
    const touching = partial.filter(({ namespaces }) => namespaces === undefined || namespaces.includes(namespace));
    const uncertain = touching.some(({ only }) => only === undefined);
    return { partial: touching.length > 0, ...(uncertain && { uncertain }) };
  };
}

/** What is in force; the exporter, which only knows what was asked for, counts where the pod does not tell. A limit of 0 is none. */
function joinSetting(measured: Bytes | undefined, live: Setting): Setting {
  if (live.state !== 'unknown' || measured === undefined) return live;
  return measured === 0 ? { state: 'absent' } : { state: 'set', bytes: measured };
}

/** JVM series that name no container belong to the pod's only one. */
function heapWithoutContainer(
  measurements: ReadonlyMap<string, ContainerMeasurement>,
  namespace: string,
  pod: Pod,
  live: PodContainer,
): ContainerMeasurement | undefined {
  const all = pod.containers.filter(({ kind }) => kind !== 'pod');
  const own = all.filter(({ kind, injected }) => kind === 'container' && !injected);
  const only = all.length === 1 ? all[0] : own.length === 1 ? own[0] : undefined;
  return only?.name === live.name ? measurements.get(containerKey(namespace, pod.name, '')) : undefined;
}

function withHeap(
  found: ContainerMeasurement | undefined,
  nameless: ContainerMeasurement | undefined,
  running: boolean,
): ContainerMeasurement | undefined {
  const measured = found ?? nameless;
  if (measured === undefined) return undefined;
  const heap = found?.heap ?? nameless?.heap;
  return { ...measured, now: running ? measured.now : undefined, heap: running ? heap : undefined };
}

/** The beginning of a container's series, in unix seconds; `slot` is the spacing where it cannot be seen. */
function beginning(measured: ContainerMeasurement | undefined, slot: number): number | undefined {
  if (measured === undefined) return undefined;
  const begin = (samples: readonly Sample[], otherwise: number) =>
    samples[0] === undefined ? Number.POSITIVE_INFINITY : samples[0].t - spacing(samples, otherwise);
  const earliest = Math.min(begin(measured.averages, slot), begin(measured.slowAverages, SLOW_STEP));
  return Number.isFinite(earliest) ? earliest : undefined;
}

/** Whether the exporter's limit is that of an earlier pod of the same name, as a StatefulSet's has. */
function isOfOtherPod(pod: Pod, measured: ContainerMeasurement | undefined): boolean {
  return measured?.uid !== undefined && pod.uid !== '' && measured.uid !== pod.uid;
}

/** What tells of a container's limit at a time. */
interface KnownLimits {
  readonly history?: ContainerHistory;
  readonly pod: Pod;
  readonly measured?: ContainerMeasurement;
  /** Now. */
  readonly limit?: Bytes;
  /** When a resize in place may have brought the present one, in unix seconds. */
  readonly resizedAt?: number;
  /** Of the window, in unix seconds. */
  readonly begin: number;
}

/**
 * The limit in force at a kill, which may have been another one: a pod can be resized in place, and a pod of a StatefulSet
 * keeps its name when it is replaced. Where no series tells, usage near the present limit shows that it was in force.
 */
function limitAtKill(known: KnownLimits): LimitAt {
  const { history, pod, measured, limit, resizedAt } = known;
  const otherPod = isOfOtherPod(pod, measured);
  return (time, ofThisPod = false) => {
    const told = limitInForce(history, time);
    if (told !== undefined) return told;
    if (time === undefined && hasChangedInWindow(known)) return undefined;
    if (time !== undefined && resizedAt !== undefined && time < resizedAt) return undefined;
    if (ofThisPod) return limit;
    const before = time !== undefined && pod.createdAt !== undefined && time < pod.createdAt;
    if (!before && !otherPod) return limit;
    if (otherPod) return measured?.limit;
    if (measured?.formerLimit !== undefined) return measured.formerLimit;
    const reached = limit !== undefined && (measured?.peak ?? 0) >= limit * 0.8;
    return reached ? limit : undefined;
  };
}

/** Whether the window may have seen another limit than the present one, so that a kill without a time tells of neither. */
function hasChangedInWindow({ history, pod, measured, limit, resizedAt, begin }: KnownLimits): boolean {
  if (resizedAt !== undefined && resizedAt > begin) return true;
  const first = limitInForce(history, begin);
  const later = history?.limits?.filter(({ t }) => t > begin) ?? [];
  if ((first !== undefined && first !== limit) || later.some(({ v }) => v !== limit)) return true;
  const isReplaced = (pod.createdAt ?? begin) > begin && measured?.formerLimit !== undefined;
  return isReplaced && measured.formerLimit !== limit;
}

/** Tells every container what the highest of the workload's pods used. */
function withHighest(pods: readonly JoinedPod[]): JoinedPod[] {
  const highest = new Map<string, { limitBase: number; peak: number }>();
  for (const { container, measured } of pods.flatMap(({ containers }) => containers)) {
    const before = highest.get(container) ?? { limitBase: 0, peak: 0 };
    const limitBase = Math.max(before.limitBase, sizingBases(measured).limitBase ?? 0);
    highest.set(container, { limitBase, peak: Math.max(before.peak, measured?.peak ?? 0) });
  }
  return pods.map(({ pod, containers }) => ({
    pod,
    containers: containers.map((one) => {
      const top = highest.get(one.container);
      if (top === undefined || top.peak === 0) return one;
      return { ...one, highest: { limitBase: bytes(top.limitBase), peak: bytes(top.peak) } };
    }),
  }));
}

/** Attaches what was measured of pods that are gone to the workload they belonged to. */
function addGone(
  joined: readonly { workload: Workload; pods: readonly JoinedPod[]; gone: ContainerObservation[] }[],
  { cluster, measurements, at, windows }: Observation,
  histories: Histories,
  marks: PartialMarks,
): void {
  const workloadOf = findWorkloadOf(cluster);
  const running = new Set(
    joined.flatMap(({ workload, pods }) => pods.map(({ pod }) => `${workload.ref.namespace}/${pod.name}`)),
  );
  const byWorkload = new Map(joined.map((one) => [one.workload, one]));
  for (const measured of measurements) {
    const { namespace, pod, container } = measured;
    if (container === '' || running.has(`${namespace}/${pod}`)) continue;
    const workload = workloadOf(namespace, pod);
    if (workload === undefined) continue;
    const template = workload.containers.find(({ name }) => name === container);
    const known = measured.limit ?? measured.formerLimit;
    const past = histories.ofContainer(namespace, pod, container);
    const limitAt: LimitAt = (time) => limitInForce(past, time) ?? (known || undefined);
    byWorkload.get(workload)?.gone.push({
      at,
      windows,
      namespace,
      pod,
      container,
      kind: template?.kind ?? 'container',
      limit: joinSetting(known, { state: 'unknown' }),
      request: joinSetting(measured.request, { state: 'unknown' }),
      measured: { ...measured, now: undefined, heap: undefined },
      oomKills: gatherOomKills({ at, windows, measured, limitAt }),
      restartsInWindow: countRestarts(at, windows.window, measured, undefined),
      ...marks(namespace),
    });
  }
}
