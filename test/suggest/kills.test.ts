import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { ContainerHistory, ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Pod } from '../../src/model/workload.ts';
import { AT, HOUR, measureOf, mi, SLOT, series, set } from '../checks/fixtures.ts';
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
import { type Case, judgeCase } from './fixtures.ts';

const killed = { lastTermination: { reason: 'OOMKilled', exitCode: 137, finishedAt: AT - 5 * HOUR } };

describe('after an OOMKill', () => {
  test('the limit starts from the one that killed, however little is used now', () => {
    const { level, suggestion } = judgeCase({ used: 200, limit: set(512), request: set(400), live: killed });
    expect(level).toBe('red');
    expect(suggestion).toMatchObject({
      limit: { to: mi(640), why: 'limit at the OOM kill 512Mi × 1.3, rounded to 64Mi' },
      confidence: { level: 'medium' },
    });
  });

  test('the suggestion is above the limit that killed, also for a tiny one', () => {
    const { suggestion } = judgeCase({ used: 15, limit: set(16), request: set(16), live: killed });
    expect(suggestion?.limit?.to).toBeGreaterThan(mi(16));
  });

  test('a limit that has been raised since is not raised again', () => {
    const raised: Case = {
      used: 200,
      limit: set(512),
      request: set(400),
      live: killed,
      template: { limit: set(1024) },
    };
    const { suggestion, withheld } = judgeCase(raised);
    expect(suggestion).toBeUndefined();
    expect(withheld?.why).toContain('raised after the OOM kill, from 512Mi to 1024Mi');
  });

  test('that came within days of a raise for an earlier one, the limit is not raised again', () => {
    const again: Case = { used: 900, limit: set(1280), request: set(1000), live: killed };
    const withheld = (daysAgo: number, limit: number) =>
      judgeCase({ ...again, killed: { daysAgo, limit } }).withheld?.why;
    expect(withheld(3, 1000)).toContain('killed again after a raise from 1000Mi to 1280Mi: that is a leak');
    expect(withheld(10, 1000)).toBeUndefined();
    expect(withheld(3, 1280)).toBeUndefined();
  });

  test('that came again after a raise, the limit is not raised between two kills either', () => {
    const kills = (limit: number, more: readonly ContainerHistory[]): Case => ({
      used: limit * 0.95,
      limit: set(limit),
      request: set(1000),
      observation: { histories: more },
    });
    const past = [4, 2].map((daysAgo, index) => ({
      ...peaksOf(1000, 14, `cart-${index + 1}`),
      ...killHistoryOf(daysAgo, index === 0 ? 1000 : 1280),
    }));
    expect(judgeCase(kills(1280, past)).withheld?.why).toContain('that is a leak');
    expect(judgeCase(kills(4000, past)).suggestion?.limit?.to).toBeGreaterThan(mi(4000));
  });

  test('the limit is not raised for it where it was raised since, and nothing tells what it was then', () => {
    const pod = podOf('cart-0', [liveContainer({ limit: set(2000), request: set(500) })], {
      createdAt: AT - 10 * HOUR,
    });
    const mark = { by: 'kubectl-patch', byHand: true, at: AT - 3 * HOUR, containers: ['app'] };
    const told = { ...liveContainer({ limit: set(2000), request: set(500) }), ...killed };
    const scenes: readonly (readonly [Pod, Partial<ContainerMeasurement>])[] = [
      [{ ...pod, createdAt: AT - 720 * HOUR, current: true, resizedBy: [mark] }, { oomEvents: 1 }],
      [{ ...pod, createdAt: AT - 720 * HOUR, current: true, resizedBy: [mark], containers: [told] }, {}],
      [pod, { oomEvents: 1, limit: mi(2000), uid: pod.uid, formerLimit: mi(1000) }],
    ];
    for (const [one, change] of scenes) {
      const measured = measureOf((hours) => (hours < -3 ? 900 : 1650), { limit: undefined, ...change });
      const workload = workloadOf([one], { containers: [templateOf({ limit: set(2000), request: set(500) })] });
      const histories = [peaksOf(1650, 14)];
      const [judged] = judge(observationOf([workload], [measured], { histories }), SETTINGS).workloads;
      expect(judged?.containers[0]?.suggestion?.limit).toBeUndefined();
      expect(judged?.containers[0]?.withheld?.why).toContain('is unknown and may have been raised since');
    }
  });

  test('three weeks ago nothing is red', () => {
    const averages = series(48, SLOT, () => 200);
    const oomReason = averages.map(({ t }) => ({ t, v: 1 }));
    const live = { restarts: 1, lastTermination: { reason: 'OOMKilled', finishedAt: AT - 21 * 24 * HOUR } };
    const container = judgeCase({ used: 200, limit: set(512), request: set(400), live, measured: { oomReason } });
    expect(container.level).toBe('green');
    expect(container.suggestion).toBeUndefined();
  });
});

/** Two pods of a Deployment, of which the first, killed at `before` Mi, is gone. */
function afterRollout(before: number, now: number, killedAgain: boolean, used = 300) {
  const restart = AT - 9 * HOUR;
  const gone: ContainerMeasurement = {
    ...measureOf(() => before * 0.9, { pod: 'cart-5d4f8c7b9d-q7x2v', limit: mi(before), now: undefined }),
    averages: series(48, SLOT, () => before * 0.9).filter(({ t }) => t <= AT - 8 * HOUR),
    starts: series(48, SLOT, () => 0)
      .filter(({ t }) => t <= AT - 8 * HOUR)
      .map(({ t }) => ({ t, v: t < restart ? AT - 200 * HOUR : restart })),
    oomReason: series(48, SLOT, () => 0).filter(({ t }) => t > restart && t <= AT - 8 * HOUR),
  };
  const pod = 'cart-7f9c6d5b8-abcde';
  const live = liveContainer({
    limit: set(now),
    request: set(now / 2),
    ...(killedAgain ? { lastTermination: { reason: 'OOMKilled', finishedAt: AT - HOUR } } : {}),
  });
  const workload = workloadOf([podOf(pod, [live])], {
    ref: { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'cart' },
    containers: [templateOf({ limit: set(now), request: set(now / 2) })],
  });
  const measurements = [gone, measureOf(() => used, { pod, limit: mi(now) })];
  const [judged] = judge(observationOf([workload], measurements), SETTINGS).workloads;
  if (judged === undefined) throw new Error('nothing was judged');
  return judged;
}

describe('a pod that is gone', () => {
  test('still makes its workload red, and counts as no pod', () => {
    const { level, pods, containers } = afterRollout(512, 512, false);
    expect(level).toBe('red');
    expect(pods.map((pod) => pod.level)).toEqual(['green']);
    expect(containers[0]?.worst.usage).toMatchObject({ pod: 'cart-5d4f8c7b9d-q7x2v', finding: { level: 'red' } });
    expect(containers[0]?.suggestion?.limit?.to).toBe(mi(640));
  });

  test('is not answered twice', () => {
    const [container] = afterRollout(512, 1024, false).containers;
    expect(container?.suggestion).toBeUndefined();
    expect(container?.withheld?.why).toContain('was raised after');
  });

  test('and killed again after the raise says: a leak, not size', () => {
    const [container] = afterRollout(512, 1024, true, 1000).containers;
    expect(container?.suggestion?.limit).toBeUndefined();
    expect(container?.withheld?.why).toContain('that is a leak');
  });
});
