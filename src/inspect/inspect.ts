import { judge } from '../judge/judge.ts';
import type { Report } from '../report/input.ts';
import type { RunContext } from '../run-context.ts';
import { buildRunReport, NOTHING_DELIVERED } from './build-run-report.ts';
import type { InspectionContext } from './context.ts';
import { decideOutcome } from './decide-outcome.ts';
import { deliver, type End } from './deliver.ts';
import { explainEnd } from './explain-end.ts';
import { judgeSettings } from './judge-settings.ts';
import { obtainObservation } from './obtain-observation.ts';
import { publish, workspaceReports, writeReport } from './publish.ts';
import { setOutputs } from './set-outputs.ts';

/**
 * One inspection, from the observation to the end of the job. Resolves to the sentence with which the job shall fail, or
 * `undefined` for a job that passes. Throws where nothing could be judged.
 */
export async function inspect(run: RunContext): Promise<string | undefined> {
  const { options, workspace } = run;
  // A folder that cannot be one is an option to mend, before anything is asked.
  workspace.list(options.reportDirectory);
  const observation = await obtainObservation(run);
  const inspection = judge(observation, judgeSettings(options, observation.at));
  const outcome = decideOutcome(inspection, options.failOn);
  const earlier = workspaceReports(workspace);
  const context: InspectionContext = { ...run, earlier, observation, inspection, outcome };
  // Before anything is delivered: a run that is killed on the way has left its report behind.
  writeReport(context, await buildRunReport(context, NOTHING_DELIVERED, earlier));
  const end = withFailure(await deliver(context), (report) => writeReport(context, report));
  const ended = { ...context, outcome: end.outcome };
  await publish(ended, end.report, end.delivered);
  setOutputs(ended, end);
  return explainEnd(ended, end.report.pages[0]?.path ?? '', end.delivered.failures);
}

/** The end with what went wrong in `write` among its failures: the findings are shown all the same. */
function withFailure(end: End, write: (report: Report) => string | undefined): End {
  const failure = write(end.report);
  if (failure === undefined) return end;
  return { ...end, outcome: 'error', delivered: { ...end.delivered, failures: [...end.delivered.failures, failure] } };
}
