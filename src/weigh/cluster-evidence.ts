import type { Bytes } from '../bytes.ts';
import type { ContainerChange, ContainerEvidence, EvidenceSource } from '../model/gate.ts';
import type { Ignored } from '../model/inspection.ts';
import type { JvmSizing } from '../model/jvm.ts';
import type { Level } from '../model/level.ts';
import type { NamespaceBounds, SteeredBy, Steering, WorkloadRef } from '../model/workload.ts';

/** The live workload that a changed container is held against, and what is known of it. */
export interface LiveMatch {
  readonly state: 'matched';
  readonly ref: WorkloadRef;
  /** How many pods it has, where that is known. */
  readonly pods?: number;
  /** Absent where the workload is there and nothing is known of this container. */
  readonly evidence?: ContainerEvidence;
  readonly vpa?: Steering;
  readonly steeredBy?: SteeredBy;
  readonly memoryHpa?: Steering;
  /** The heap flags of its template. */
  readonly jvm?: JvmSizing;
  readonly ignored?: Ignored;
  /** Its pods are sized as a whole, so that the sizes of their containers count for no quota. */
  readonly sizedAsWhole?: boolean;
  /** Why its numbers may be too low: a plain sentence. */
  readonly uncertain?: string;
  /** What an inspection would say of its usage with this limit in force, kills left aside; absent where that cannot be told. */
  usageAt?(limit: Bytes): Level;
}

/** What a changed container is held against: of which live workload, and what is known of it. */
export type Matched =
  | LiveMatch
  | { readonly state: 'new' }
  /** There is more than one workload that it may be, or its namespace was not looked at. */
  | { readonly state: 'unmatched' | 'not inspected' }
  /** Nothing is known of the cluster; `why` is a plain sentence. */
  | { readonly state: 'not known'; readonly why: string };

/** What is known of the cluster that a change will be applied to, from whatever source. */
export interface ClusterEvidence {
  readonly source: EvidenceSource;
  match(change: ContainerChange): Matched;
  /** Absent where it could not be read. */
  bounds(namespace: string): NamespaceBounds | undefined;
  readonly largestNode?: Bytes;
  /** Plain sentences on what could not be looked at. */
  readonly notes: readonly string[];
}
