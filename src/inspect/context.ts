import type { FollowUps } from '../model/follow-up.ts';
import type { Inspection, Outcome } from '../model/inspection.ts';
import type { JvmMetrics } from '../model/jvm-metrics.ts';
import type { Observation } from '../model/observation.ts';
import type { ReportStore } from '../report/stored-reports.ts';
import type { RunContext } from '../run-context.ts';
import type { KnownChanges } from './read-changes.ts';
import type { ReportPlace } from './report-places.ts';

/** What an inspection is given. */
export interface InspectionRun extends RunContext {
  /** Where it leaves its files. */
  readonly places: readonly ReportPlace[];
}

/** What every step after the judgement works on. */
export interface InspectionContext extends InspectionRun {
  /** The reports that the checked-out branch held when the run began. */
  readonly earlier: ReportStore;
  readonly observation: Observation;
  readonly inspection: Inspection;
  readonly outcome: Outcome;
  /** Whether the metrics of each JVM arrive. */
  readonly jvmMetrics: readonly JvmMetrics[];
  /** What was known of earlier changes before this run. */
  readonly known: KnownChanges;
  /** What they did. */
  readonly followUps: FollowUps;
}
