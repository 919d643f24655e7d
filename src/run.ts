import { explainThrown, type Runner } from './actions.ts';
import { buildRunReport, NOTHING_DELIVERED } from './inspect/build-run-report.ts';
import { deliver, type End } from './inspect/deliver.ts';
import { explainEnd, explainError } from './inspect/explain-end.ts';
import { judgeSettings } from './inspect/judge-settings.ts';
import { obtainObservation } from './inspect/obtain-observation.ts';
import { publish, workspaceReports, writeReport } from './inspect/publish.ts';
import { setOutputs } from './inspect/set-outputs.ts';
import { judge } from './judge/judge.ts';
import { readOptions, secretsOf } from './options/read-options.ts';
import type { Options } from './options/schema.ts';
import { decideOutcome } from './outcome.ts';
import type { Report } from './report/input.ts';
import { openWorkspace, type Workspace } from './repository/workspace.ts';

/**
 * One whole run: options, observation, judgement, report, outputs. Resolves to the sentence with which the job shall
 * fail, or `undefined` for a job that passes. What the run could not do at all is an `error` end: outcome, summary and
 * sentence say so, and nothing half-written is left.
 */
export async function run(runner: Runner, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const workspace = openWorkspace(env.GITHUB_WORKSPACE || process.cwd());
    const options = readOptions(runner.input, workspace.read);
    for (const secret of secretsOf(options)) runner.mask(secret);
    return await inspect(runner, env, options, workspace);
  } catch (thrown) {
    const sentence = explainThrown(thrown, runner.log);
    runner.output('outcome', 'error');
    await runner.writeSummary(explainError(sentence));
    return sentence;
  }
}

async function inspect(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  options: Options,
  workspace: Workspace,
): Promise<string | undefined> {
  // A folder that cannot be one is an option to mend, before anything is asked.
  workspace.list(options.reportDirectory);
  const observation = await obtainObservation(runner, env, options, workspace);
  const inspection = judge(observation, judgeSettings(options, observation.at));
  const outcome = decideOutcome(inspection, options.failOn);
  const earlier = workspaceReports(workspace);
  const context = { runner, env, options, workspace, earlier, observation, inspection, outcome };
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
