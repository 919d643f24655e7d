import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import { selectHistoryTargets } from '../../src/judge/select-history-targets.ts';
import { measureOf, mi, set, THRESHOLDS } from '../checks/fixtures.ts';
import { liveContainer, observationOf, peaksOf, podOf, SETTINGS, templateOf, workloadOf } from './fixtures.ts';

test('a container over its limit is red and gets the limit and request of the case', () => {
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 2017)], {
    histories: [peaksOf(2017, 14)],
  });
  const { verdict, totals, workloads } = judge(observation, SETTINGS);
  expect(verdict).toBe('red');
  expect(totals).toEqual({ total: 1, healthy: 0, attention: 0, atRisk: 1, unknown: 0 });
  expect(workloads[0]?.containers[0]?.suggestion).toMatchObject({
    limit: { to: mi(2560) },
    request: { to: mi(1536) },
    direction: 'raise',
    level: 'red',
    delivery: { kind: 'change' },
    confidence: { level: 'high', why: '14 days, 1 pod, no restarts' },
  });
  expect(selectHistoryTargets(observation, SETTINGS)).toEqual([{ namespace: 'shop', container: 'app', runs: false }]);
});

describe('levels', () => {
  const two = workloadOf([podOf('cart-0'), podOf('cart-1')], { containers: [templateOf({ limit: set(2000) })] });

  test('a pod, a workload and the run take the worst, and totals count pods', () => {
    const measurements = [measureOf(() => 800), measureOf(() => 1500, { pod: 'cart-1' })];
    const { verdict, totals, workloads } = judge(observationOf([two], measurements), SETTINGS);
    expect(verdict).toBe('yellow');
    expect(totals).toEqual({ total: 2, healthy: 1, attention: 1, atRisk: 0, unknown: 0 });
    expect(workloads[0]?.containers[0]?.worst.usage).toMatchObject({ pod: 'cart-1', finding: { level: 'yellow' } });
  });

  test('what was not measured is unknown, which is worse than green and better than yellow', () => {
    const { verdict, totals } = judge(observationOf([two], [measureOf(() => 800)]), SETTINGS);
    expect(verdict).toBe('unknown');
    expect(totals).toMatchObject({ healthy: 1, unknown: 1 });
    const worse = judge(observationOf([two], [measureOf(() => 1500)]), SETTINGS);
    expect(worse.verdict).toBe('yellow');
  });

  test('a workload of which nothing runs is unknown, unless nothing should', () => {
    expect(judge(observationOf([workloadOf([], { replicas: 2 })], []), SETTINGS).verdict).toBe('unknown');
    expect(judge(observationOf([workloadOf([], { replicas: 0 })], []), SETTINGS).verdict).toBe('green');
    expect(judge(observationOf([], []), SETTINGS).verdict).toBe('unknown');
  });

  test('a sidecar counts as a container', () => {
    const containers = [liveContainer(), liveContainer({ name: 'mesh', kind: 'sidecar', limit: set(100) })];
    const template = [templateOf(), templateOf({ name: 'mesh', kind: 'sidecar', limit: set(100) })];
    const measurements = [measureOf(() => 800), measureOf(() => 99, { container: 'mesh' })];
    const workload = workloadOf([podOf('cart-0', containers)], { containers: template });
    const [judged] = judge(observationOf([workload], measurements), SETTINGS).workloads;
    expect(judged?.pods[0]?.containers.map(({ level }) => level)).toEqual(['green', 'red']);
    expect(judged?.containers[1]?.suggestion?.limit?.to).toBe(mi(128));
  });

  test('what looks green in partial data is unknown, and what is wrong there stays so', () => {
    const note = {
      kind: 'incomplete',
      partial: true,
      text: 'the OOM kills were refused',
      namespaces: ['shop'],
    } as const;
    const measurements = [measureOf(() => 800), measureOf(() => 1500, { pod: 'cart-1' })];
    const totalsWith = (change: object) =>
      judge(observationOf([two], measurements, { notes: [{ ...note, ...change }] }), SETTINGS).totals;
    expect(totalsWith({})).toMatchObject({ healthy: 0, unknown: 1, attention: 1 });
    expect(totalsWith({ namespaces: ['other'] })).toMatchObject({ healthy: 1, unknown: 0, attention: 1 });
    expect(totalsWith({ only: 'sizes' })).toMatchObject({ healthy: 1, unknown: 0, attention: 1 });
  });

  test('missing JVM metrics leave the heap check out', () => {
    const { workloads } = judge(observationOf([two], [measureOf(() => 800)]), SETTINGS);
    expect(workloads[0]?.pods[0]?.containers[0]?.findings.heap).toBeUndefined();
  });
});

describe('settings', () => {
  const red = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 1900)]);

  test('overrides give a container its own thresholds', () => {
    const thresholdsFor = ({ name }: { name: string }) =>
      name === 'cart' ? { ...THRESHOLDS, usageYellow: 96, usageRed: 98 } : THRESHOLDS;
    const [judged] = judge(red, { ...SETTINGS, thresholdsFor }).workloads;
    expect(judged?.containers[0]?.worst.usage?.finding.level).toBe('green');
  });

  test('what is ignored is shown, counts as green and gets no suggestion', () => {
    const ignoredBy = () => ({ reason: 'known, moves next month', until: '2026-01-31' });
    const inspection = judge(red, { ...SETTINGS, ignoredBy });
    const [judged] = inspection.workloads;
    expect(inspection.verdict).toBe('green');
    expect(inspection.totals).toMatchObject({ healthy: 1, atRisk: 0 });
    expect(judged?.pods[0]?.containers[0]).toMatchObject({ level: 'green', ignored: { until: '2026-01-31' } });
    expect(judged?.pods[0]?.containers[0]?.findings.usage?.level).toBe('red');
    expect(judged?.containers[0]?.level).toBe('green');
    expect(judged?.containers[0]?.suggestion).toBeUndefined();
    expect(selectHistoryTargets(red, { ...SETTINGS, ignoredBy })).toEqual([]);
  });
});

describe('one high replica', () => {
  const names = ['cart-0', 'cart-1', 'cart-2', 'cart-3'];
  const used = (values: readonly number[]) => values.map((value, i) => measureOf(() => value, { pod: names[i] }));
  const skewOf = (values: readonly number[]) => {
    const pods = names.slice(0, values.length).map((name) => podOf(name));
    return judge(observationOf([workloadOf(pods)], used(values)), SETTINGS).workloads[0]?.containers[0];
  };

  test('is named when it uses more than twice the median', () => {
    expect(skewOf([400, 420, 410, 1900])?.skew).toEqual({ pod: 'cart-3', used: mi(1900), median: mi(415) });
    expect(skewOf([400, 420, 410, 1900])?.suggestion?.notes.join(' ')).toContain('One replica stands out: cart-3');
  });

  test('is not named at twice the median, nor among two', () => {
    expect(skewOf([400, 400, 400, 800])?.skew).toBeUndefined();
    expect(skewOf([100, 1900])?.skew).toBeUndefined();
  });

  test('keeps the others from being called over-provisioned', () => {
    const pods = names.map((name) => podOf(name, [liveContainer({ limit: set(4096) })]));
    const observation = observationOf([workloadOf(pods)], used([400, 420, 410, 1900]), {
      histories: [peaksOf(1900, 14)],
    });
    const levels = judge(observation, SETTINGS).workloads[0]?.pods.map(({ level }) => level);
    expect(levels).toEqual(['green', 'green', 'green', 'green']);
  });
});

test('judging is pure: the same observation gives the same inspection, and stays as it was', () => {
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 1900)]);
  const before = JSON.stringify(observation);
  expect(judge(observation, SETTINGS)).toEqual(judge(JSON.parse(before), SETTINGS));
  expect(JSON.stringify(observation)).toBe(before);
});

test('of two pods that leak, the one that reaches the limit first is told', () => {
  const growing = (from: number, to: number) => (hours: number) => to + ((to - from) * hours) / 24;
  const two = workloadOf([podOf('cart-0'), podOf('cart-1')]);
  const measurements = [
    measureOf(growing(400, 700), { starts: [] }),
    measureOf(growing(1300, 1650), { starts: [], pod: 'cart-1' }),
  ];
  const { workloads } = judge(observationOf([two], measurements), SETTINGS);
  expect(workloads[0]?.containers[0]?.worst.trend).toMatchObject({ pod: 'cart-1', finding: { level: 'red' } });
});
