import { describe, expect, test } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import type { ClusterState, Workload } from '../../src/model/workload.ts';
import { evidenceOfObservation } from '../../src/weigh/evidence-of-observation.ts';
import { weigh } from '../../src/weigh/weigh.ts';
import { ABSENT, DAY, measureOf, mi, set } from '../checks/fixtures.ts';
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
import { changeOf, findingOf, limitTo, REF, valueChange } from './fixtures.ts';

const POD = podOf('cart-0');

interface Scene {
  readonly workload?: Partial<Workload>;
  readonly observation?: Partial<Observation>;
  readonly cluster?: Partial<ClusterState>;
}

function evidenceIn({ workload, observation, cluster }: Scene = {}) {
  const measured = measureOf(() => 1200);
  return evidenceOfObservation(
    observationOf([workloadOf([POD], workload)], [measured], observation, cluster),
    SETTINGS,
  );
}

function matchIn(scene: Scene = {}, change = limitTo(1500)) {
  const matched = evidenceIn(scene).match(change);
  return matched.state === 'matched' ? matched : undefined;
}

test('tells what a container uses, and what the action suggests', () => {
  expect(matchIn()).toMatchObject({
    ref: REF,
    pods: 1,
    vpa: 'none',
    memoryHpa: 'none',
    evidence: { pods: 1, days: 1, used: mi(1200), peak: mi(1200), requestBase: mi(1200), killed: { kind: 'no' } },
  });
  const tight = matchIn({ observation: { measurements: [measureOf(() => 1950, { activeFile: [] })] } });
  expect(tight?.evidence?.suggested).toEqual({ limit: mi(2560) });
});

describe('of pods that are gone', () => {
  const histories = [
    peaksOf(1250, 14, 'cart-0', true),
    { ...peaksOf(1700, 14, 'cart-7', true), ...killHistoryOf(10, 1750, 2000) },
  ];

  test('peaks and kills count', () => {
    expect(matchIn({ observation: { histories } })?.evidence).toMatchObject({
      used: mi(1200),
      peak: mi(1700),
      days: 14,
      flatDays: 14,
      killed: { kind: 'at', limit: mi(1750) },
    });
  });

  test('a workload that is scaled to nothing is told', () => {
    const workload = { pods: [], replicas: 0 };
    const scaled = matchIn({ workload, observation: { measurements: [], histories } });
    expect(scaled).toMatchObject({ pods: 0, evidence: { pods: 0, peak: mi(1700) } });
    expect(scaled?.evidence?.used).toBeUndefined();
    expect(matchIn({ workload, observation: { measurements: [] } })).not.toHaveProperty('evidence');
  });

  test('peaks of the window count without any history', () => {
    const measurements = [measureOf(() => 1200), measureOf(() => 1900, { pod: 'cart-7', now: undefined })];
    expect(matchIn({ observation: { measurements } })?.evidence?.peak).toBe(mi(1900));
  });
});

test('what has no such workload is new where that would have been seen', () => {
  const inNamespace = (namespace: string, kind = 'Deployment') =>
    changeOf({ workload: { ...REF, kind, name: 'basket', namespace } });
  const inspected = { namespaces: ['shop', 'pay-*'], except: ['pay-test'] };
  const stateOf = (change: ReturnType<typeof changeOf>, seen: ClusterState['inspected'] = inspected) =>
    evidenceIn({ cluster: { inspected: seen } }).match(change).state;
  expect(stateOf(inNamespace('pay-prod'))).toBe('new');
  expect(stateOf(inNamespace('pay-test'))).toBe('not inspected');
  expect(stateOf(inNamespace('dev'))).toBe('not inspected');
  expect(stateOf(inNamespace('shop'), { ...inspected, selector: 'team=a' })).toBe('not inspected');
  expect(stateOf(inNamespace('shop', 'CronJob'))).toBe('not inspected');
});

test('a container that its workload does not have yet has no evidence', () => {
  expect(matchIn({}, { ...limitTo(1500), container: 'proxy', kind: 'added' })).not.toHaveProperty('evidence');
});

test('sidecars and the pod as a whole are told like containers', () => {
  const whole = { name: '(pod)', kind: 'pod', limit: set(2000), request: set(1000) } as const;
  const sizes = { limit: ABSENT, request: ABSENT };
  const proxy = { name: 'proxy', kind: 'sidecar', ...sizes } as const;
  const pod = podOf('cart-0', [liveContainer(sizes), liveContainer(proxy), liveContainer(whole)]);
  const workload = { pods: [pod], containers: [templateOf(sizes), templateOf(proxy), templateOf(whole)] };
  const measurements = [measureOf(() => 1200), measureOf(() => 300, { container: 'proxy' })];
  const evidence = evidenceIn({ workload, observation: { measurements } });
  const change = { ...limitTo(1600), container: '(pod)', sort: 'pod' } as const;
  const { changes } = weigh({ containers: [change], unread: [] }, evidence, SETTINGS);
  expect(findingOf(changes[0]?.findings ?? [], 'limit')).toMatchObject({
    level: 'red',
    fact: { reason: 'over the red line', peak: mi(1500) },
  });
  const sidecar = matchIn({ workload, observation: { measurements } }, { ...limitTo(1600), container: 'proxy' });
  expect(sidecar).toMatchObject({ sizedAsWhole: true, evidence: { used: mi(300) } });
});

test('pods that are sized in place are told apart from their template', () => {
  const pod = podOf('cart-0', [liveContainer({ limit: set(3000) })], {
    current: true,
    resizedBy: [{ by: 'kubectl-edit', byHand: true, containers: ['app'] }],
  });
  expect(matchIn({ workload: { pods: [pod] } })?.evidence?.actual).toEqual({ limit: set(3000), request: set(1000) });
});

test('partial data makes what it tells uncertain', () => {
  const notes = [{ kind: 'incomplete', text: 'Only part of the data was returned', partial: true }] as const;
  const evidence = evidenceIn({ observation: { notes } });
  expect(evidence.notes).toEqual(['Only part of the data was returned']);
  expect(evidence.match(limitTo(1500))).toHaveProperty('uncertain');
});

test('bounds of namespaces and nodes come along, and how far back it looks', () => {
  const bounds = [{ namespace: 'shop', containerMax: mi(4000) }];
  const evidence = evidenceIn({ cluster: { bounds, largestNodeAllocatable: mi(8000) } });
  expect(evidence.bounds('shop')).toEqual(bounds[0]);
  expect(evidence.bounds('pay')).toBeUndefined();
  expect(evidence.largestNode).toBe(mi(8000));
  expect(evidence.source).toMatchObject({ kind: 'observation', days: 14 });
  const windows = { window: DAY, slowWindow: 7 * DAY, sizingWindow: 30 * DAY };
  expect(evidenceIn({ observation: { windows } }).source).toMatchObject({ days: 30 });
});

test('what is ignored in the cluster is told', () => {
  const ignoreMarks = [{ text: 'will be rewritten; until=2099-01-01' }];
  expect(matchIn({ workload: { ignoreMarks } })?.ignored?.reason).toBe('will be rewritten');
});

test('a change of both is told by both', () => {
  const change = changeOf({ limit: valueChange(set(2000), set(1300)), request: valueChange(set(1000), set(500)) });
  const { changes } = weigh({ containers: [change], unread: [] }, evidenceIn(), SETTINGS);
  expect(changes[0]?.findings.map(({ fact, level }) => [fact.kind, level])).toEqual([
    ['limit', 'red'],
    ['low request', 'yellow'],
    ['halved', 'green'],
  ]);
});
