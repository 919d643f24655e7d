import type { RolloutObstacle } from '../model/follow-up.ts';
import type { PendingResize, PodTrouble, SteeredBy, Workload } from '../model/workload.ts';
import type { FollowedPod } from './followed-pods.ts';

/** A workload whose template has the values of a change, but not all of its pods. */
export interface Unfinished {
  readonly workload: Workload;
  readonly pods: readonly FollowedPod[];
  /** How many pods it shall have. */
  readonly wanted: number;
  /** When the run looked. */
  readonly at?: number;
}

/** As long as the API server lets a Deployment take by default. */
const LONG = 600;

/**
 * What holds a change up that is applied. Where several things do, the one without which none of the others matters: no pod
 * can be made, then none of the new ones can run, then the rest waits for somebody.
 */
export function findObstacle(unfinished: Unfinished): RolloutObstacle {
  return (
    findRefusal(unfinished) ??
    findTrouble(unfinished) ??
    findResize(unfinished) ??
    findHold(unfinished) ??
    findSteering(unfinished) ??
    findDelay(unfinished) ??
    underWay(unfinished)
  );
}

function findRefusal({ workload: { rollout } }: Unfinished): RolloutObstacle | undefined {
  // What was said before the controller saw the template is of an earlier one.
  if (!rollout?.observed || rollout.refused === undefined) return undefined;
  return { kind: 'refused', message: rollout.refused };
}

/** Of the pods that have the new values; of a StatefulSet any pod, because it waits for each before the next. */
function findTrouble({ workload, pods }: Unfinished): RolloutObstacle | undefined {
  const told = pods.flatMap(({ pod, asks }) => (pod.trouble === undefined ? [] : [{ ...pod.trouble, pod, asks }]));
  const fresh = told.filter(({ asks }) => asks);
  const ordered = workload.ref.kind === 'StatefulSet' && workload.strategy !== 'OnDelete';
  const candidates = fresh.length > 0 || !ordered ? fresh : told;
  const first = candidates.find(isUnplaced) ?? candidates[0];
  if (first === undefined) return undefined;
  const { pod, reason, message } = first;
  if (isUnplaced(first)) return { kind: 'unschedulable', pod: pod.name, message: message ?? reason };
  return { kind: 'stuck', pod: pod.name, reason, ...(message === undefined ? {} : { message }) };
}

function isUnplaced({ reason }: PodTrouble): boolean {
  return reason === 'Unschedulable';
}

/** The worst first. */
const RESIZE_STATES = ['infeasible', 'failed', 'deferred', 'pending', 'in progress'] as const satisfies readonly [
  PendingResize['state'],
  ...PendingResize['state'][],
];

function findResize({ pods }: Unfinished): RolloutObstacle | undefined {
  const resizes = pods.flatMap(({ pod, has, asks }) => (asks && !has ? (pod.resize ?? []) : []));
  const [worst] = resizes.toSorted((a, b) => RESIZE_STATES.indexOf(a.state) - RESIZE_STATES.indexOf(b.state));
  return worst && { kind: 'resize', pods: resizes.length, ...worst };
}

/** What keeps the controller from replacing the pods that are left. */
function findHold({ workload: { strategy, rollout }, pods }: Unfinished): RolloutObstacle | undefined {
  const left = pods.filter(({ asks, pod }) => !asks && pod.current !== true).length;
  if (left === 0 && pods.length > 0) return undefined;
  if (rollout?.paused) return { kind: 'stuck', reason: 'paused' };
  if (left === 0) return undefined;
  if (strategy === 'OnDelete') return { kind: 'on delete', pods: left };
  const { partition = 0 } = rollout ?? {};
  return partition >= left ? { kind: 'stuck', reason: `partition ${partition}` } : undefined;
}

/** Pods of the present template that have other sizes were given them by something else. */
function findSteering({ workload, pods }: Unfinished): RolloutObstacle | undefined {
  const lacking = pods.filter(({ has }) => !has);
  const steered = lacking.filter(({ pod, started, asks }) => pod.current === true && started && !asks);
  if (steered.length === 0 || steered.length < lacking.length) return undefined;
  const mark = steered.find((one) => one.mark !== undefined)?.mark;
  const marked = mark?.byHand ? mark.by : (mark?.steerer ?? mark?.by);
  const by = mark?.byHand ? mark.by : (sayWho(workload.steeredBy) ?? marked ?? traceOf(steered));
  return { kind: 'steered', by: by || 'an admission webhook' };
}

function sayWho(steeredBy: SteeredBy | undefined): string | undefined {
  if (steeredBy === undefined) return undefined;
  return steeredBy.mode === undefined ? steeredBy.name : `${steeredBy.name} (${steeredBy.mode})`;
}

function traceOf(pods: readonly FollowedPod[]): string | undefined {
  return pods.find(({ pod }) => pod.sizedBy !== undefined)?.pod.sizedBy;
}

/** New pods that neither fail nor become ready. */
function findDelay({ workload: { rollout }, pods, at }: Unfinished): RolloutObstacle | undefined {
  const unready = pods.filter(({ pod, asks }) => asks && !pod.ready).map(({ pod }) => pod);
  const [first] = unready;
  const named = first === undefined ? {} : { pod: first.name };
  if (rollout?.observed && rollout.overdue !== undefined) {
    return { kind: 'stuck', ...named, reason: 'ProgressDeadlineExceeded', message: rollout.overdue };
  }
  const late = unready.find(({ createdAt }) => at !== undefined && createdAt !== undefined && at - createdAt > LONG);
  return late && { kind: 'stuck', pod: late.name, reason: 'not ready' };
}

/** A pod that is still to go counts against those that are done: while it is there, one of them is beyond what is wanted. */
function underWay({ workload: { rollout }, pods, wanted }: Unfinished): RolloutObstacle {
  const all = Math.max(wanted, 1);
  const having = pods.filter(({ has }) => has).length;
  const left = Math.max(pods.length - having, 1);
  return { kind: 'under way', done: Math.max(Math.min(having, all - left, rollout?.updated ?? all), 0), pods: all };
}
