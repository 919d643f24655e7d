import type { Bytes } from '../bytes.ts';
import type { Level } from './level.ts';
import type { ContainerMeasurement } from './measurement.ts';
import type { Windows } from './observation.ts';
import type { PodContainer, Setting } from './workload.ts';

export type CheckName = 'usage' | 'trend' | 'sizing' | 'heap';

/** Percentages are in percent (70 is 70 %), factors are factors, sizes are bytes. */
export interface Thresholds {
  readonly usageYellow: number;
  readonly usageRed: number;
  readonly growthYellow: number;
  readonly growthRed: number;
  readonly trendRule: 'steady' | 'quarters';
  readonly limitFactor: number;
  readonly requestFactor: number;
  readonly overProvisionedBelow: number;
  readonly overProvisionedAbove: Bytes;
}

/** An OOMKill in the window. `limit` is the limit in force when it happened, where known. */
export interface OomKill {
  readonly at?: number;
  readonly source: 'pod status' | 'exporter' | 'cAdvisor';
  readonly limit?: Bytes;
}

/** Everything that a check may look at: one container of one pod, joined from the API server and Prometheus. */
export interface ContainerObservation {
  readonly at: number;
  readonly windows: Windows;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly kind: 'container' | 'sidecar';
  /** The exporter's series where present, else the pod's own spec. */
  readonly limit: Setting;
  readonly request: Setting;
  readonly live?: PodContainer;
  readonly measured?: ContainerMeasurement;
  /** Start of the running container: its start series, else the beginning of its series (unix seconds). */
  readonly startedAt?: number;
  readonly oomKills: readonly OomKill[];
  /** Restarts within the window. */
  readonly restartsInWindow: number;
  /** True where partial data may touch this container. */
  readonly partial: boolean;
  /** True where partial data may hide something wrong: what looks green is not known. */
  readonly uncertain?: boolean;
  /** The highest of all pods of the workload's container: one limit serves them all, so none is too large for one pod alone. */
  readonly highest?: { readonly limitBase?: Bytes; readonly peak?: Bytes };
}

/**
 * What one check says of one container. `summary` is one plain-text clause, without markup, that says what it means
 * ("over its limit"); `short` is what fits a table cell ("100.8 %").
 */
export interface Finding {
  readonly check: CheckName;
  readonly level: Level;
  readonly short: string;
  readonly summary: string;
  readonly facts: Facts;
}

export type Facts = UsageFacts | TrendFacts | SizingFacts | HeapFacts;

export interface UsageFacts {
  readonly check: 'usage';
  readonly used?: Bytes;
  readonly limit?: Bytes;
  /** Percent of the limit. */
  readonly percent?: number;
  readonly peak?: Bytes;
  readonly cache?: Bytes;
  readonly oomKill?: OomKill;
}

export interface TrendFacts {
  readonly check: 'trend';
  /** Percent, last quarter over the first. */
  readonly growth?: number;
  /** Seconds over which it grew: the window, a part of it, or the days of a slow leak. */
  readonly span?: number;
  readonly bytesPerHour?: number;
  /** Unix seconds at which the limit is reached at that pace. */
  readonly reachesLimitAt?: number;
  readonly pattern:
    | 'flat'
    | 'varies'
    | 'step'
    | 'rising'
    | 'leak'
    | 'slow leak'
    | 'leak cut by OOMKills'
    | 'page cache'
    | 'warming up'
    | 'too little data';
  readonly hoursSeen: number;
  readonly tau?: number;
  /** Kills that ended stretches, for the pattern 'leak cut by OOMKills'. */
  readonly kills?: number;
}

/** Why a request or limit is wrong. `used` is what the new value starts from. */
export interface SizingProblem {
  readonly kind: 'near limit' | 'OOMKilled' | 'low request' | 'over-provisioned' | 'no limit' | 'no request';
  readonly level: Level;
  readonly used?: Bytes;
}

export interface SizingFacts {
  readonly check: 'sizing';
  readonly problems: readonly SizingProblem[];
  /** Peak of the window without page cache, and the highest half-hour average: the bases for limit and request. */
  readonly limitBase?: Bytes;
  readonly requestBase?: Bytes;
}

export interface HeapFacts {
  readonly check: 'heap';
  readonly live?: Bytes;
  readonly maximum?: Bytes;
  readonly percent?: number;
  readonly nonHeap?: Bytes;
  readonly fits?: boolean;
}

/** A check: pure, the same shape for all. `undefined`: it does not apply to this container. */
export type Check = (container: ContainerObservation, thresholds: Thresholds) => Finding | undefined;
