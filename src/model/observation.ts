import type { DeliveryStatus } from './delivery-status.ts';
import type { Access, Availability, ContainerHistory, ContainerMeasurement } from './measurement.ts';
import type { Scraping } from './scraping.ts';
import type { ClusterState, QualityNote } from './workload.ts';

/** Lengths in seconds. */
export interface Windows {
  readonly window: number;
  readonly slowWindow: number;
  readonly sizingWindow: number;
}

/**
 * All that one run observed, and the whole content of a recording: judging needs nothing else but the options.
 * Plain JSON, no secrets. `at` is the evaluation time (unix seconds).
 */
export interface Observation {
  readonly format: 1;
  readonly at: number;
  readonly windows: Windows;
  readonly cluster: ClusterState;
  readonly access: Access;
  readonly queries: number;
  readonly availability: Availability;
  readonly measurements: readonly ContainerMeasurement[];
  /** Of the containers for which more than the window matters. */
  readonly histories: readonly ContainerHistory[];
  readonly notes: readonly QualityNote[];
  /** Who scrapes what, as far as it concerns JVMs; absent where there are none, and in recordings of earlier versions. */
  readonly scraping?: Scraping;
  /** What applies workloads that lack a merged change; absent where nothing was asked, and in recordings of earlier versions. */
  readonly deliveries?: readonly DeliveryStatus[];
  /** The run's address on GitHub, where it ran there. */
  readonly runUrl?: string;
}

/** A container of a namespace, over all workloads that have one of this name, of which more than the window matters. */
export interface HistoryTarget {
  readonly namespace: string;
  readonly container: string;
  /** Whether it was restarted in the slow window, so that its runs are asked for by the hour. */
  readonly runs: boolean;
}

/** `namespace/pod/container`. */
export function containerKey(namespace: string, pod: string, container: string): string {
  return `${namespace}/${pod}/${container}`;
}
