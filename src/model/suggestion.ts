import type { Bytes } from '../bytes.ts';
import type { Level } from './level.ts';
import type { Setting, WorkloadRef } from './workload.ts';

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

/**
 * A new request and/or limit for a workload's container.
 * `delivery`: `change` becomes a pull request, `report` is only said (tightening by default, JVM percentage …).
 */
export interface Suggestion {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly limit?: ProposedValue;
  readonly request?: ProposedValue;
  readonly direction: 'raise' | 'lower';
  readonly level: Level;
  readonly delivery: { readonly kind: 'change' } | { readonly kind: 'report'; readonly why: string };
  readonly confidence: { readonly level: 'high' | 'medium' | 'low'; readonly why: string };
  /** Only of a limit, and where days are known. */
  readonly backtest?: Backtest;
  readonly effect?: Effect;
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
