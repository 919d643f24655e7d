import type { Labels, MonitorRef, Unseen } from './jvm-metrics.ts';

/** As the API server has it: all of it must hold, and an empty one matches everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** A Service with a selector. */
export interface SeenService {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly selector: Labels;
  /** Whether it asks by annotation (`prometheus.io/scrape`) to be scraped. */
  readonly annotated?: boolean;
  readonly ports: readonly SeenServicePort[];
}

export interface SeenServicePort {
  readonly name?: string;
  readonly port: number;
  /** A number, or the name of a container's port. */
  readonly targetPort: number | string;
}

/** A ServiceMonitor or PodMonitor as far as it decides what is scraped. */
export interface SeenMonitor extends MonitorRef {
  /** When its spec or labels were last changed, in unix seconds. */
  readonly changedAt?: number;
  readonly labels: Labels;
  /** The namespaces in which it selects. */
  readonly reaches: 'own' | 'any' | readonly string[];
  readonly selector: LabelSelector;
  readonly endpoints: readonly SeenMonitorEndpoint[];
}

export interface SeenMonitorEndpoint {
  /** The name of a port of the Service; in a PodMonitor, of the container. */
  readonly port?: string;
  /** A port of the container instead, by number or name. */
  readonly targetPort?: number | string;
  readonly path: string;
  readonly https?: boolean;
  /** Whether it sends credentials, so that what is asked without them says nothing. */
  readonly secured?: boolean;
}

/** A Prometheus of the operator. An absent selector selects nothing. */
export interface SeenPrometheus {
  readonly kind: 'Prometheus' | 'PrometheusAgent';
  readonly namespace: string;
  readonly name: string;
  readonly serviceMonitors?: LabelSelector;
  readonly podMonitors?: LabelSelector;
  /** Of the namespaces of the monitors; its own one where absent. */
  readonly serviceMonitorNamespaces?: LabelSelector;
  readonly podMonitorNamespaces?: LabelSelector;
  /** Whether monitors select in their own namespace only, whatever they say. */
  readonly ownNamespacesOnly?: boolean;
  /** Whether it has no selectors at all, so that its configuration is made by somebody else. */
  readonly unmanaged?: boolean;
}

/** An object by which something else than a monitor has pods scraped. */
export interface SeenCollector {
  readonly kind: 'VMServiceScrape' | 'VMPodScrape' | 'ScrapeConfig' | 'PodMonitoring';
  readonly namespace: string;
  readonly name: string;
  readonly reaches: SeenMonitor['reaches'];
  /** Of what; absent where it takes all pods of the namespaces. */
  readonly selector?: LabelSelector;
}

/** What Prometheus scrapes of a pod: several targets of one name are one, up if any is. */
export interface SeenTarget {
  readonly namespace: string;
  readonly pod: string;
  /** Absent where its labels do not name it. */
  readonly container?: string;
  readonly job?: string;
  readonly endpoint?: string;
  readonly up: boolean;
  /** Of its last scrape, cut short. */
  readonly error?: string;
  /** The name of its part of Prometheus' configuration: `serviceMonitor/shop/api/0`. */
  readonly pool?: string;
}

/** What a pod answered to itself. */
export interface SeenEndpoint {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  readonly path: string;
  readonly answer: EndpointAnswer;
}

export type EndpointAnswer =
  /** In the format of Prometheus; `jvm` where series of a JVM's memory are among them. */
  | { readonly kind: 'metrics'; readonly jvm: boolean }
  | { readonly kind: 'something else' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'no answer'; readonly why: string };

/** What could not be read, in one namespace or (without) at all. */
export interface UnseenPart {
  readonly what: Unseen;
  readonly namespace?: string;
}

/**
 * What was read of the way from the JVMs to their series in Prometheus. Plain JSON, as all of an observation. Where the
 * series of all JVMs arrive, nothing of it is read.
 */
export interface Scraping {
  /** When the objects were read, in unix seconds. */
  readonly at: number;
  /** Whether the API server has the operator's monitors. */
  readonly operator: 'there' | 'none' | 'unknown';
  /** Of these namespaces. */
  readonly servicesOf: readonly string[];
  readonly services: readonly SeenService[];
  readonly monitors: readonly SeenMonitor[];
  readonly prometheuses: readonly SeenPrometheus[];
  /** The labels of namespaces by which a Prometheus chooses, as far as they were read. */
  readonly namespaces: readonly { readonly name: string; readonly labels: Labels }[];
  readonly collectors: readonly SeenCollector[];
  readonly targets: readonly SeenTarget[];
  readonly endpoints: readonly SeenEndpoint[];
  readonly unseen: readonly UnseenPart[];
}
