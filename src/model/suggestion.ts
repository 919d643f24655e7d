import type { Bytes } from '../bytes.ts';
import type { UseOverTime, WorseReason } from './follow-up.ts';
import type { Level } from './level.ts';
import type { Setting, WorkloadRef } from './workload.ts';

export type Direction = 'raise' | 'lower';

/** One field that should change. */
export interface ProposedValue {
  readonly from: Setting;
  readonly to: Bytes;
  /** Plain text: "usage 2017Mi × 1.3, rounded to 256Mi". */
  readonly why: string;
}

/** A new limit held against the daily peaks of the sizing window. */
export interface Backtest {
  readonly days: number;
  /** Days on which a pod peaked above it. */
  readonly passed: number;
  /** Percent by which it is above the highest of them; negative where it is below. */
  readonly headroom: number;
}

/** What new values take over all pods, in bytes; negative for what they free. A field without a change is absent. */
export interface Effect {
  readonly pods: number;
  readonly limits?: number;
  readonly requests?: number;
}

/** The merged pull request that made it worse, and how. */
export interface Reverted {
  readonly number?: number;
  readonly url?: string;
  readonly why: WorseReason;
  /** Unix seconds. */
  readonly mergedAt: number;
  readonly before?: UseOverTime;
  readonly after?: UseOverTime;
}

/** What the memory of a JVM consists of, in bytes; over its pods, the highest of each. Absent: not known. */
export interface HeapSplit {
  /** All of it: what is used. */
  readonly used?: Bytes;
  readonly heapMaximum?: Bytes;
  readonly liveHeap?: Bytes;
  /** Metaspace, code cache and the like. */
  readonly nonHeap?: Bytes;
  readonly threads?: Bytes;
  readonly directBuffers?: Bytes;
  /** What is left of what is used. */
  readonly rest?: Bytes;
  /** Which part grew over the window, where one did. */
  readonly grows?: 'live heap' | 'non-heap' | 'direct buffers' | 'threads' | 'rest';
  /** What a raise of the limit makes room for: the heap grows with it (`MaxRAMPercentage`), or only what is beside it (`-Xmx`). */
  readonly raiseGoesTo?: 'heap' | 'beside';
  /** Where another heap is the better change than another limit. */
  readonly betterFlag?: HeapFlagChange;
}

/** A heap flag as it stands in the container's spec, and what it should be. */
export interface HeapFlagChange {
  /** `-Xmx3g`, `-XX:MaxRAMPercentage=75` */
  readonly from: string;
  readonly to: string;
  /** Where it stands: `args`, `env JAVA_OPTS`. */
  readonly where: string;
}

/**
 * A new request and/or limit for a workload's container.
 * `delivery`: `change` becomes a pull request, `report` is only said (tightening by default, JVM percentage …).
 */
export interface Suggestion {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly limit?: ProposedValue;
  readonly request?: ProposedValue;
  readonly direction: Direction;
  readonly level: Level;
  readonly delivery: { readonly kind: 'change' } | { readonly kind: 'report'; readonly why: string };
  readonly confidence: { readonly level: 'high' | 'medium' | 'low'; readonly why: string };
  /** Only of a limit, and where days are known. */
  readonly backtest?: Backtest;
  readonly effect?: Effect;
  /** Where it takes back what a merged change did. */
  readonly reverts?: Reverted;
  /** Of a JVM with heap metrics. */
  readonly heap?: HeapSplit;
  /** Plain-text sentences: bounds that applied, what a JVM will do with it, skew, an HPA that could not be read. */
  readonly notes: readonly string[];
}

/** Something that should change but is not suggested, and why. */
export interface Withheld {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly level: Level;
  /** Plain text: "Would be 896Mi, but only 3 days of data were seen: 7 are needed". */
  readonly why: string;
}
