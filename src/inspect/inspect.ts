import { showSummary } from '../actions.ts';
import { judge } from '../judge/judge.ts';
import { judgeSettings } from '../observe/judge-settings.ts';
import { obtainObservation } from '../observe/obtain-observation.ts';
import { diagnoseJvmMetrics } from '../scraping/diagnose.ts';
import { tryToBuildPage } from './build-run-page.ts';
import { buildRunReport, STILL_DELIVERING } from './build-run-report.ts';
import type { InspectionContext, InspectionRun } from './context.ts';
import { decideOutcome } from './decide-outcome.ts';
import { deliver, type End } from './deliver.ts';
import { explainEnd } from './explain-end.ts';
import { followChanges } from './follow-changes.ts';
import { publish, workspaceReports } from './publish.ts';
import {
  findWaiting,
  joinSources,
  type KnownChanges,
  readEnded,
  readReported,
  targetsOf,
  withinPatience,
} from './read-changes.ts';
import { writeEverywhere } from './report-places.ts';
import { setOutputs } from './set-outputs.ts';
import { writeFormats } from './write-formats.ts';

/** How an inspection ended. */
export interface InspectionResult {
  readonly context: InspectionContext;
  readonly end: End;
  /** The sentence with which the job shall fail; absent for a job that passes. */
  readonly failure?: string;
}

/** One inspection, from the observation to the end of the job. Throws where nothing could be judged. */
export async function inspect(run: InspectionRun): Promise<InspectionResult> {
  const { options, workspace } = run;
  // A folder that cannot be one is an option to mend, before anything is asked.
  workspace.list(options.reportDirectory);
  const earlier = workspaceReports(workspace);
  const reported = await readReported(run, earlier);
  const ended = readEnded(run);
  let asked: Promise<KnownChanges> | undefined;
  // Both questions wait together, and not one after the other.
  const soon = () => {
    asked ??= withinPatience(ended).then((pulls) => joinSources(pulls, reported));
    return asked;
  };
  const observation = await obtainObservation(run, {
    alsoFor: async ({ at }) => targetsOf(await soon(), at),
    followed: async ({ at }) => findWaiting(await soon(), at),
    jvmMetrics: true,
  });
  const judged = judge(observation, judgeSettings(options, observation.at));
  const jvmMetrics = diagnoseJvmMetrics(observation, options.jvmWorkloads);
  const contextOf = (known: KnownChanges): InspectionContext => {
    const { inspection, followUps } = followChanges(known, observation, judged, options);
    const outcome = decideOutcome(inspection, options.failOn);
    return { ...run, earlier, observation, inspection, outcome, jvmMetrics, known, followUps };
  };
  // Shown before GitHub has answered anything: it may take its time.
  const unshown = await showFirst(contextOf(joinSources(undefined, reported)));
  const context = contextOf(joinSources(await ended, reported));
  const end = await deliver(context, unshown);
  const { report, delivered } = end;
  const isWanted = run.places.some(({ takesPage }) => takesPage);
  const page = end.page ?? (isWanted ? await tryToBuildPage(context, report) : undefined);
  const told = withFailures(end, [
    ...(await writeEverywhere(run.places, { report, page })),
    ...(await writeFormats(context, report)),
    ...(await publish(context, report, delivered)),
  ]);
  const last: InspectionContext = { ...context, outcome: told.outcome };
  setOutputs(last, told);
  const failure = explainEnd(last, report.pages[0]?.path ?? '', told.delivered.failures);
  return { context: last, end: told, ...(failure === undefined ? {} : { failure }) };
}

/**
 * Shows what was found before anything is delivered: a run that is killed on the way has left it behind, saying so. Gives
 * the sentence that says why the job summary cannot be written.
 */
async function showFirst(context: InspectionContext): Promise<readonly string[]> {
  const report = await buildRunReport(context, STILL_DELIVERING, context.earlier);
  // Whatever goes wrong here goes wrong at the end as well, and is told then.
  await writeEverywhere(context.places, { report });
  const failure = await showSummary(context.runner, report.summary);
  return failure === undefined ? [] : [failure];
}

/** The end with what else went wrong among its failures: the findings are shown all the same. */
function withFailures(end: End, more: readonly string[]): End {
  const failures = [...new Set([...end.delivered.failures, ...more])];
  return more.length === 0 ? end : { ...end, outcome: 'error', delivered: { ...end.delivered, failures } };
}
