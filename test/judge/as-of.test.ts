import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Pod, PodContainer } from '../../src/model/workload.ts';
import { ABSENT, AT, DAY, HOUR, measureOf, mi, set } from '../checks/fixtures.ts';
import { liveContainer, observationOf, podOf, SETTINGS, templateOf, workloadOf } from './fixtures.ts';

const LATER = AT + HOUR;

/** A container that used 1900Mi of 2000Mi at the time in question, and what the API server says of its pod now. */
function judgeOne(
  live: Partial<PodContainer>,
  pod: Partial<Pod>,
  measured: ContainerMeasurement = measureOf(() => 1900, { uid: 'then', limit: mi(2000), request: mi(1000) }),
) {
  const one = podOf('cart-0', [liveContainer(live)], { uid: 'then', current: true, createdAt: AT - 9 * DAY, ...pod });
  const [workload] = judge(observationOf([workloadOf([one])], [measured]), SETTINGS).workloads;
  return { findings: workload?.pods[0]?.containers[0]?.findings, drifts: workload?.containers[0]?.drifts };
}

const RAISED = { limit: set(3000), request: set(1500) };
const CLOSE = { level: 'red', facts: { used: mi(1900), limit: mi(2000), reason: 'close to the limit' } };

describe('a look back at a time before', () => {
  test('a resize in place: the limit of that time counts, and nothing was resized', () => {
    const mark = { by: 'kubectl-patch', byHand: true, at: LATER, containers: ['app'] };
    const { findings, drifts } = judgeOne({ ...RAISED, actual: RAISED }, { resizedBy: [mark] });
    expect(findings?.usage).toMatchObject(CLOSE);
    expect(drifts).toBeUndefined();
  });

  test('a resize in place, where no series tells the limit: it is unknown', () => {
    const mark = { by: 'kubectl-patch', byHand: true, at: LATER, containers: ['app'] };
    const measured = measureOf(() => 1900, { limit: undefined, request: undefined });
    const { findings } = judgeOne(RAISED, { resizedBy: [mark] }, measured);
    expect(findings?.usage).toMatchObject({ level: 'unknown', facts: { reason: 'limit not known' } });
  });

  test('a pod of that name was replaced: the limit of the one that was measured counts', () => {
    expect(judgeOne(RAISED, { uid: 'now', createdAt: LATER }).findings?.usage).toMatchObject(CLOSE);
  });

  test('the container ended: it ran, and was not killed', () => {
    const lastTermination = { reason: 'OOMKilled', finishedAt: LATER };
    expect(judgeOne({ running: false, lastTermination }, {}).findings?.usage).toMatchObject(CLOSE);
  });

  test('all containers of a pod with a limit of its own ended: the pod ran as a whole', () => {
    const whole = { name: '(pod)', kind: 'pod', limit: set(2000), request: set(1000) } as const;
    const none = { limit: ABSENT, request: ABSENT };
    const lastTermination = { reason: 'OOMKilled', finishedAt: LATER };
    const ended = liveContainer({ ...none, running: false, lastTermination });
    const pod = podOf('cart-0', [ended, liveContainer({ ...whole, running: false })]);
    const containers = [templateOf(none), templateOf({ ...whole, image: '' })];
    const measured = measureOf(() => 1900, { limit: undefined, request: undefined });
    const [workload] = judge(observationOf([workloadOf([pod], { containers })], [measured]), SETTINGS).workloads;
    expect(workload?.containers.find(({ name }) => name === '(pod)')?.worst.usage?.finding).toMatchObject(CLOSE);
  });
});
