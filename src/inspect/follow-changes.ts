import { looksInto } from '../deliver/scope.ts';
import { type Following, follow, isFollowed } from '../follow-up/follow.ts';
import { joinKnown } from '../follow-up/join-known.ts';
import { judgeRollout } from '../follow-up/judge-rollout.ts';
import { recogniseByHand } from '../follow-up/recognise.ts';
import { keepScore } from '../follow-up/score.ts';
import { applyTakingBack } from '../follow-up/take-back.ts';
import { joinWorkloads } from '../judge/join.ts';
import { type FollowedChange, type FollowUps, keyOfFollowed } from '../model/follow-up.ts';
import type { Inspection } from '../model/inspection.ts';
import type { Observation } from '../model/observation.ts';
import { type Workload, type WorkloadRef, workloadKey } from '../model/workload.ts';
import { thresholdsFor } from '../options/match.ts';
import type { Options } from '../options/schema.ts';
import { dateIn } from '../text/format.ts';
import type { KnownChanges } from './read-changes.ts';
import { scopeOf } from './scope-of.ts';

/** What the merged changes did, and the inspection with what that teaches. */
export interface Followed {
  readonly followUps: FollowUps;
  readonly inspection: Inspection;
}

/** For so many seconds after its end a change is still told of. */
const TOLD_FOR = 14 * 86_400;

/** Takes every change that is followed further, by what this run observed. Pure. */
export function followChanges(
  known: KnownChanges,
  observation: Observation,
  inspection: Inspection,
  options: Options,
): Followed {
  const { workloads } = observation.cluster;
  const covered = new Set(known.suggested.flatMap(({ keys }) => keys));
  const reported = new Set(known.reported.flatMap(({ containers }) => containers.map(keyOfFollowed)));
  const isNew = (key: string) => !covered.has(key) && !reported.has(key);
  const advised = known.advised.filter(({ containers }) => containers.every((one) => isNew(keyOfFollowed(one))));
  const byHand = recogniseByHand([...withoutMerged(known), ...advised], workloads).map((change) =>
    change.number === undefined ? { ...change, at: observation.at } : change,
  );
  const joined = joinKnown([...known.merged, ...byHand], known.reported, known.asked);
  const all = follow(joined, followingOf(known, joined, observation, options));
  const { at } = observation;
  const { revert } = options;
  // What ends now is told once more, however long ago it was looked at.
  const changes = all.filter((change, index) => {
    const before = joined[index];
    const isNews = before !== undefined && isFollowed(before, at);
    return isNews || isFollowed(change, at) || endedAt(change) > at - TOLD_FOR;
  });
  return {
    inspection: applyTakingBack(inspection, all, { at, revert }),
    followUps: {
      changes: changes.toSorted((a, b) => b.at - a.at),
      ...(known.asked && {
        scorecard: keepScore({
          pulls: known.suggested,
          changes: all,
          cutOff: known.cutOff,
          monthOf: (time) => dateIn(options.timeZone, time).slice(0, 7),
        }),
      }),
    },
  };
}

/** Of what a run withdrew, that which no later pull request has brought: its values are not somebody's own. */
function withoutMerged({ withdrawn, merged }: KnownChanges): FollowedChange[] {
  const newest = new Map<string, number>();
  for (const { number = 0, containers } of merged) {
    for (const one of containers) newest.set(keyOfFollowed(one), Math.max(newest.get(keyOfFollowed(one)) ?? 0, number));
  }
  return withdrawn.map((change) => ({
    ...change,
    containers: change.containers.filter(
      (one) => one.rollout.state === 'rolled out' || (newest.get(keyOfFollowed(one)) ?? 0) < (change.number ?? 0),
    ),
  }));
}

/** When the last was found out about a change that is settled. */
function endedAt({ settled, at, containers }: FollowedChange): number {
  return settled ? Math.max(at, ...containers.flatMap(({ looks }) => looks.map((look) => look.at))) : 0;
}

function followingOf(
  { takenBack }: KnownChanges,
  changes: readonly FollowedChange[],
  observation: Observation,
  options: Options,
): Following {
  const { at, cluster, deliveries } = observation;
  const byKey = new Map(cluster.workloads.map((workload) => [workloadKey(workload.ref), workload]));
  const wanted = new Set(
    changes
      .filter((change) => isFollowed(change, at))
      .flatMap(({ containers }) => containers.map((one) => workloadKey(one.workload))),
  );
  const followed = [...wanted].flatMap((key): Workload[] => {
    const workload = byKey.get(key);
    return workload === undefined ? [] : [workload];
  });
  const joined = new Map(
    joinWorkloads({ ...observation, cluster: { ...cluster, workloads: followed } }).map((one) => [
      workloadKey(one.workload.ref),
      one,
    ]),
  );
  const scope = scopeOf(observation, options);
  return {
    at,
    confirmAfter: options.confirmAfter,
    takenBack,
    joinedOf: (ref: WorkloadRef) => joined.get(workloadKey(ref)),
    rolloutOf: (_, { workload: ref, container, values }) =>
      judgeRollout({
        workload: byKey.get(workloadKey(ref)),
        container,
        values,
        ...deliveryOf(deliveries, ref),
        inspected: looksInto(scope, ref.namespace),
        at,
      }),
    usageRed: (ref, container) => thresholdsFor(options, { ...ref, container }).usageRed,
  };
}

function deliveryOf(deliveries: Observation['deliveries'], ref: WorkloadRef) {
  const delivery = deliveries?.find((one) => workloadKey(one.workload) === workloadKey(ref));
  return delivery === undefined ? {} : { delivery };
}
