import type { JvmMetrics, ScrapeFix } from './jvm-metrics.ts';
import type { NotLocatedReason, ProvedEdit } from './location.ts';
import { workloadContainerKey } from './workload.ts';

export type BrokenMetrics = Extract<JvmMetrics, { readonly state: 'broken' }>;

/** What mends the way of some JVMs' metrics, and which. */
export interface MonitorChange {
  readonly fix: ScrapeFix;
  /** At least one. */
  readonly mends: readonly BrokenMetrics[];
}

/**
 * Where what mends the metrics of some JVMs belongs in the repository: exact edits and new files, or the reason for none with a
 * snippet to copy. `path` and `line` (from 1) are where a reader should look.
 */
export type MonitorLocation = MonitorChange &
  (
    | (ProvedEdit & { readonly state: 'located' })
    | {
        readonly state: 'not located';
        readonly reason: NotLocatedReason;
        readonly why: string;
        readonly lookedAt: readonly string[];
        /** The files have it already, and the cluster does not yet. */
        readonly isThere?: boolean;
        /** Empty where the cluster's own texts are none that Kubernetes takes. */
        readonly snippet: string;
      }
  );

export type LocatedMonitor = Extract<MonitorLocation, { readonly state: 'located' }>;

/** The namespace of the monitor that is added or changed. */
export function namespaceOfFix(fix: ScrapeFix): string {
  return fix.kind === 'add monitor' ? fix.namespace : fix.monitor.namespace;
}

/**
 * By what a JVM's pull request is found among the `suggestions` of the results: `metrics:namespace/kind/name/container`, which no
 * suggestion about memory is.
 */
export function metricsKey({ workload, container }: Pick<JvmMetrics, 'workload' | 'container'>): string {
  return withMetrics(workloadContainerKey(workload, container));
}

/** The same of a container's key. */
export function withMetrics(key: string): string {
  return `metrics:${key}`;
}
