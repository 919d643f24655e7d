import fc from 'fast-check';
import { MIB } from '../../src/bytes.ts';
import type { JudgeSettings } from '../../src/judge/settings.ts';
import type { ContainerHistory, ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { NamespaceBounds, Setting } from '../../src/model/workload.ts';
import { ABSENT, AT, HOUR, measureOf, mi, series, set, THRESHOLDS } from '../checks/fixtures.ts';
import {
  killHistoryOf,
  liveContainer,
  observationOf,
  peaksOf,
  podOf,
  SETTINGS,
  templateOf,
  workloadOf,
} from '../judge/fixtures.ts';

/** One container of one to three pods, of which some may be gone. */
export interface Scene {
  readonly observation: Observation;
  readonly settings: JudgeSettings;
  readonly limit: Setting;
  readonly request: Setting;
}

export const mebi = fc.integer({ min: 16, max: 9000 });
export const setting = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Setting>(ABSENT) },
  { weight: 6, arbitrary: mebi.map((one): Setting => set(one)) },
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const pods = fc.array(
  fc.record({
    used: fc.integer({ min: 1, max: 8000 }),
    spike: fc.integer({ min: 0, max: 1000 }),
    cache: fc.integer({ min: 0, max: 4000 }),
    grows: fc.integer({ min: 0, max: 60 }),
    waiting: fc.constantFrom(0, 0, 0, 0.3),
    killed: fc.constantFrom(false, false, true),
    live: fc.constantFrom(true, true, true, false),
  }),
  { minLength: 1, maxLength: 3 },
);

export const scenes = fc
  .record({
    limit: setting,
    request: setting,
    guaranteed: fc.boolean(),
    pods,
    longPeak: fc.integer({ min: 0, max: 9000 }),
    days: fc.integer({ min: 1, max: 14 }),
    flat: fc.boolean(),
    killedBefore: optional(fc.record({ daysAgo: fc.integer({ min: 2, max: 13 }), limit: optional(mebi) })),
    bounds: fc.record(
      {
        containerMax: fc.integer({ min: 4000, max: 16_000 }).map(mi),
        podSumMax: fc.integer({ min: 4000, max: 16_000 }).map(mi),
        containerMin: fc.integer({ min: 1, max: 500 }).map(mi),
        quotaLimitsLeft: mebi.map(mi),
        quotaRequestsLeft: mebi.map(mi),
      },
      { requiredKeys: [] },
    ),
    /** The API server refuses a resize beyond the bounds. */
    inPlace: optional(fc.integer({ min: 500, max: 4000 })),
    memoryHpa: fc.constantFrom('none' as const, 'none' as const, 'steered' as const),
    usageRed: fc.integer({ min: 50, max: 95 }),
    limitFactor: fc.double({ min: 1, max: 3, noNaN: true }),
    requestFactor: fc.double({ min: 0.1, max: 1, noNaN: true }),
    tighten: fc.constantFrom('report' as const, 'pull-request' as const),
    jvm: optional(fc.constantFrom({ maxHeap: mi(512) }, { maxHeap: mi(6000) }, { maxRamPercentage: 75 })),
    heap: optional(fc.record({ liveSet: mebi.map(mi), nonHeap: mebi.map(mi) })),
  })
  .map(({ limit, ...one }): Scene => {
    const isAbove = limit.state === 'set' && one.request.state === 'set' && one.request.bytes > limit.bytes;
    const request = one.guaranteed || isAbove ? limit : one.request;
    const live = one.pods.flatMap((pod, index) => (pod.live || index === 0 ? [index] : []));
    const measurements = one.pods.map((pod, index): ContainerMeasurement => {
      const runs = live.includes(index);
      const at = (hours: number) => pod.used + pod.grows * hours;
      const now = {
        workingSet: mi(pod.used),
        activeFile: mi(Math.min(pod.used, pod.cache)),
        startedAt: AT - 720 * HOUR,
      };
      return measureOf(at, {
        pod: `cart-${index}`,
        peak: mi(pod.used + pod.spike),
        rss: [],
        ...(runs ? { now } : { now: undefined }),
        ...(pod.waiting > 0 && {
          pressure: { waiting: series(4, 6 * HOUR, () => 0).map(({ t }) => ({ t, v: pod.waiting })), stalled: [] },
        }),
        ...(one.heap && { heap: { ...one.heap, maximum: mi(4000) } }),
      });
    });
    const histories = one.pods.map((pod, index): ContainerHistory => {
      const highest = Math.max(pod.used + pod.spike, index === 0 ? one.longPeak : 0);
      const since = limit.state === 'set' ? limit.bytes / MIB : undefined;
      const { killedBefore } = one;
      return {
        ...peaksOf(highest, one.days, `cart-${index}`, one.flat),
        ...(index === 0 && killedBefore && killHistoryOf(killedBefore.daysAgo, killedBefore.limit, since)),
      };
    });
    const running = live.map((index) => {
      const lastTermination = one.pods[index]?.killed ? { reason: 'OOMKilled', finishedAt: AT - 3 * HOUR } : undefined;
      const filled = request.state === 'absent' ? limit : request;
      const isResized = one.inPlace !== undefined && limit.state === 'set';
      const inPlace = isResized ? set(one.inPlace ?? 0) : limit;
      // A resize keeps a pod Guaranteed that is.
      const sizes = { limit: inPlace, request: isSame(filled, limit) ? inPlace : filled };
      const resizedBy = [{ by: 'kubectl-edit', byHand: true, at: AT - 48 * HOUR, containers: ['app'] }];
      const containers = [liveContainer({ ...sizes, lastTermination })];
      return podOf(`cart-${index}`, containers, { current: true, ...(one.inPlace && { resizedBy }) });
    });
    const containers = [templateOf({ limit, request, jvm: one.jvm })];
    const workload = workloadOf(running, { containers, memoryHpa: one.memoryHpa });
    const bounds: NamespaceBounds[] = [{ namespace: 'shop', ...one.bounds }];
    const { usageRed, limitFactor, requestFactor, tighten } = one;
    const thresholds = { ...THRESHOLDS, usageYellow: 40, usageRed, limitFactor, requestFactor };
    return {
      observation: observationOf([workload], measurements, { histories }, { bounds }),
      settings: { ...SETTINGS, tighten, thresholds },
      limit,
      request,
    };
  });

export function isSame(a: Setting, b: Setting): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
