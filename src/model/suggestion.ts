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

/** A part of a JVM's memory that can grow. `heap`: how much of it lives is not known for the whole window. */
export type GrowingPart = 'live heap' | 'other heap' | 'heap' | 'non-heap' | 'direct buffers' | 'threads' | 'rest';

/** The threads of a JVM and their stacks: an estimate, for a stack takes only as much of its size as was touched. */
export interface ThreadStacks {
  readonly count: number;
  /** The size of one, in bytes. */
  readonly size: Bytes;
  /** Of all, at most: never more than what the parts that are known leave of what is used. */
  readonly most: Bytes;
}

/**
 * What the memory of a JVM consists of, in bytes, in the pod that uses most; what is not known is absent. The parts are
 * never more than what is used. Where they do not fit into it, `used` and what follows from it are absent.
 */
export interface HeapSplit {
  readonly used?: Bytes;
  /** The most that the heap can become. */
  readonly heapMaximum?: Bytes;
  readonly liveHeap?: Bytes;
  /** The rest of the heap in use: garbage, and all of it where it is not known what lives. */
  readonly otherHeap?: Bytes;
  /** Metaspace, code cache and the like. */
  readonly nonHeap?: Bytes;
  readonly directBuffers?: Bytes;
  readonly pageCache?: Bytes;
  readonly threads?: ThreadStacks;
  /** At most: what the JVM holds for its heap and does not use, of which pages that were never touched take no memory. */
  readonly emptyHeap?: Bytes;
  /** At least: what is left of what is used. */
  readonly rest?: Bytes;
  /** Which part grew most over the window, where one did by an amount that matters. */
  readonly grows?: GrowingPart;
  /** What a raise of the limit makes room for: the heap grows with it (`MaxRAMPercentage`), or only what is beside it (`-Xmx`). */
  readonly raiseGoesTo?: 'heap' | 'beside';
  /** Where another heap is a better change than another limit, or has to come with it. */
  readonly betterFlag?: HeapFlagChange;
}

/** A heap flag as it stands in the container's spec, and what it should be. */
export interface HeapFlagChange {
  /** `-Xmx3g`, `-XX:MaxRAMPercentage=75` */
  readonly from: string;
  readonly to: string;
  /** Where it stands: `args`, `command`, `env JAVA_OPTS`. */
  readonly where: string;
  readonly direction: Direction;
  /** Whether the limit can then stay as it is, or the suggested limit is needed as well. */
  readonly limit: 'stays' | 'as suggested';
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
  /**
   * Bytes that the scheduler sets aside more for the workload's pods than for those of now, negative where it is less. Absent
   * where it is not known: for how many pods, or what another program makes of it.
   */
  readonly reserves?: number;
  /** Where it takes back what a merged change did. */
  readonly reverts?: Reverted;
  /** Of a JVM with heap metrics, where the limit changes. */
  readonly heap?: HeapSplit;
  /** Plain-text sentences: bounds that applied, what a JVM will do with it, skew, an HPA that could not be read. */
  readonly notes: readonly string[];
}

/** Something that should change but is not suggested, and why. */
export interface Withheld {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly level: Level;
  /** Of a JVM with heap metrics, where it is its limit that is not changed. */
  readonly heap?: HeapSplit;
  /** Plain text: "Would be 896Mi, but only 3 days of data were seen: 7 are needed". */
  readonly why: string;
}
