import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type bytes, MIB } from '../../src/bytes.ts';
import { judge } from '../../src/judge/judge.ts';
import type { JudgeSettings } from '../../src/judge/settings.ts';
import type { ContainerChange, GateVerdict } from '../../src/model/gate.ts';
import { bySeverity, type Level } from '../../src/model/level.ts';
import type { ContainerHistory, ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { NamespaceBounds, Setting, Workload } from '../../src/model/workload.ts';
import { evidenceOfObservation } from '../../src/weigh/evidence-of-observation.ts';
import { weigh } from '../../src/weigh/weigh.ts';
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
import { changeOf, findingOf, valueChange } from './fixtures.ts';

interface Scene {
  readonly observation: Observation;
  readonly settings: JudgeSettings;
  readonly limit: Setting;
  readonly request: Setting;
}

const mebi = fc.integer({ min: 16, max: 9000 });
const setting = fc.oneof(
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

const scenes = fc
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

function isSame(a: Setting, b: Setting): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const runs = { numRuns: 1000 };

function weighIn({ observation, settings }: Scene, changes: readonly ContainerChange[]): GateVerdict {
  return weigh({ containers: changes, unread: [] }, evidenceOfObservation(observation, settings), settings);
}

function changeIn({ limit, request }: Scene, to: { limit?: Setting; request?: Setting }): ContainerChange {
  return changeOf({
    limit: valueChange(limit, to.limit ?? limit),
    request: valueChange(request, to.request ?? request),
  });
}

/** What the next inspection sees of the merged state: all pods have the new limit, and no kill happened at it. */
function merged({ observation }: Scene, limit: Setting): Observation {
  const { cluster } = observation;
  const workloads = cluster.workloads.map(
    (workload): Workload => ({
      ...workload,
      containers: workload.containers.map((one) => ({ ...one, limit })),
      pods: workload.pods.map((pod) => ({
        ...pod,
        containers: pod.containers.map((one) => ({ ...one, limit, lastTermination: undefined })),
      })),
    }),
  );
  const histories = observation.histories.map(({ oomReason, restarts, starts, limits, ...one }) => one);
  return { ...observation, cluster: { ...cluster, workloads }, histories };
}

test('never calls green what the next inspection of the merged state would call red by usage', () => {
  fc.assert(
    fc.property(scenes, mebi, (scene, to) => {
      const limit = set(to);
      const { verdict } = weighIn(scene, [changeIn(scene, { limit })]);
      const next = judge(merged(scene, limit), scene.settings).workloads[0]?.containers[0];
      if (next?.worst.usage?.finding.level === 'red' && !isSame(limit, scene.limit)) {
        expect(verdict).not.toBe('green');
      }
    }),
    runs,
  );
});

test('what the action suggests is green', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      const judged = judge(scene.observation, scene.settings).workloads[0]?.containers[0];
      const { limit, request } = judged?.suggestion ?? {};
      if (limit === undefined && request === undefined) return;
      const of = (value: { readonly to: ReturnType<typeof bytes> } | undefined): Setting | undefined =>
        value && { state: 'set', bytes: value.to };
      const change = changeIn(scene, { limit: of(limit), request: of(request) });
      const { changes } = weighIn(scene, [change]);
      expect(changes[0]?.findings.filter(({ level }) => level !== 'green')).toEqual([]);
    }),
    runs,
  );
});

test('raising a limit more never makes what is said of it worse', () => {
  fc.assert(
    fc.property(scenes, mebi, mebi, (scene, a, b) => {
      const levelAt = (to: number): Level => {
        const { changes } = weighIn(scene, [changeIn(scene, { limit: set(to) })]);
        return findingOf(changes[0]?.findings ?? [], 'limit')?.level ?? 'green';
      };
      const from = scene.limit.state === 'set' ? scene.limit.bytes / MIB : 0;
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      if (less <= from) return;
      expect(bySeverity(levelAt(less), levelAt(more))).toBeLessThanOrEqual(0);
    }),
    runs,
  );
});

test('what is said to be enough is green', () => {
  fc.assert(
    fc.property(scenes, mebi, (scene, to) => {
      const limitAt = (limit: Setting) =>
        findingOf(weighIn(scene, [changeIn(scene, { limit })]).changes[0]?.findings ?? [], 'limit');
      const enough = limitAt(set(to))?.fact.enough;
      if (enough === undefined) return;
      expect(limitAt({ state: 'set', bytes: enough })?.level ?? 'green').toBe('green');
    }),
    runs,
  );
});

test('the order of the changes changes nothing', () => {
  const targets = fc.array(fc.record({ limit: setting, request: setting, way: fc.constantFrom('plain', 'helm') }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(scenes, targets, (scene, all) => {
      const changes = all.map(({ way, ...to }, index): ContainerChange => {
        const application = { way: way as 'plain' | 'helm', name: `app-${index % 3}`, path: `app-${index % 3}/x.yaml` };
        return { ...changeIn(scene, to), application };
      });
      const verdict = weighIn(scene, changes);
      expect(weighIn(scene, changes.toReversed())).toEqual(verdict);
      expect(weighIn(scene, changes)).toEqual(verdict);
    }),
    { numRuns: 300 },
  );
});
