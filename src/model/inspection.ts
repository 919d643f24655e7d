import type { Bytes } from '../bytes.ts';
import type { CheckName, ContainerObservation, Finding, Findings } from './finding.ts';
import type { Level } from './level.ts';
import type { Access, Availability } from './measurement.ts';
import type { QualityNote, Setting, Workload, WorkloadRef } from './workload.ts';

/** A match of the config file's `ignore` list that has not expired. */
export interface Ignored {
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly until?: string;
}

export interface JudgedContainer {
  readonly name: string;
  /** What counts: green where ignored. */
  readonly level: Level;
  readonly findings: Findings;
  readonly observation: ContainerObservation;
  readonly ignored?: Ignored;
}

export interface JudgedPod {
  readonly name: string;
  readonly level: Level;
  readonly containers: readonly JudgedContainer[];
}

/** One field that should change. */
export interface ProposedValue {
  readonly from: Setting;
  readonly to: Bytes;
  /** Plain text: "usage 2017Mi × 1.3, rounded to 256Mi". */
  readonly why: string;
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

/** The worst finding of a check over all pods, with the pod it comes from. */
export interface WorstFinding<C extends CheckName = CheckName> {
  readonly finding: Finding<C>;
  readonly pod: string;
}

export type WorstFindings = { readonly [C in CheckName]?: WorstFinding<C> };

/** A container over all pods of its workload: the worst finding of each check, with the pod it comes from. */
export interface JudgedWorkloadContainer {
  readonly name: string;
  readonly level: Level;
  readonly worst: WorstFindings;
  /** Maximum over twice the median of the pods. */
  readonly skew?: { readonly pod: string; readonly used: Bytes; readonly median: Bytes };
  readonly suggestion?: Suggestion;
  readonly withheld?: Withheld;
}

export interface JudgedWorkload {
  readonly workload: Workload;
  readonly level: Level;
  readonly pods: readonly JudgedPod[];
  readonly containers: readonly JudgedWorkloadContainer[];
}

/** Counts pods. */
export interface Totals {
  readonly total: number;
  readonly healthy: number;
  readonly attention: number;
  readonly atRisk: number;
  readonly unknown: number;
}

/** What the pure part of a run results in; everything that is written comes from it. */
export interface Inspection {
  readonly at: number;
  readonly namespaces: readonly string[];
  readonly access: Access;
  readonly queries: number;
  readonly availability: Availability;
  readonly verdict: Level;
  readonly totals: Totals;
  readonly workloads: readonly JudgedWorkload[];
  readonly notes: readonly QualityNote[];
}

export type Outcome = 'ok' | 'findings' | 'incomplete' | 'error';
