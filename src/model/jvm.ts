import type { Bytes } from '../bytes.ts';

/** The flags by which a JVM's heap is sized, as far as they stand in the container's own spec. */
export interface JvmSizing {
  readonly maxHeap?: Bytes;
  readonly maxRamPercentage?: number;
}

/** A heap flag as it is written (`-Xmx3g`), and where: `command`, `args`, `env JAVA_OPTS`. */
export interface HeapFlag {
  readonly text: string;
  readonly where: string;
}

/** Of the flags of a JVM in a container's own spec, the one that sizes its heap, and the size of a thread's stack. */
export interface JvmFlags {
  readonly heap?: HeapFlag;
  readonly stack?: Bytes;
}

/** By what a JVM is recognised. */
export type JvmSign = 'image' | 'command' | 'variable' | 'port';

/** What of a pod template decides who scrapes its pods. */
export interface ScrapeMarks {
  readonly labels: Readonly<Record<string, string>>;
  /** Those by which collectors are told; without its value where that may be anything. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly ports: readonly ContainerPort[];
  /** Where Spring's probes say that its management endpoints are. */
  readonly actuators?: readonly Actuator[];
}

/** `path` ends in `/actuator`; `port` is a number or the name of one. */
export interface Actuator {
  readonly container: string;
  readonly path: string;
  readonly port?: number | string;
}

export interface ContainerPort {
  readonly container: string;
  readonly name?: string;
  readonly number: number;
}
