import type { Thresholds } from '../model/finding.ts';
import type { Ignored } from '../model/inspection.ts';

/** A workload's container as overrides and ignore lists name it; `kind` and `name` are the workload's. */
export interface ContainerName {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly container: string;
}

/** What the options decide about judging. */
export interface JudgeSettings {
  readonly thresholds: Thresholds;
  /** The thresholds of one container, where some have their own. */
  readonly thresholdsFor?: (container: ContainerName) => Thresholds;
  /** The entry by which a container is ignored on the day of the run. */
  readonly ignoredBy?: (container: ContainerName) => Ignored | undefined;
  /** `YYYY-MM-DD` of the run: what is ignored by an annotation is so up to a day. */
  readonly date: string;
  /** Whether a limit that could be lower is only said, or proposed as a change. */
  readonly tighten: 'report' | 'pull-request';
}
