import type { WorkloadRef } from './workload.ts';

/** A ServiceMonitor or PodMonitor. */
export interface MonitorRef {
  readonly kind: 'ServiceMonitor' | 'PodMonitor';
  readonly namespace: string;
  readonly name: string;
}

export type Labels = Readonly<Record<string, string>>;

/** The first link on the way from a JVM to its series that is broken. Texts are the cluster's, cut short. */
export type BrokenLink =
  /** No Service selects its pods, and no PodMonitor does. */
  | { readonly kind: 'no service' }
  /** Nothing asks for its metrics. */
  | { readonly kind: 'no monitor'; readonly service?: string }
  /** A monitor that would be meant for it selects other labels than its Service has. `wanted` are those that differ. */
  | {
      readonly kind: 'labels';
      readonly monitor: MonitorRef;
      readonly service: string;
      readonly wanted: Labels;
      readonly found: Labels;
    }
  /** The monitor's `namespaceSelector` leaves its namespace out. */
  | { readonly kind: 'namespace'; readonly monitor: MonitorRef; readonly service: string }
  /** The monitor names a port that the Service (or the pod) does not have. `there` are the names that it has. */
  | {
      readonly kind: 'port';
      readonly monitor: MonitorRef;
      readonly wanted: string;
      readonly there: readonly string[];
    }
  /** The monitor asks for another path than the one that answers in the pod. `answers` where one was found. */
  | { readonly kind: 'path'; readonly monitor: MonitorRef; readonly path: string; readonly answers?: string }
  /** The endpoint in the pod answers something else than metrics: `status 404`, `connection refused`. */
  | { readonly kind: 'endpoint'; readonly pod: string; readonly url: string; readonly answer: string }
  /** No Prometheus of the operator picks the monitor up. `labels` are those that the monitor lacks, where that would do. */
  | {
      readonly kind: 'not selected';
      readonly monitor: MonitorRef;
      readonly prometheus: string;
      readonly by: 'labels' | 'namespace';
      readonly labels?: Labels;
    }
  /** The monitor is right as far as can be seen, and Prometheus has no target of it. */
  | { readonly kind: 'no target'; readonly monitor?: MonitorRef }
  | { readonly kind: 'target down'; readonly monitor?: MonitorRef; readonly error?: string }
  /** Its target is up, and publishes no JVM metrics. */
  | { readonly kind: 'no series'; readonly monitor?: MonitorRef };

/** What would mend a link, where that is known. */
export type ScrapeFix =
  | {
      readonly kind: 'add monitor';
      readonly namespace: string;
      readonly name: string;
      /** The labels of the Service that the new monitor selects by. */
      readonly selects: Labels;
      /** Labels that Prometheus asks of a monitor. */
      readonly labels: Labels;
      /** The name of the Service's port. */
      readonly port: string;
      readonly path: string;
    }
  /** A field of a monitor that is in the cluster. */
  | {
      readonly kind: 'change monitor';
      readonly monitor: MonitorRef;
      readonly change:
        | { readonly field: 'port' | 'path'; readonly endpoint: number; readonly from: string; readonly to: string }
        /** Of `spec.selector.matchLabels` or of `metadata.labels`: what is to be set, whatever else is there. */
        | { readonly field: 'selector' | 'labels'; readonly set: Labels };
    };

/** What a run could not look at on the way. */
export type Unseen = 'services' | 'monitors' | 'prometheuses' | 'targets' | 'endpoint';

/** Whether the metrics of a JVM arrive. Times are unix seconds. */
export type JvmMetricsState =
  | { readonly state: 'covered' }
  /** It or its monitor is minutes old: metrics take one to three minutes. */
  | { readonly state: 'young'; readonly what: 'pod' | 'monitor'; readonly since: number }
  | { readonly state: 'broken'; readonly link: BrokenLink; readonly fix?: ScrapeFix }
  /** No operator, or something besides it: annotations, another collector. Nothing is wrong. */
  | {
      readonly state: 'another way';
      readonly how: 'no operator' | 'annotations' | 'another collector';
      /** Text from the cluster that names it. */
      readonly by?: string;
    }
  /** The rights do not suffice to tell. */
  | { readonly state: 'unknown'; readonly unseen: readonly Unseen[] };

/** A JVM: a container of a workload, by what it was recognised, and whether its metrics arrive. */
export type JvmMetrics = JvmMetricsState & {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly recognised: 'named' | 'image' | 'command' | 'variable' | 'port' | 'series';
  /** On the way that was looked at and could not be seen, beside what was found. */
  readonly alsoUnseen?: readonly Unseen[];
};
