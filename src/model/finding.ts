import type { Bytes } from '../bytes.ts';
import type { Level } from './level.ts';
import type { ContainerMeasurement, Sample } from './measurement.ts';
import type { Windows } from './observation.ts';
import type { PendingResize, PodContainer, Setting, SizedKind } from './workload.ts';

/** Every check, in the order in which a report shows them; whatever is kept by check satisfies `ByCheck`. */
export const CHECKS = ['usage', 'trend', 'sizing', 'heap'] as const;

export type CheckName = (typeof CHECKS)[number];

/** Something for every check: the compiler names what a new one must fill. */
export type ByCheck<T> = Readonly<Record<CheckName, T>>;

/** The checks from the one that matters most to a reader to the one that matters least, at the same level. */
const RANK: ByCheck<number> = { usage: 0, heap: 1, trend: 2, sizing: 3 };
export const CHECKS_BY_RANK: readonly CheckName[] = [...CHECKS].sort((a, b) => RANK[a] - RANK[b]);

/** Percentages are in percent (70 is 70 %), factors are factors, sizes are bytes. */
export interface Thresholds {
  readonly usageYellow: number;
  readonly usageRed: number;
  readonly growthYellow: number;
  readonly growthRed: number;
  /** The level over the red line where it was flat for days. */
  readonly flatNearLimit: 'yellow' | 'red';
  readonly trendRule: 'steady' | 'quarters';
  readonly limitFactor: number;
  readonly requestFactor: number;
  readonly overProvisionedBelow: number;
  readonly overProvisionedAbove: Bytes;
}

/** An OOMKill in the window. `limit` is the limit in force when it happened, where known. */
export interface OomKill {
  readonly at?: number;
  readonly source: 'pod status' | 'exporter' | 'cAdvisor';
  readonly limit?: Bytes;
}

/** One run of a container: from a start to the restart, the kill or the end of its pod. */
export interface Run {
  readonly pod: string;
  /** Averages of whole slots of the run, evenly spaced but for gaps. */
  readonly samples: readonly Sample[];
  /** Seconds between two averages. */
  readonly slot: number;
  readonly end: 'goes on' | 'killed' | 'restarted' | 'pod gone';
  /** Unix seconds; absent for the run that goes on. */
  readonly endedAt?: number;
}

/** What is known of a workload's container over all pods that it had, beyond the window. */
export interface WorkloadHistory {
  /** The highest raw peak of each day of the sizing window, oldest first; empty where it was not asked for. */
  readonly dailyPeaks: readonly Sample[];
  /** OOMKills within the sizing window, as far back as was asked; oldest first, those without a time before them. */
  readonly kills: readonly OomKill[];
}

/** A size that is another one than it should be. */
export interface SizeDrift {
  readonly from: Setting;
  readonly to: Setting;
}

/** What of a container is sized other than its template says; only what differs is given. */
export interface Drift {
  readonly limit?: SizeDrift;
  readonly request?: SizeDrift;
  /** `when made`: something changed the pod before it started. */
  readonly how: 'in place' | 'when made';
  /** Who did it, where that can be told: text from the cluster. */
  readonly by?: string;
  /** A person, or a script of one, who does it once. */
  readonly byHand?: boolean;
  /** Unix seconds. */
  readonly at?: number;
  /** Something steers it, so it stays. */
  readonly steered: boolean;
}

/** A resize that is not made, from what is in force to what is asked for; only what it changes is given. */
export interface ContainerResize extends PendingResize {
  readonly limit?: SizeDrift;
  readonly request?: SizeDrift;
}

/** Everything that a check may look at: one container of one pod, joined from the API server and Prometheus. */
export interface ContainerObservation {
  readonly at: number;
  readonly windows: Windows;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly kind: SizedKind;
  /** The pod as a whole bounds it, because it has no limit of its own: `limit` is the pod's, which it shares. */
  readonly sharesLimit?: boolean;
  /** The pod as a whole has a request, so none of its own is missing. */
  readonly sharesRequest?: boolean;
  /** What is in force; for pods that are gone, what the exporter knew of them. */
  readonly limit: Setting;
  readonly request: Setting;
  readonly drift?: Drift;
  readonly resize?: ContainerResize;
  readonly live?: PodContainer;
  readonly measured?: ContainerMeasurement;
  /** Start of the running container: its start series, else the beginning of its series (unix seconds). */
  readonly startedAt?: number;
  readonly oomKills: readonly OomKill[];
  /** Restarts within the window. */
  readonly restartsInWindow: number;
  /** True where partial data may touch this container. */
  readonly partial: boolean;
  /** True where partial data may hide something wrong: what looks green is not known. */
  readonly uncertain?: boolean;
  /** Of the workload's container over all its pods; absent where nothing beyond the window was asked for. */
  readonly history?: WorkloadHistory;
  /** The runs within the slow window of this container, or for the newest pod of the workload's container; oldest first. */
  readonly runs?: readonly Run[];
  /** The highest of all pods of the workload's container: one limit serves them all, so none is too large for one pod alone. */
  readonly highest?: { readonly limitBase?: Bytes; readonly peak?: Bytes };
}

/** What each check finds out. */
export interface FactsOf {
  readonly usage: UsageFacts;
  readonly trend: TrendFacts;
  readonly sizing: SizingFacts;
  readonly heap: HeapFacts;
}

/** What one check says of one container: how bad it is, and the facts that say why. The words are made of them in `words/`. */
export interface Finding<C extends CheckName = CheckName> {
  readonly level: Level;
  readonly facts: FactsOf[C];
}

/** The findings of one container; a check that does not apply has none. */
export type Findings = { readonly [C in CheckName]?: Finding<C> };

/**
 * Why usage has the level that it has. `page cache`: over the red line with it, below without. `tight but flat`: over the red
 * line for days, without rising.
 */
export type UsageReason =
  | 'OOM-killed'
  | 'over the limit'
  | 'close to the limit'
  | 'page cache'
  | 'tight but flat'
  | 'peak near the limit'
  | 'over the yellow line'
  | 'room'
  | 'no limit'
  | 'limit not known'
  | 'not running'
  | 'not measured';

export interface UsageFacts {
  readonly reason: UsageReason;
  readonly used?: Bytes;
  readonly limit?: Bytes;
  /** The limit is its pod's, which other containers share. */
  readonly sharesLimit?: boolean;
  /** Percent of the limit. */
  readonly percent?: number;
  readonly peak?: Bytes;
  readonly cache?: Bytes;
  /** Percent of the limit that is used when page cache is left out, for the reason `page cache`. */
  readonly percentWithoutCache?: number;
  /** The share of the last quarter (0 to 1) in which it waited for memory, where that confirms that it is over the red line. */
  readonly waiting?: number;
  readonly swap?: Bytes;
  /** For the reason `tight but flat`. */
  readonly flatDays?: number;
  /** The yellow line in percent. */
  readonly yellowLine: number;
  readonly oomKill?: OomKill;
}

/** Memory from the first to the last part of what was looked at. */
export interface Growth {
  /** Percent. */
  readonly growth: number;
  /** Whole days that were compared, where the slow window was looked at. */
  readonly days?: number;
  readonly bytesPerHour: number;
  /** Unix seconds at which the limit is reached at that pace; only where the trend is yellow or red. */
  readonly reachesLimitAt?: number;
  readonly tau?: number;
}

/** Why a rise is not called a leak. */
export type Doubt =
  /** By the rule that only compares quarters. */
  | { readonly kind: 'below the red line' }
  | { readonly kind: 'slow' }
  | { readonly kind: 'few averages'; readonly kept: number; readonly needed: number }
  | { readonly kind: 'up and down' }
  | { readonly kind: 'as high before' }
  | { readonly kind: 'small'; readonly below: Bytes }
  /** Over the days of the slow window, without being a leak. */
  | { readonly kind: 'over days' };

/** Why there is no trend: seconds and hours. */
export type DataGap =
  | { readonly kind: 'no data' }
  | {
      readonly kind: 'too short';
      readonly betweenRestarts: boolean;
      readonly hoursNeeded: number;
      readonly valuesNeeded: number;
    }
  /** It runs, and its measurements ended so many seconds ago. */
  | { readonly kind: 'silent'; readonly seconds: number };

/** Runs of the slow window, each of which grew. Hours are of one run. */
export interface RunsGrow {
  /** Those that grew, of those that were long enough. */
  readonly grew: number;
  readonly runs: number;
  readonly hoursOfRun: number;
  /** How long a run has to last to reach the limit, where there is one. */
  readonly hoursToLimit?: number;
}

type NoGrowth = { readonly [K in keyof Growth]?: undefined };

/** `hoursSeen`: hours of averages. */
export type TrendFacts = { readonly hoursSeen: number } & (
  | (Growth & {
      readonly pattern: 'flat' | 'falling' | 'varies' | 'step' | 'warming up' | 'page cache' | 'slow leak' | 'leak';
    })
  /** Over the last hours of the present run, whatever came before. */
  | (Growth & { readonly pattern: 'soon'; readonly hours: number })
  | (Growth & RunsGrow & { readonly pattern: 'grows in every run' })
  | (Growth & { readonly pattern: 'leak cut by OOMKills'; readonly kills: number })
  | (Growth & { readonly pattern: 'rising'; readonly doubt: Doubt })
  | (NoGrowth & { readonly pattern: 'too little data'; readonly gap: DataGap })
);

export type TrendPattern = TrendFacts['pattern'];

/** Why a request or limit is wrong. `used` is what the new value starts from. */
export interface SizingProblem {
  readonly kind:
    | 'near limit'
    | 'OOMKilled'
    | 'low request'
    | 'over-provisioned'
    | 'no limit'
    | 'no request'
    /** Raised in its pods only, so the next rollout takes it back. */
    | 'sized in place'
    | 'resize not made';
  readonly level: Level;
  readonly used?: Bytes;
}

export interface SizingFacts {
  readonly problems: readonly SizingProblem[];
  /** What had to be known to say that nothing is wrong, and is not. */
  readonly missing?: 'usage' | 'limit' | 'request';
  /** What the window shows and the sizing window, which was not asked for yet, would have to confirm. */
  readonly candidate?: 'over-provisioned';
  /** Days for which it has been near its limit without rising, where that makes the problem `near limit` milder. */
  readonly flatDays?: number;
  readonly limit?: Bytes;
  readonly drift?: Drift;
  readonly resize?: ContainerResize;
  /** The red line in percent. */
  readonly redLine: number;
  /** Peak of the window without page cache, and the highest half-hour average: the bases for limit and request. */
  readonly limitBase?: Bytes;
  readonly requestBase?: Bytes;
  /** The share of the peak (0 to 1) that was page cache; absent where that is not known. */
  readonly cacheShare?: number;
}

/** Why the heap has the level that it has; `does not fit`: a full heap and the memory beside it, into the limit. */
export type HeapReason = 'full' | 'does not fit' | 'over the yellow line' | 'fits' | 'room';

export interface HeapFacts {
  readonly reason: HeapReason;
  readonly live?: Bytes;
  readonly maximum?: Bytes;
  readonly percent?: number;
  readonly nonHeap?: Bytes;
  readonly limit?: Bytes;
  readonly fits?: boolean;
}

/** A check: pure, the same shape for all. `undefined`: it does not apply to this container. */
export type Check<C extends CheckName> = (
  container: ContainerObservation,
  thresholds: Thresholds,
) => Finding<C> | undefined;
