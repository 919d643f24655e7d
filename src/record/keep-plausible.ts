import { isHeapFlag } from '../jvm-flags.ts';
import type { JvmFlags } from '../model/jvm.ts';
import type { ContainerHistory, ContainerMeasurement, HeapMeasurement, Sample } from '../model/measurement.ts';
import type { Observation } from '../model/observation.ts';
import type { NamespaceBounds, OpenRollout, Setting, TemplateContainer, Workload } from '../model/workload.ts';
import { isCount, isPercentage, isRatio, isShare, isSize, isTime } from '../plausible.ts';

type Check = (value: unknown) => boolean;

/** The observation without the numbers that no observation holds; a recording may come from anywhere. */
export function keepPlausible(observation: Observation): Observation {
  const { cluster } = observation;
  return {
    ...observation,
    cluster: {
      ...keep(cluster, { largestNodeAllocatable: isSize }),
      workloads: cluster.workloads.map(keepInWorkload),
      bounds: cluster.bounds.map((bounds) => keep<NamespaceBounds>(bounds, BOUNDS)),
    },
    measurements: observation.measurements.map(keepInMeasurement),
    histories: observation.histories.map((history): ContainerHistory => {
      const { dailyPeaks, hourlyAverages, starts, restarts, oomReason, limits } = history;
      return {
        ...history,
        dailyPeaks: samples(dailyPeaks, isSize),
        ...(hourlyAverages && { hourlyAverages: samples(hourlyAverages, isSize) }),
        ...(starts && { starts: samples(starts, isTime) }),
        ...(restarts && { restarts: samples(restarts, isCount) }),
        ...(oomReason && { oomReason: samples(oomReason, isCount) }),
        ...(limits && { limits: samples(limits, isSize) }),
      };
    }),
  };
}

const isDemand: Check = (value) => value === 'ResourceQuota' || value === 'LimitRange';
const BOUNDS = {
  containerMax: isSize,
  containerMin: isSize,
  podMax: isSize,
  quotaLimitsLeft: isSize,
  quotaRequestsLeft: isSize,
  defaultLimit: isSize,
  defaultRequest: isSize,
  limitPerRequest: isRatio,
  podSumMax: isSize,
  podSumMin: isSize,
  demandsLimit: isDemand,
  demandsRequest: isDemand,
};
const NOW = {
  workingSet: isSize,
  rss: isSize,
  mappedFile: isSize,
  activeFile: isSize,
  swap: isSize,
  startedAt: isTime,
};
const HEAP = {
  used: isSize,
  lowestUsed: isSize,
  maximum: isSize,
  liveSet: isSize,
  nonHeap: isSize,
  committed: isSize,
  directBuffers: isSize,
  threads: isCount,
};
const SIZES = { peak: isSize, limit: isSize, request: isSize, formerLimit: isSize, oomEvents: isCount };

function keepInMeasurement(measurement: ContainerMeasurement): ContainerMeasurement {
  const { now, heap, instances, pressure } = measurement;
  return {
    ...keep(measurement, SIZES),
    ...(now && { now: keep(now, NOW) }),
    ...(heap && { heap: keepHeap(heap) }),
    ...(instances && {
      instances: instances.map((one) => keep(one, { startedAt: isTime, peak: isSize })),
    }),
    ...(pressure && {
      pressure: { waiting: samples(pressure.waiting, isShare), stalled: samples(pressure.stalled, isShare) },
    }),
    averages: samples(measurement.averages, isSize),
    slowAverages: samples(measurement.slowAverages, isSize),
    rss: samples(measurement.rss, isSize),
    mappedFile: samples(measurement.mappedFile, isSize),
    activeFile: samples(measurement.activeFile, isSize),
    starts: samples(measurement.starts, isTime),
    restarts: samples(measurement.restarts, isCount),
    oomReason: samples(measurement.oomReason, isCount),
  };
}

function keepHeap(heap: HeapMeasurement): HeapMeasurement {
  if (!heap.course) return keep(heap, HEAP);
  const course = Object.entries(heap.course).map(([field, own]) => {
    return [field, samples(own, field === 'threads' ? isCount : isSize)];
  });
  return { ...keep(heap, HEAP), course: Object.fromEntries(course) };
}

function keepInWorkload(workload: Workload): Workload {
  return {
    ...keep(workload, { replicas: isCount }),
    ...(workload.rollout && { rollout: keepRollout(workload.rollout) }),
    containers: workload.containers.map((container): TemplateContainer => {
      const { jvm, jvmFlags, ...rest } = container;
      const flags = keepFlags(jvmFlags);
      return {
        ...keepSettings(rest),
        ...(flags && { jvmFlags: flags }),
        ...(jvm && { jvm: keep(jvm, { maxHeap: isSize, maxRamPercentage: isPercentage }) }),
      };
    }),
    pods: workload.pods.map((pod) => ({
      ...keep(pod, { createdAt: isTime }),
      ...(pod.resizedBy && { resizedBy: pod.resizedBy.map((mark) => keep(mark, { at: isTime })) }),
      containers: pod.containers.map((container) => {
        const { lastTermination, restarts, actual } = container;
        return {
          ...keepSettings(keep(container, { startedAt: isTime })),
          ...(actual && { actual: keepSettings(actual) }),
          restarts: isCount(restarts) ? restarts : 0,
          ...(lastTermination && { lastTermination: keep(lastTermination, { finishedAt: isTime }) }),
        };
      }),
    })),
  };
}

function keepFlags(flags: JvmFlags | undefined): JvmFlags | undefined {
  if (flags === undefined) return undefined;
  const { heap, ...rest } = keep(flags, { stack: isSize });
  return { ...rest, ...(heap && isHeapFlag(heap) && { heap }) };
}

function keepSettings<T extends { readonly limit: Setting; readonly request: Setting }>(container: T): T {
  return { ...container, limit: keepSetting(container.limit), request: keepSetting(container.request) };
}

function keepSetting(setting: Setting): Setting {
  return setting.state === 'set' && !isSize(setting.bytes) ? { state: 'unknown' } : setting;
}

function samples(given: readonly Sample[], isValue: Check): readonly Sample[] {
  return given.filter(({ t, v }) => isTime(t) && isValue(v));
}

/** The object without those of the named fields that do not pass. */
function keep<T extends object>(object: T, checks: { readonly [Key in keyof T]?: Check }): T {
  const failed = (name: string, value: unknown) => value !== undefined && checks[name as keyof T]?.(value) === false;
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => !failed(name, value))) as T;
}

function keepRollout(rollout: OpenRollout): OpenRollout {
  const counted = (value: number) => (isCount(value) ? value : 0);
  const { pods, updated, ready } = rollout;
  return {
    ...keep(rollout, { partition: isCount }),
    pods: counted(pods),
    updated: counted(updated),
    ready: counted(ready),
  };
}
