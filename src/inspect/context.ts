import type { Runner } from '../actions.ts';
import type { Inspection, Outcome } from '../model/inspection.ts';
import type { Observation } from '../model/observation.ts';
import type { Options } from '../options/schema.ts';
import type { Workspace } from '../repository/workspace.ts';
import type { ReportStore } from './build-run-report.ts';

/** What every step after the judgement works on. */
export interface RunContext {
  readonly runner: Runner;
  readonly env: NodeJS.ProcessEnv;
  readonly options: Options;
  readonly workspace: Workspace;
  /** The reports that the checked-out branch held when the run began. */
  readonly earlier: ReportStore;
  readonly observation: Observation;
  readonly inspection: Inspection;
  readonly outcome: Outcome;
}
