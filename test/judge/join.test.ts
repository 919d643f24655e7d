import { describe, expect, test } from 'vitest';
import { joinWorkloads } from '../../src/judge/join.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Pod } from '../../src/model/workload.ts';
import { ABSENT, AT, DAY, HOUR, measureOf, mi, SLOT, series, set, UNKNOWN } from '../checks/fixtures.ts';
import { liveContainer, observationOf, podOf, workloadOf } from './fixtures.ts';

function joinOne(pod: Pod, measurements: readonly ContainerMeasurement[], change: Partial<Observation> = {}) {
  const [joined] = joinWorkloads(observationOf([workloadOf([pod])], measurements, change));
  return joined?.pods[0]?.containers ?? [];
}

describe('limit and request', () => {
  const told = measureOf(() => 1, { limit: mi(700), request: mi(300) });

  test('are those in force, whatever the exporter read in the spec of a pod that was resized', () => {
    const actual = { limit: set(2000), request: set(1500) };
    const resized = liveContainer({ limit: set(700), request: set(300), actual });
    expect(joinOne(podOf('cart-0', [resized]), [told])[0]).toMatchObject(actual);
  });

  test('are those that are asked for where nobody says what is in force', () => {
    expect(joinOne(podOf('cart-0'), [told])[0]).toMatchObject({ limit: set(2000), request: set(1000) });
  });

  test('come from the exporter where the pod does not tell, a limit of 0 being none', () => {
    const pod = podOf('cart-0', [liveContainer({ limit: UNKNOWN, request: UNKNOWN })]);
    expect(joinOne(pod, [told])[0]).toMatchObject({ limit: set(700), request: set(300) });
    expect(joinOne(pod, [measureOf(() => 1, { limit: mi(0) })])[0]).toMatchObject({ limit: ABSENT });
  });

  test('come from the exporter for pods that are gone', () => {
    const [joined] = joinWorkloads(observationOf([workloadOf([podOf('cart-0')])], [{ ...told, pod: 'cart-1' }]));
    expect(joined?.gone[0]).toMatchObject({ pod: 'cart-1', limit: set(700), request: set(300) });
  });

  test('are set, absent or not known where the exporter has none', () => {
    const pod = podOf('cart-0', [liveContainer({ limit: ABSENT, request: UNKNOWN })]);
    expect(joinOne(pod, [measureOf(() => 1)])[0]).toMatchObject({ limit: ABSENT, request: UNKNOWN });
  });
});

describe('the start', () => {
  test('is the start series of the running container', () => {
    expect(joinOne(podOf('cart-0'), [measureOf(() => 1)])[0]?.startedAt).toBe(AT - 30 * DAY);
  });

  test('is the beginning of the series where there is none', () => {
    const now = { workingSet: mi(1) };
    const averages = series(20, SLOT, () => 1);
    const young = measureOf(() => 1, { now, averages, slowAverages: [] });
    expect(joinOne(podOf('cart-0'), [young])[0]?.startedAt).toBe(AT - 10 * HOUR);
    expect(joinOne(podOf('cart-0'), [measureOf(() => 1, { now })])[0]?.startedAt).toBe(AT - 7 * DAY);
  });
});

describe('which containers', () => {
  test('pods that do not run are left out, those that end but still run are kept', () => {
    const pods = [
      podOf('cart-0', undefined, { phase: 'Pending' }),
      podOf('cart-1', undefined, { phase: 'Succeeded' }),
      podOf('cart-2', undefined, { deleting: true }),
      podOf('cart-3', [liveContainer({ running: false })], { deleting: true }),
    ];
    const [joined] = joinWorkloads(observationOf([workloadOf(pods)], []));
    expect(joined?.pods.map(({ pod }) => pod.name)).toEqual(['cart-2']);
  });

  test('a container that does not run has no value of now', () => {
    const pod = podOf('cart-0', [liveContainer({ running: false })]);
    expect(joinOne(pod, [measureOf(() => 1)])[0]?.measured).toMatchObject({ now: undefined, peak: mi(1) });
  });

  test('one without a measurement is there all the same', () => {
    expect(joinOne(podOf('cart-0'), [])[0]).toMatchObject({ container: 'app', measured: undefined });
  });
});

describe('JVM series without a container', () => {
  const heap = { liveSet: mi(100), maximum: mi(200) };
  const nameless = { ...measureOf(() => 1, { container: '', averages: [], slowAverages: [], heap }), now: undefined };

  test('belong to the only container', () => {
    expect(joinOne(podOf('cart-0'), [measureOf(() => 1), nameless])[0]?.measured?.heap).toEqual(heap);
  });

  test('belong to the only one that is no sidecar', () => {
    const sidecar = liveContainer({ name: 'mesh', kind: 'sidecar' });
    const found = joinOne(podOf('cart-0', [liveContainer(), sidecar]), [measureOf(() => 1), nameless]);
    expect(found.map(({ measured }) => measured?.heap)).toEqual([heap, undefined]);
  });

  test('belong to none of several', () => {
    const found = joinOne(podOf('cart-0', [liveContainer(), liveContainer({ name: 'web' })]), [nameless]);
    expect(found.map(({ measured }) => measured?.heap)).toEqual([undefined, undefined]);
  });
});

test('partial data touches the namespaces that it names, or all', () => {
  const partial = (namespaces?: string[]) =>
    joinOne(podOf('cart-0'), [], { notes: [{ kind: 'incomplete', text: 'cut', partial: true, namespaces }] })[0]
      ?.partial;
  expect(partial()).toBe(true);
  expect(partial(['shop'])).toBe(true);
  expect(partial(['other'])).toBe(false);
});

test('the limit at a kill is that of the pod that was killed', () => {
  const restart = AT - 5 * HOUR;
  const averages = series(48, SLOT, () => 100);
  const killed = (change: Partial<ContainerMeasurement>) =>
    measureOf(() => 100, {
      starts: averages.map(({ t }) => ({ t, v: t < restart ? AT - 30 * DAY : restart })),
      oomReason: averages.filter(({ t }) => t >= restart).map(({ t }) => ({ t, v: 1 })),
      ...change,
    });
  const limitAt = (change: Partial<ContainerMeasurement>) => {
    const pod = podOf('cart-0', [liveContainer({ limit: set(1024) })], { uid: 'new', createdAt: AT - 2 * HOUR });
    return joinOne(pod, [killed(change)])[0]?.oomKills.at(-1)?.limit;
  };
  expect(limitAt({ uid: 'new', limit: mi(1024) })).toBeUndefined();
  expect(limitAt({ uid: 'old', limit: mi(512) })).toBe(mi(512));
  expect(limitAt({ uid: 'new', limit: mi(1024), peak: mi(1000) })).toBe(mi(1024));
});
