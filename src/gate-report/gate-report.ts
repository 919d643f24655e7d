import type { GateVerdict, Place } from '../model/gate.ts';
import type { Outcome } from '../model/inspection.ts';
import type { Price } from '../model/price.ts';

/** What the gate's texts are made of. */
export interface GateReportInput {
  readonly verdict: GateVerdict;
  readonly outcome: Outcome;
  /** Why the job fails or passes although something is unknown: the options that decide it. */
  readonly options: {
    readonly failOn: 'red' | 'yellow' | 'never';
    readonly allowIncomplete: boolean;
    readonly gateOnMissingData: 'pass' | 'fail';
  };
  readonly usageYellow: number;
  readonly usageRed: number;
  /** Days. */
  readonly gateWindow: number;
  readonly timeZone: string;
  readonly clusterName?: string;
  /** What files of the head are linked with, ending in `/`; without it their paths are not links. */
  readonly repositoryUrl?: string;
  readonly runUrl?: string;
  /** Absent where nothing is said of costs. */
  readonly price?: Price;
}

/** One line each, plain text. */
export interface GateAnnotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly at?: Place;
}

/** All that is written about one pull request. The same input gives the same bytes. */
export interface GateReport {
  /** The verdict in one plain sentence, for the end of the job. */
  readonly headline: string;
  readonly summary: string;
  /** The comment; short where all is green, one line where nothing changes memory any more. */
  readonly comment: string;
  readonly annotations: readonly GateAnnotation[];
}
