import type { Bytes } from '../bytes.ts';
import type { SizedField } from './gate.ts';
import type { Direction } from './suggestion.ts';
import { type WorkloadRef, workloadContainerKey } from './workload.ts';

/** A value that a change set. `from` is absent where nothing was set, or with `fromUnknown`. */
export interface FollowedValue {
  readonly field: SizedField;
  readonly from?: Bytes;
  /** What was set before is not known. */
  readonly fromUnknown?: true;
  readonly to: Bytes;
}

/** What a container used and suffered over some time. Absent: not known. */
export interface UseOverTime {
  /** The highest working set now, over its pods. */
  readonly used?: Bytes;
  /** The highest working set of the time. */
  readonly peak?: Bytes;
  /** The limit in force. */
  readonly limit?: Bytes;
  readonly restarts?: number;
  readonly oomKills?: number;
  /** How many days the numbers cover, at most. */
  readonly days?: number;
}

/** Why a change that is merged does not run everywhere yet. Texts are the cluster's, cut short. */
export type RolloutObstacle =
  /** What applies it has not: Argo CD's or Flux's own object and what it says. */
  | {
      readonly kind: 'not synced';
      readonly by: 'Argo CD' | 'Flux';
      /** `Application argocd/shop` */
      readonly object: string;
      readonly status: string;
      readonly message?: string;
    }
  /** The template has other values, and nobody is known who will apply the new ones. */
  | { readonly kind: 'not applied' }
  /** New pods do not become ready: the pod's own reason, such as `CrashLoopBackOff`. */
  | { readonly kind: 'stuck'; readonly pod?: string; readonly reason: string; readonly message?: string }
  /** The workload replaces a pod only when somebody deletes it. */
  | { readonly kind: 'on delete'; readonly pods: number }
  /** No pod is made: a quota, a LimitRange or an admission says so. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unschedulable'; readonly pod: string; readonly message: string }
  | { readonly kind: 'resize'; readonly state: string; readonly pods: number; readonly message?: string }
  /** Something else sets the sizes of its pods. */
  | { readonly kind: 'steered'; readonly by: string }
  /** New pods are being made. */
  | { readonly kind: 'under way'; readonly done: number; readonly pods: number };

/** How far a change has come in the cluster. Times are unix seconds. */
export type Rollout =
  | { readonly state: 'rolled out'; readonly at: number }
  | { readonly state: 'waiting'; readonly obstacle: RolloutObstacle }
  /** What is declared now is another value than the change's: somebody has changed it since. */
  | { readonly state: 'replaced' }
  /** The workload, or its container, is no longer there. */
  | { readonly state: 'gone' }
  /** It has no pods now (scaled to zero, between two runs of a job). */
  | { readonly state: 'idle' }
  /** This run could not see it. */
  | { readonly state: 'not seen' };

/** One look at what a change did, some time after its rollout. `after` and `at` are seconds; `after` is the length asked for. */
export interface Look extends UseOverTime {
  readonly after: number;
  readonly at: number;
}

/** Why a change made it worse. */
export type WorseReason = 'killed after lowering' | 'still killed after raising';

/** What came of a change to one container. */
export type Verdict =
  /** Not rolled out, or not for long enough. */
  | { readonly kind: 'open' }
  /** `backtestHeld`: no peak since passed the new limit; absent where none is known. */
  | { readonly kind: 'confirmed'; readonly backtestHeld?: boolean }
  /** Long enough, without an OOMKill; but it is still over the red line, or nothing was measured. */
  /** `killed since`: after a raise that no kill had led to. */
  | { readonly kind: 'not confirmed'; readonly why: 'still over the red line' | 'not measured' | 'killed since' }
  | { readonly kind: 'worse'; readonly why: WorseReason; readonly killedAt?: number }
  /** It was worse, and taken back. */
  | { readonly kind: 'reverted'; readonly by?: number }
  /** It ended without a verdict. */
  | { readonly kind: 'replaced' | 'gone' };

/** A change to one container, and what is known of it so far. */
export interface FollowedContainer {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly direction: Direction;
  /** It takes an earlier change back. */
  readonly takesBack?: true;
  readonly values: readonly FollowedValue[];
  /** Before the change, as the run saw it that proposed it, or the first that followed it. */
  readonly before?: UseOverTime;
  readonly rollout: Rollout;
  /** Since the rollout, as this run sees it. */
  readonly after?: UseOverTime;
  /** The looks at one hour, one day and the end, as far as runs happened; the oldest first. */
  readonly looks: readonly Look[];
  readonly verdict: Verdict;
}

/** A merged pull request, or a change that somebody made in its place, and what it did. Times are unix seconds. */
export interface FollowedChange {
  /** The pull request: the merged one, or the one whose change was made by hand. Absent where there never was one. */
  readonly number?: number;
  readonly url?: string;
  readonly how: 'merged' | 'by hand';
  /** When it was merged; of a change by hand, when a run first saw it. */
  readonly at: number;
  /** An earlier version opened it, which followed nothing. */
  readonly unannounced?: true;
  /** An earlier run has followed it already. */
  readonly begun?: true;
  /** The pull request that this one takes back; absent where it changes anything else besides. */
  readonly reverts?: number;
  readonly containers: readonly FollowedContainer[];
  /** Nothing more is to be found out. */
  readonly settled: boolean;
}

/** By the number of a pull request and the key of a container, the merged one that took that change back. */
export type TakenBack = ReadonlyMap<number, ReadonlyMap<string, number>>;

/** A pull request that a run once opened, as far as the scorecard looks at it. Times are unix seconds. */
export interface SuggestedPull {
  readonly number: number;
  readonly createdAt: number;
  /** `withdrawn`: a run has closed it, because nothing was left to change. */
  readonly state: 'open' | 'merged' | 'declined' | 'withdrawn';
  /** Of the containers that it changes: `namespace/kind/name/container`. */
  readonly keys: readonly string[];
  readonly mergedAt?: number;
  /** Whether a container was red for which it was opened. */
  readonly red: boolean;
  /** What it sets, each container's over as many pods as it had then. */
  readonly values: readonly (FollowedValue & { readonly pods: number })[];
}

/** Counts pull requests, but for what says otherwise. */
export interface Score {
  readonly suggested: number;
  readonly merged: number;
  /** Closed by a person. */
  readonly declined: number;
  readonly open: number;
  readonly confirmed: number;
  readonly reverted: number;
}

/** What became of all that was ever suggested. */
export interface Scorecard extends Score {
  /** Of the containers whose change is settled: in as many days before it as after. */
  readonly oomKills: { readonly before: number; readonly after: number };
  /** Bytes over all pods by which merged changes lowered and raised limits and requests. */
  readonly freed: { readonly limits: number; readonly requests: number };
  readonly added: { readonly limits: number; readonly requests: number };
  /** Of those that were red: the median of the seconds from the first sight of the red to the merge. */
  readonly redToMerged?: number;
  /** The oldest first; `month` is `YYYY-MM` of when it was opened. */
  readonly months: readonly ({ readonly month: string } & Score)[];
  /** Older pull requests were not looked at. */
  readonly cutOff: boolean;
}

/** All that a run knows of the changes that it follows. */
export interface FollowUps {
  /** Those that are followed, and those that were settled within the last 14 days; the newest first. */
  readonly changes: readonly FollowedChange[];
  /** Absent where GitHub was not asked. */
  readonly scorecard?: Scorecard;
}

/** `namespace/kind/name/container` */
export function keyOfFollowed({ workload, container }: Pick<FollowedContainer, 'workload' | 'container'>): string {
  return workloadContainerKey(workload, container);
}
