import { describe, expect, test } from 'vitest';
import { mapTemplate } from '../../src/cluster/map-containers.ts';
import { mapPod } from '../../src/cluster/map-pod.ts';
import { judge } from '../../src/judge/judge.ts';
import type { ContainerHistory, ContainerMeasurement } from '../../src/model/measurement.ts';
import type { PodContainer, TemplateContainer } from '../../src/model/workload.ts';
import { ABSENT, AT, DAY, HOUR, measureOf, mi, SLOT, set } from '../checks/fixtures.ts';
import {
  killHistoryOf,
  liveContainer,
  observationOf,
  peaksOf,
  podOf,
  SETTINGS,
  templateOf,
  workloadOf,
} from './fixtures.ts';

const none = { limit: ABSENT, request: ABSENT };

interface Scene {
  readonly app: number;
  readonly side: number;
  readonly limit?: number;
  readonly ownLimit?: number;
  readonly killed?: boolean;
  /** What is measured of a container that uses so many Mi now; flat where it is left out. */
  readonly measured?: (used: number) => ContainerMeasurement;
  readonly history?: Partial<ContainerHistory>;
}

/** A pod of 1000Mi and 800Mi for both of its containers. */
function judgePod({ app, side, limit = 1000, ownLimit, killed = false, ...scene }: Scene) {
  const { measured = (used: number) => measureOf(() => used), history } = scene;
  const sizes = { limit: set(limit), request: set(800) };
  const own = ownLimit === undefined ? none : { limit: set(ownLimit), request: set(ownLimit) };
  const last = killed ? { lastTermination: { reason: 'OOMKilled', finishedAt: AT - HOUR } } : {};
  const live: PodContainer[] = [
    liveContainer({ ...none, ...last }),
    liveContainer({ name: 'side', ...own }),
    liveContainer({ name: '(pod)', kind: 'pod', ...sizes }),
  ];
  const templates: TemplateContainer[] = [
    templateOf(none),
    templateOf({ name: 'side', ...own }),
    templateOf({ name: '(pod)', kind: 'pod', image: '', ...sizes }),
  ];
  const measure = (name: string, used: number) => ({ ...measured(used), container: name });
  const observation = observationOf(
    [workloadOf([podOf('cart-0', live)], { containers: templates })],
    [measure('app', app), measure('side', side)],
    {
      histories: [
        { ...peaksOf(app, 14), ...history },
        { ...peaksOf(side, 14), container: 'side' },
      ],
    },
  );
  const [judged] = judge(observation, SETTINGS).workloads;
  const find = (name: string) => judged?.containers.find((one) => one.name === name);
  return { app: find('app'), side: find('side'), pod: find('(pod)') };
}

describe('the pod as a whole', () => {
  test('is judged by what its containers use together', () => {
    const { pod } = judgePod({ app: 600, side: 320 });
    expect(pod?.level).toBe('red');
    expect(pod?.worst.usage?.finding).toMatchObject({ facts: { used: mi(920), limit: mi(1000), percent: 92 } });
    expect(pod?.suggestion).toMatchObject({ container: '(pod)', limit: { from: set(1000), to: mi(1280) } });
  });

  test('has room where they have', () => {
    expect(judgePod({ app: 300, side: 100, limit: 1000 }).pod?.worst.usage?.finding.level).toBe('green');
  });

  test('gets the blame for a container without a limit that was killed', () => {
    const { app, pod } = judgePod({ app: 500, side: 200, killed: true });
    expect(app?.worst.usage?.finding).toMatchObject({ level: 'red', facts: { reason: 'OOM-killed' } });
    expect(app?.suggestion).toBeUndefined();
    expect(pod?.worst.usage?.finding.level).toBe('red');
    expect(pod?.suggestion?.limit?.to).toBeGreaterThan(mi(1000));
  });

  test('is not flat by design where a container that shares its limit was killed before the window', () => {
    const flat = peaksOf(700, 14, 'cart-0', true);
    expect(judgePod({ app: 700, side: 200, history: flat }).pod?.worst.usage?.finding.level).toBe('yellow');
    const { pod } = judgePod({ app: 700, side: 200, history: { ...flat, ...killHistoryOf(3, undefined) } });
    expect(pod?.worst.usage?.finding).toMatchObject({ level: 'red', facts: { reason: 'close to the limit' } });
    expect(pod?.suggestion).toMatchObject({ limit: { to: mi(1280) }, delivery: { kind: 'change' } });
  });

  test('is judged by what it used itself where it replaced one of its name', () => {
    const replacedAt = AT - 10 * HOUR;
    const measured = (used: number) =>
      measureOf((hours) => (hours <= -10 ? 3 * used : used), {
        now: { workingSet: mi(used), startedAt: replacedAt },
        starts: [AT - 30 * DAY, replacedAt].map((v) => ({ t: Math.max(v, AT - DAY + SLOT), v })),
        instances: [
          { uid: 'old', startedAt: AT - 30 * DAY, peak: mi(3 * used) },
          { uid: 'uid-cart-0', startedAt: replacedAt, peak: mi(used) },
        ],
      });
    const { pod } = judgePod({ app: 250, side: 160, measured });
    expect(pod?.worst.usage?.finding).toMatchObject({ level: 'green', facts: { peak: mi(410) } });
    expect(pod?.worst.sizing?.finding.level).toBe('green');
    expect(pod?.suggestion).toBeUndefined();
  });

  test('is not known where a container of it is not measured', () => {
    const live = [
      liveContainer(none),
      liveContainer({ name: '(pod)', kind: 'pod', limit: set(1000), request: ABSENT }),
    ];
    const [judged] = judge(observationOf([workloadOf([podOf('cart-0', live)])], []), SETTINGS).workloads;
    expect(judged?.containers.map(({ name, level }) => [name, level])).toContainEqual(['(pod)', 'unknown']);
  });
});

describe('a container of such a pod', () => {
  test('is not without limit, and uses a share of its pod’s', () => {
    const { app } = judgePod({ app: 500, side: 100 });
    expect(app?.level).toBe('green');
    expect(app?.worst.usage?.finding.facts).toMatchObject({ limit: mi(1000), percent: 50, sharesLimit: true });
    expect(app?.worst.sizing?.finding.facts.problems).toEqual([]);
  });

  test('gets no limit of its own proposed, however much it uses', () => {
    expect(judgePod({ app: 950, side: 10 }).app?.suggestion).toBeUndefined();
  });

  test('with a limit of its own is judged by that, and gets no more than its pod has', () => {
    const { side } = judgePod({ app: 100, side: 290, ownLimit: 300, limit: 350 });
    expect(side?.worst.usage?.finding).toMatchObject({ level: 'red', facts: { limit: mi(300) } });
    expect(side?.withheld?.why ?? side?.suggestion?.notes.join()).toContain('its pod as a whole has a limit of 350Mi');
  });
});

test('a pod that only asks for memory as a whole asks for its containers', () => {
  const spec = { containers: [{ name: 'app' }], resources: { requests: { memory: '256Mi' } } };
  const status = { phase: 'Running', containerStatuses: [{ name: 'app', state: { running: {} } }] };
  const seen = mapPod({ metadata: { name: 'cart-0', namespace: 'shop', uid: 'uid-cart-0' }, spec, status });
  const workload = workloadOf(seen === undefined ? [] : [seen.pod], { containers: mapTemplate(spec) });
  const measured = measureOf(() => 400, { limit: undefined, request: undefined });
  const [judged] = judge(observationOf([workload], [measured]), SETTINGS).workloads;
  expect(judged?.containers.map(({ name }) => name)).toEqual(['app']);
  expect(judged?.containers[0]?.worst.sizing?.finding.facts.problems).toMatchObject([{ kind: 'no limit' }]);
  expect(judged?.containers[0]?.suggestion?.request).toBeUndefined();
});

test('a pod as a whole has in swap what its containers have there', () => {
  const measured = (used: number) =>
    measureOf(() => used, { now: { workingSet: mi(used), startedAt: AT - 30 * DAY, swap: mi(40) } });
  const { pod } = judgePod({ app: 500, side: 300, measured });
  expect(pod?.worst.usage?.finding.facts).toMatchObject({ used: mi(800), swap: mi(80) });
});
