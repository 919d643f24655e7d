import type { DeliveryStatus } from '../model/delivery-status.ts';
import type { FollowedValue, Rollout, RolloutObstacle } from '../model/follow-up.ts';
import { howDeclared } from '../model/followed-values.ts';
import type { Workload } from '../model/workload.ts';
import { findObstacle } from './find-obstacle.ts';
import { type FollowedPod, readFollowedPods } from './followed-pods.ts';

/** What is known of one container whose change was merged. */
export interface RolloutInput {
  /** As this run saw it; `undefined` where it was not there. */
  readonly workload: Workload | undefined;
  readonly container: string;
  readonly values: readonly FollowedValue[];
  /** What applies the workload, as far as it was asked. */
  readonly delivery?: DeliveryStatus;
  /** Whether this run looked where the workload would be. */
  readonly inspected: boolean;
  /** When the run looked, in unix seconds: without it, no pod is told to take too long. */
  readonly at?: number;
}

/**
 * How far a change has come: rolled out once the template has its values, every pod that the workload shall have runs with
 * them in force, and no pod of another template is still to be replaced. Its time is of the pods that there are now: a later
 * rollout or resize of other things moves it, so the earliest one that a run saw counts.
 */
export function judgeRollout(input: RolloutInput): Rollout {
  const { workload, container, values, inspected } = input;
  if (!inspected) return { state: 'not seen' };
  if (workload === undefined) return { state: 'gone' };
  switch (howDeclared(workload, { container, values })) {
    case 'gone':
      return { state: 'gone' };
    case 'replaced':
      return { state: 'replaced' };
    case 'unknown':
      return { state: 'not seen' };
    case 'former':
      return { state: 'waiting', obstacle: whyNotApplied(workload, input.delivery) };
    case 'new':
      return judgePods(workload, input);
  }
}

function whyNotApplied({ ref, pods }: Workload, delivery: DeliveryStatus | undefined): RolloutObstacle {
  // The API server refuses another size of a pod that exists, whoever applies it.
  if (ref.kind === 'Pod' && (delivery === undefined || delivery.settled)) {
    return { kind: 'on delete', pods: pods.length };
  }
  if (delivery === undefined) return { kind: 'not applied' };
  const { by, object, status, message } = delivery;
  return { kind: 'not synced', by, object, status, ...(message === undefined ? {} : { message }) };
}

function judgePods(workload: Workload, { container, values, at }: RolloutInput): Rollout {
  const pods = readFollowedPods(workload, container, values);
  const wanted = workload.replicas ?? pods.length;
  if (pods.length === 0 && wanted === 0) return { state: 'idle' };
  const there = pods.length > 0 && pods.length >= wanted && pods.every(({ has }) => has);
  if (!there || isReplacing(workload, pods)) {
    return {
      state: 'waiting',
      obstacle: findObstacle({ workload, pods, wanted, ...(at === undefined ? {} : { at }) }),
    };
  }
  const times = pods.flatMap(({ since }) => since ?? []);
  return times.length === 0 ? { state: 'not seen' } : { state: 'rolled out', at: Math.max(...times) };
}

/**
 * Whether pods that were only resized in place are about to be replaced. Those that have the values without that were made
 * from a template that had them: then it is another change that is rolled out now.
 */
function isReplacing({ rollout, strategy }: Workload, pods: readonly FollowedPod[]): boolean {
  if (rollout === undefined || rollout.paused || rollout.partition || strategy === 'OnDelete') return false;
  return pods.some(({ resized, pod }) => resized && pod.current !== true);
}
