import type { Bytes } from '../bytes.ts';
import type { ContainerChange, ContainerEvidence, EvidenceSource } from '../model/gate.ts';
import type { NamespaceBounds, SteeredBy, Steering, WorkloadRef } from '../model/workload.ts';

/** What a changed container is held against: of which live workload, and what is known of it. */
export type Matched =
  | {
      readonly state: 'matched';
      readonly ref: WorkloadRef;
      /** Absent where the workload is there and nothing is known of this container. */
      readonly evidence?: ContainerEvidence;
      readonly vpa?: Steering;
      readonly steeredBy?: SteeredBy;
      readonly memoryHpa?: Steering;
    }
  | { readonly state: 'new' }
  /** There is more than one workload that it may be, or its namespace was not looked at. */
  | { readonly state: 'unmatched' | 'not inspected' };

/** What is known of the cluster that a change will be applied to, from whatever source. */
export interface Evidence {
  readonly source: EvidenceSource;
  match(change: ContainerChange): Matched;
  /** Absent where it could not be read. */
  bounds(namespace: string): NamespaceBounds | undefined;
  readonly largestNode?: Bytes;
  /** Plain sentences on what could not be looked at. */
  readonly notes: readonly string[];
}
