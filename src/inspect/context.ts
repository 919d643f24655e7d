import type { Inspection, Outcome } from '../model/inspection.ts';
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
}
