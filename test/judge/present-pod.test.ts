import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import { AT, DAY, HOUR, measureOf, mi, SLOT, series, set } from '../checks/fixtures.ts';
import { liveContainer, observationOf, peaksOf, podOf, SETTINGS, templateOf, workloadOf } from './fixtures.ts';

const REPLACED = AT - 10 * HOUR;

/** A StatefulSet's pod that used 1900Mi of 2000Mi until it was replaced, and its successor, which uses 900Mi. */
function replaced(change: Partial<ContainerMeasurement> = {}) {
  return measureOf((hours) => (hours <= -10 ? 1900 : 900), {
    starts: [
      { t: AT - DAY + SLOT, v: AT - 30 * DAY },
      { t: REPLACED, v: REPLACED },
    ],
    now: { workingSet: mi(900), startedAt: REPLACED },
    instances: [
      { uid: 'old', startedAt: AT - 30 * DAY, peak: mi(1900) },
      { uid: 'uid-cart-0', startedAt: REPLACED, peak: mi(950) },
    ],
    ...change,
  });
}

function judgeOne(measured: ContainerMeasurement) {
  const pod = podOf('cart-0', [liveContainer({ limit: set(2000), request: set(800) })]);
  const workload = workloadOf([pod], { containers: [templateOf({ request: set(800) })] });
  const histories = [peaksOf(1900, 14)];
  const [judged] = judge(observationOf([workload], [measured], { histories }), SETTINGS).workloads;
  return { container: judged?.pods[0]?.containers[0], advice: judged?.containers[0] };
}

describe('a pod that replaced one of its name', () => {
  test('is judged by what it used itself', () => {
    const { container, advice } = judgeOne(replaced());
    expect(container?.level).toBe('green');
    expect(container?.findings.usage?.facts.peak).toBe(mi(950));
    expect(container?.findings.sizing?.facts).toMatchObject({ limitBase: mi(950), requestBase: mi(900) });
    expect(container?.findings.trend?.facts).toMatchObject({ hoursSeen: 10, growth: 0 });
    expect(advice?.suggestion).toBeUndefined();
  });

  test('answers for a kill of the earlier one', () => {
    const oomReason = series(48, SLOT, () => 1).filter(({ t }) => t > AT - 12 * HOUR && t <= REPLACED);
    const killed = AT - 12 * HOUR - 60;
    const starts = [
      { t: AT - DAY + SLOT, v: AT - 30 * DAY },
      { t: AT - 12 * HOUR, v: killed },
      { t: REPLACED, v: REPLACED },
    ];
    const { container } = judgeOne(replaced({ oomReason, starts }));
    expect(container?.findings.usage).toMatchObject({ level: 'red', facts: { reason: 'OOM-killed', peak: mi(950) } });
  });

  test('is judged by all of the series where nothing tells the two apart', () => {
    for (const instances of [undefined, [{ uid: 'old' }, { uid: 'other', startedAt: REPLACED }]]) {
      expect(judgeOne(replaced({ instances })).container?.findings.usage?.facts.peak).toBe(mi(1900));
    }
  });

  test('and was restarted in place answers for all of its runs', () => {
    const instances = [
      { uid: 'old', startedAt: AT - 30 * DAY, peak: mi(500) },
      { uid: 'uid-cart-0', startedAt: AT - 20 * HOUR, peak: mi(1900) },
    ];
    const { container } = judgeOne(replaced({ instances }));
    expect(container?.findings.usage?.facts).toMatchObject({ reason: 'peak near the limit', peak: mi(1900) });
  });
});
