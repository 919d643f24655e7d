import type { FollowUps } from '../model/follow-up.ts';
import type { Inspection, Outcome } from '../model/inspection.ts';
import type { JvmMetrics } from '../model/jvm-metrics.ts';
import type { Observation } from '../model/observation.ts';
import type { ReportStore } from '../report/stored-reports.ts';
import type { RunContext } from '../run-context.ts';

/** What every step after the judgement works on. */
export interface InspectionContext extends RunContext {
  /** The reports that the checked-out branch held when the run began. */
  readonly earlier: ReportStore;
  readonly observation: Observation;
  readonly inspection: Inspection;
  readonly outcome: Outcome;
  /** Whether the metrics of each JVM arrive. */
  readonly jvmMetrics: readonly JvmMetrics[];
  /** Absent where GitHub was not asked. */
  readonly followUps?: FollowUps;
}
