import type { Bytes } from '../bytes.ts';

/** A point in time (unix seconds) and a value. */
export interface Sample {
  readonly t: number;
  readonly v: number;
}

/**
 * What Prometheus knows of one container of one pod. Absent fields had no series.
 * Slots in which no sample lies are left out of a series rather than filled.
 */
export interface ContainerMeasurement {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the running container (the newest `id`), at the evaluation time. */
  readonly now?: {
    readonly workingSet?: Bytes;
    readonly rss?: Bytes;
    readonly mappedFile?: Bytes;
    readonly activeFile?: Bytes;
    readonly swap?: Bytes;
    readonly startedAt?: number;
  };
  /** The raw peak of the working set in the window. */
  readonly peak?: Bytes;
  /** Averages of the working set over evenly spaced slots of the window; `t` is the end of a slot. */
  readonly averages: readonly Sample[];
  /** Averages over `SLOW_STEP` in the slow window, which ends with the window. */
  readonly slowAverages: readonly Sample[];
  /** Quarter averages over the window of RSS, mapped and active file memory. */
  readonly rss: readonly Sample[];
  readonly mappedFile: readonly Sample[];
  readonly activeFile: readonly Sample[];
  /** Memory pressure, where it is measured: shares of time (0 to 1) by quarter of the window. */
  readonly pressure?: MemoryPressure;
  /** Start times of the containers that ran in the window, as seen at the slots; a change is a restart. */
  readonly starts: readonly Sample[];
  /** The exporter's restart counter at the slots of the window. */
  readonly restarts: readonly Sample[];
  /** Slots of the window at which the exporter's last reason was OOMKilled. */
  readonly oomReason: readonly Sample[];
  /** OOM events that cAdvisor counted in the window. */
  readonly oomEvents?: number;
  /** From the exporter; `undefined` is "no series", which is not "no limit". */
  readonly limit?: Bytes;
  readonly request?: Bytes;
  readonly uid?: string;
  /** The limit of the last pod of this name that is gone (another UID, or no pod now), as far as the window knows it. */
  readonly formerLimit?: Bytes;
  readonly heap?: HeapMeasurement;
  /** The pods of this name that ran in the window, oldest first; only where it was more than one. */
  readonly instances?: readonly PodInstance[];
}

/** Shares of time in which some task (`waiting`) and every task (`stalled`) waited for memory. */
export interface MemoryPressure {
  readonly waiting: readonly Sample[];
  readonly stalled: readonly Sample[];
}

/** One of several pods that had the same name. `startedAt` (unix seconds) and `peak` are the container's, in the window. */
export interface PodInstance {
  readonly uid: string;
  readonly startedAt?: number;
  readonly peak?: Bytes;
}

/** JVM memory in bytes, pools summed. `liveSet` 0 and a maximum of -1 have been dropped as "not known". */
export interface HeapMeasurement {
  readonly used?: Bytes;
  readonly lowestUsed?: Bytes;
  readonly maximum?: Bytes;
  readonly liveSet?: Bytes;
  readonly nonHeap?: Bytes;
  /** What the JVM holds for its heap, in use or not. */
  readonly committed?: Bytes;
  readonly directBuffers?: Bytes;
  /** How many are alive. */
  readonly threads?: number;
  readonly course?: HeapCourse;
}

/** Averages over the quarters of the window, by the same fields. */
export type HeapCourse = Readonly<
  Partial<Record<'used' | 'liveSet' | 'nonHeap' | 'committed' | 'directBuffers' | 'threads', readonly Sample[]>>
>;

/** Seconds between two averages of the slow window. */
export const SLOW_STEP = 3 * 3600;

/** Seconds between the evaluation times of a history's starts, restarts, reasons and limits. */
export const HISTORY_STEP = 1800;

/**
 * What the sizing window knows of one pod's container, pods that are gone included. Asked for only where it matters;
 * what was not asked for, or had no series, is absent.
 */
export interface ContainerHistory {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The raw peak of each day; `t` is the end of the day, counted back from the evaluation time. */
  readonly dailyPeaks: readonly Sample[];
  /** Hourly averages over the slow window. */
  readonly hourlyAverages?: readonly Sample[];
  /** Start times as seen every half hour of the sizing window; a change is a restart. */
  readonly starts?: readonly Sample[];
  /** The exporter's restart counter every half hour of the sizing window, without those between which nothing happened. */
  readonly restarts?: readonly Sample[];
  /** Half hours of the sizing window at which the exporter's last reason was OOMKilled. */
  readonly oomReason?: readonly Sample[];
  /** The exporter's limit every half hour of the sizing window, without those between which nothing happened. */
  readonly limits?: readonly Sample[];
}

/** How Prometheus was reached, for the report; never holds a secret. */
export interface Access {
  readonly way: 'direct' | 'service-proxy' | 'exec';
  readonly url: string;
  /** The pod (`namespace/pod`) or service gone through. */
  readonly through?: string;
}

/** `unavailable` says why there is nothing, for the report. */
export interface Availability {
  readonly exporter: boolean;
  readonly cadvisor: boolean;
  readonly jvm: { readonly state: 'available' } | { readonly state: 'unavailable'; readonly why: string };
}
