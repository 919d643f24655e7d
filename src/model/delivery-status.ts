import type { WorkloadRef } from './workload.ts';

/** What the object that applies a workload says of itself, in its tool's own words. Texts are the cluster's, cut short. */
export interface DeliveryStatus {
  readonly workload: WorkloadRef;
  readonly by: 'Argo CD' | 'Flux';
  /** `Application argocd/shop` */
  readonly object: string;
  /** `OutOfSync, auto-sync off`, `Synced to 1a2b3c4`, `suspended`, `BuildFailed` */
  readonly status: string;
  readonly message?: string;
  /** Whether it says that it has applied what it knows of: then that has other values, or is older. */
  readonly settled: boolean;
}
