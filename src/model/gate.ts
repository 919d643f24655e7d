import type { Bytes } from '../bytes.ts';
import type { Application, DecidedBy, DeclaredWorkload, Unread } from './declared.ts';
import type { JvmSizing } from './jvm.ts';
import type { Level } from './level.ts';
import type { Setting, SizedKind } from './workload.ts';

/** A place in a file of the head, where a change is shown. */
export interface Place {
  readonly path: string;
  /** From 1; absent where only the file is known. */
  readonly line?: number;
}

/** A request or a limit in the base and in the head. */
export interface ValueChange {
  readonly before: Setting;
  readonly after: Setting;
  /** What stands in the head in place of a quantity, cut short; only where `after` is `unknown`. */
  readonly written?: string;
  readonly decidedBy: DecidedBy;
  /** Where the change is shown: the line that decides the value, or of a removed one where it stood. */
  readonly at?: Place;
}

/**
 * A container whose memory a pull request changes, in one application. `changed` includes heap flags alone: then neither
 * limit nor request differs.
 */
export interface ContainerChange {
  readonly kind: 'changed' | 'added' | 'removed';
  /** Of the head; of what is removed, of the base. */
  readonly application: Application;
  readonly workload: DeclaredWorkload;
  readonly container: string;
  readonly sort: SizedKind;
  readonly limit: ValueChange;
  readonly request: ValueChange;
  /** Of what is added: the container that is gone and had its place, under another name, in another namespace or cluster. */
  readonly former?: { readonly workload: DeclaredWorkload; readonly container: string };
  /** The heap flags that stand in the container's spec. */
  readonly jvm: { readonly before?: JvmSizing; readonly after?: JvmSizing };
  /** As declared in the head (of what is removed, in the base); absent where the manifest does not say. */
  readonly replicas?: number;
  /** What the whole pod asks for in the head: the sum of its containers' requests, where all are known. */
  readonly podRequest?: Bytes;
}

/** What a pull request changes, and what could not be read of it. */
export interface TreeChanges {
  readonly containers: readonly ContainerChange[];
  /** Of what the change reaches only. */
  readonly unread: readonly Unread[];
}

/** Where what is known of the use of memory comes from. */
export type EvidenceSource =
  | { readonly kind: 'observation'; readonly at: number; readonly days: number }
  /** `at` (unix seconds) is that of the newest report, `age` its age in seconds. */
  | {
      readonly kind: 'reports';
      readonly path: string;
      readonly count: number;
      readonly at: number;
      readonly age: number;
      readonly instead: InsteadOf;
    }
  /** Nothing is known. */
  | { readonly kind: 'none'; readonly instead: InsteadOf; readonly why: string };

/** Why the cluster was not asked: no secrets there, nothing to ask, or no answer (a plain sentence says how). */
export type InsteadOf =
  | { readonly kind: 'fork' | 'Dependabot' | 'not inspected' }
  | { readonly kind: 'not reached'; readonly said: string };

/** What is known of a container over all pods of its workload. Absent: not known. Sizes are bytes, shares are 0 to 1. */
export interface ContainerEvidence {
  readonly pods: number;
  /** The highest working set now. */
  readonly used?: Bytes;
  /** The highest raw peak within `days`. */
  readonly peak?: Bytes;
  /** The share of the peak that was page cache, where that is known. */
  readonly cacheShare?: number;
  /** How many days `peak` looks back on, at most those of `gate-window`. */
  readonly days: number;
  /** The highest half-hour average: what a request starts from. */
  readonly requestBase?: Bytes;
  /** The highest limit at which it was OOM-killed within `days`; `unknown` where it was, at a limit that is not known. */
  readonly killed:
    | { readonly kind: 'no' }
    | { readonly kind: 'unknown' }
    | { readonly kind: 'at'; readonly limit: Bytes };
  /** For how many days it has been flat, whatever its limit. */
  readonly flatDays?: number;
  /** Whether it waits for memory, so that page cache is no comfort. */
  readonly waits?: boolean;
  /** Where its trend is red: what a raise only postpones. */
  readonly leak?: { readonly bytesPerHour: number };
  /** In force in its pods, where that is not what the template says. */
  readonly actual?: { readonly limit: Setting; readonly request: Setting };
  readonly heap?: { readonly live?: Bytes; readonly maximum?: Bytes; readonly nonHeap?: Bytes };
  /** What the action itself would set. */
  readonly suggested?: { readonly limit?: Bytes; readonly request?: Bytes };
}

export type SizedField = 'limit' | 'request';

/** Why a new limit is not, or is only just, enough. Worst first. */
export type LimitReason =
  | 'at or below a limit that killed'
  | 'below what was used'
  | 'over the red line'
  /** It reached the limit at which it was killed, whatever the peaks say. */
  | 'barely above a limit that killed'
  | 'page cache'
  | 'tight but flat'
  | 'over the yellow line';

/** What is to be said of a change. The words are made of it in `words/`. Percentages are in percent. */
export type GateFact =
  | {
      readonly kind: 'limit';
      readonly reason: LimitReason;
      readonly limit: Bytes;
      readonly peak?: Bytes;
      readonly percent?: number;
      readonly killedAt?: Bytes;
      readonly flatDays?: number;
      /** The least that would be green. */
      readonly enough?: Bytes;
    }
  | { readonly kind: 'killed at an unknown limit'; readonly limit: Bytes }
  | { readonly kind: 'low request'; readonly request: Bytes; readonly used: Bytes; readonly enough: Bytes }
  | { readonly kind: 'request above limit'; readonly request: Bytes; readonly limit: Bytes }
  /** `placeholder`: it looks like something that is replaced before it is applied. */
  | { readonly kind: 'no quantity' | 'placeholder'; readonly field: SizedField; readonly written: string }
  /** `demandedBy`: without it no pod is made. `fallback`: what the LimitRange gives in its place. */
  | {
      readonly kind: 'removed';
      readonly field: SizedField;
      readonly demandedBy?: 'ResourceQuota' | 'LimitRange';
      readonly fallback?: Bytes;
    }
  /** A new container lacks it, and without it no pod is made. */
  | { readonly kind: 'demanded'; readonly field: SizedField; readonly demandedBy: 'ResourceQuota' | 'LimitRange' }
  | { readonly kind: 'halved' | 'doubled'; readonly field: SizedField; readonly before: Bytes; readonly after: Bytes }
  | {
      readonly kind: 'heap';
      readonly reason: 'above the limit' | 'does not fit' | 'full' | 'nearly full';
      readonly maximum: Bytes;
      readonly limit: Bytes;
      readonly nonHeap?: Bytes;
      readonly live?: Bytes;
      /** Where the heap is sized by `MaxRAMPercentage`. */
      readonly share?: number;
    }
  /** `hours`: until the new limit is reached at the present pace. */
  | { readonly kind: 'only postpones'; readonly bytesPerHour: number; readonly hours?: number }
  | {
      readonly kind: 'quota';
      readonly field: SizedField;
      readonly more: Bytes;
      readonly left: Bytes;
      readonly pods: number;
    }
  | {
      readonly kind: 'LimitRange';
      readonly field: SizedField;
      readonly of: 'container' | 'pod';
      readonly bound: 'at most' | 'at least';
      readonly value: Bytes;
    }
  | { readonly kind: 'largest node'; readonly request: Bytes; readonly node: Bytes }
  | { readonly kind: 'memory HPA'; readonly field: 'request' }
  | { readonly kind: 'steered'; readonly by: string; readonly mode?: string }
  | { readonly kind: 'sized in place'; readonly field: SizedField; readonly actual: Setting }
  /** Nothing to compare with. `unmatched`: there are workloads of this name, and the manifest does not say which. */
  | { readonly kind: 'new' | 'not inspected' | 'unmatched' | 'not measured' | 'ignored'; readonly why?: string }
  | { readonly kind: 'other cluster'; readonly cluster: string }
  /** Held against what the container used that is gone; `former` is its name. */
  | { readonly kind: 'in the place of'; readonly former: string };

export interface GateFinding {
  readonly level: Level;
  readonly fact: GateFact;
}

/** A change with what is to be said of it. */
export interface WeighedChange {
  readonly change: ContainerChange;
  /** The namespace of the live workload that it was held against, where the manifest names none. */
  readonly namespace?: string;
  /** The worst of its findings; green without any. */
  readonly level: Level;
  /** The worst first. */
  readonly findings: readonly GateFinding[];
  readonly evidence?: ContainerEvidence;
  /** How many pods it counts for: those that run, else those that are declared. */
  readonly pods?: number;
}

/**
 * Memory over all pods, in bytes. `uncounted`: containers whose pods or values are not known; `unlimited`: those that have no
 * limit in the head, and had one.
 */
export interface Cost {
  readonly limits: { readonly before: number; readonly after: number };
  readonly requests: { readonly before: number; readonly after: number };
  readonly uncounted: number;
  readonly unlimited: number;
  /** Of the requests: what is added and what is freed, each summed up by itself. */
  readonly added: number;
  readonly freed: number;
}

/** What the gate says of one pull request; everything that is written comes from it. */
export interface GateVerdict {
  readonly verdict: Level;
  /** The worst first. */
  readonly changes: readonly WeighedChange[];
  readonly unread: readonly Unread[];
  /** Absent where nothing had to be known: no container's memory changes. */
  readonly source?: EvidenceSource;
  readonly cost: Cost;
  /** Plain sentences on what could not be looked at: no rights to read quotas, partial data. */
  readonly notes: readonly string[];
}
