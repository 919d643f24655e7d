import type { JudgeSettings } from '../../src/judge/settings.ts';
import type { ContainerHistory, ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { ClusterState, Pod, PodContainer, TemplateContainer, Workload } from '../../src/model/workload.ts';
import { AT, DAY, HOUR, mi, set, THRESHOLDS, WINDOWS } from '../checks/fixtures.ts';

export const SETTINGS: JudgeSettings = { thresholds: THRESHOLDS, date: '2025-12-25', tighten: 'report' };

export function liveContainer(change: Partial<PodContainer> = {}): PodContainer {
  return {
    name: 'app',
    kind: 'container',
    injected: false,
    limit: set(2000),
    request: set(1000),
    running: true,
    restarts: 0,
    ...change,
  };
}

export function podOf(
  name: string,
  containers: readonly PodContainer[] = [liveContainer()],
  change: Partial<Pod> = {},
): Pod {
  return { name, uid: `uid-${name}`, phase: 'Running', ready: true, deleting: false, containers, ...change };
}

export function templateOf(change: Partial<TemplateContainer> = {}): TemplateContainer {
  return { name: 'app', kind: 'container', image: 'shop/cart:1', limit: set(2000), request: set(1000), ...change };
}

export function workloadOf(pods: readonly Pod[], change: Partial<Workload> = {}): Workload {
  return {
    ref: { namespace: 'shop', group: 'apps', kind: 'StatefulSet', name: 'cart' },
    edit: { allowed: true },
    replicas: pods.length,
    containers: [templateOf()],
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods,
    ...change,
  };
}

export function observationOf(
  workloads: readonly Workload[],
  measurements: readonly ContainerMeasurement[],
  change: Partial<Observation> = {},
  cluster: Partial<ClusterState> = {},
): Observation {
  return {
    format: 1,
    at: AT,
    windows: WINDOWS,
    cluster: { namespaces: ['shop'], workloads, bounds: [], notes: [], ...cluster },
    access: { way: 'direct', url: 'http://prometheus:9090' },
    queries: 12,
    availability: { exporter: true, cadvisor: true, jvm: { state: 'unavailable', why: 'no JVM metrics' } },
    measurements,
    histories: [],
    notes: [],
    ...change,
  };
}

/** Daily peaks of `days` days that end at `AT`, up to so many Mi; every other day's is a tenth lower unless `flat`. */
export function peaksOf(mebi: number, days: number, pod = 'cart-0', flat = false): ContainerHistory {
  const dailyPeaks = Array.from({ length: days }, (_, index) => {
    const back = days - 1 - index;
    return { t: AT - back * DAY, v: mi(flat || back % 2 === 0 ? mebi : mebi * 0.9) };
  });
  return { namespace: 'shop', pod, container: 'app', dailyPeaks };
}

/** What a history tells of a container that was OOM-killed so many days ago at a limit in Mi (not known: no series), and what its limit is since. */
export function killHistoryOf(
  daysAgo: number,
  limit: number | undefined,
  since = limit,
): Pick<ContainerHistory, 'starts' | 'restarts' | 'oomReason' | 'limits'> {
  const slots = Array.from({ length: 14 * 48 + 1 }, (_, index) => AT - 14 * DAY + (index * HOUR) / 2);
  const kill = AT - daysAgo * DAY - 60;
  return {
    starts: slots.map((t) => ({ t, v: t < kill ? AT - 30 * DAY : kill })),
    restarts: slots.map((t) => ({ t, v: t < kill ? 0 : 1 })),
    oomReason: slots.filter((t) => t >= kill).map((t) => ({ t, v: 1 })),
    ...(limit !== undefined && { limits: slots.map((t) => ({ t, v: mi(t < kill ? limit : (since ?? limit)) })) }),
  };
}
