import type { Bytes } from '../bytes.ts';
import type { CheckName, ContainerObservation, ContainerResize, Drift, Finding, Findings } from './finding.ts';
import type { ContainerEvidence } from './gate.ts';
import type { Level } from './level.ts';
import type { Access, Availability } from './measurement.ts';
import type { Suggestion, Withheld } from './suggestion.ts';
import type { QualityNote, Workload, WorkloadRef } from './workload.ts';

/** A match of the config file's `ignore` list that has not expired, or an annotation that says the same. */
export interface Ignored {
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly until?: string;
  /** Absent for the config file. */
  readonly by?: 'annotation';
}

/** An annotation that asks to ignore a container, or all where it names none, and does not. */
export interface UnreadMark {
  readonly workload: WorkloadRef;
  readonly container?: string;
  readonly why: 'no reason' | 'no date' | 'too long' | 'no such container';
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

/** The worst finding of a check over all pods, with the pod it comes from. */
export interface WorstFinding<C extends CheckName = CheckName> {
  readonly finding: Finding<C>;
  readonly pod: string;
}

export type WorstFindings = { readonly [C in CheckName]?: WorstFinding<C> };

export interface PodDrift extends Drift {
  readonly pods: readonly string[];
}

export interface PodResize extends ContainerResize {
  readonly pods: readonly string[];
}

/** A container over all pods of its workload: the worst finding of each check, with the pod it comes from. */
export interface JudgedWorkloadContainer {
  readonly name: string;
  readonly level: Level;
  readonly worst: WorstFindings;
  /** Maximum over twice the median of the pods. */
  /** How its pods are sized other than the template says, those of one kind together. */
  readonly drifts?: readonly PodDrift[];
  /** Resizes that are not made, those of one kind together. */
  readonly resizes?: readonly PodResize[];
  readonly skew?: { readonly pod: string; readonly used: Bytes; readonly median: Bytes };
  readonly suggestion?: Suggestion;
  readonly withheld?: Withheld;
  /** What it uses and needs, pods that are gone included: what a change of its sizes is held against. */
  readonly use: ContainerEvidence;
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
  readonly unreadMarks: readonly UnreadMark[];
}

export type Outcome = 'ok' | 'findings' | 'incomplete' | 'error';
