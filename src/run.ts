import { explainThrown, type Runner, showSummary } from './actions.ts';
import type { RunEnvironment } from './environment.ts';
import { readPayload } from './event/read-payload.ts';
import { decidesByPayload, readTrigger } from './event/read-trigger.ts';
import type { Trigger } from './event/trigger.ts';
import { writeErrorMessage } from './formats/error-message.ts';
import { messageOutputs } from './formats/message-outputs.ts';
import { explainGateError } from './gate/explain-gate-error.ts';
import { gate } from './gate/gate.ts';
import { explainError } from './inspect/explain-end.ts';
import { inspect } from './inspect/inspect.ts';
import { placeInNewFolder, placeInWorkspace, type ReportPlace } from './inspect/report-places.ts';
import { readOptions } from './options/read-options.ts';
import type { Options } from './options/schema.ts';
import { openWorkspace } from './repository/workspace.ts';
import { secretsOf } from './secrets.ts';

/**
 * One whole run: chooses the mode and hands over to it. Resolves to the sentence with which the job shall fail, or
 * `undefined` for a job that passes. What the run could not do at all is an `error` end: outcome, summary and sentence say
 * so, and nothing half-written is left.
 */
export async function run(runner: Runner, environment: RunEnvironment): Promise<string | undefined> {
  let explain = explainError;
  try {
    const { eventName, eventPath, actor } = environment.github;
    const mode = runner.input('mode').trim();
    const payload = decidesByPayload(eventName) || mode === 'gate' ? readPayload(eventPath) : undefined;
    const trigger = readTrigger(eventName, payload, actor);
    if (trigger.kind === 'refused' || isGate(mode, trigger)) {
      explain = explainGateError;
      runner.output('gate-verdict', 'unknown');
      return await gate({ runner, environment, trigger, workspace: openWorkspace(environment.workspace) });
    }
    const workspace = openWorkspace(environment.workspace);
    const options = readOptions(runner.input, workspace.read);
    for (const secret of secretsOf(options)) runner.mask(secret);
    const places = [placeInWorkspace(workspace, { withPage: options.page }), ...ownFolder(environment, options)];
    const { end, failure } = await inspect({ runner, environment, options, workspace, places });
    runner.log.step(`Report: ${end.report.pages[0]?.path}`);
    return failure;
  } catch (thrown) {
    const sentence = explainThrown(thrown, runner.log);
    runner.output('outcome', 'error');
    const mode = explain === explainError ? 'inspection' : 'gate';
    const message = writeErrorMessage(mode, sentence, { runUrl: environment.github.runUrl });
    for (const [name, value] of Object.entries(messageOutputs(message))) runner.output(name, value);
    const unwritten = await showSummary(runner, explain(sentence));
    return unwritten === undefined ? sentence : `${sentence} ${unwritten}`;
  }
}

/** Whether a run is the gate's: where the option says so, and unless it says otherwise on a pull request and a merge group. */
function isGate(mode: string, trigger: Trigger): boolean {
  if (mode !== '' && mode !== 'auto') return mode === 'gate';
  const { kind } = trigger;
  return kind === 'pull request' || kind === 'merge group' || (kind === 'other' && trigger.why !== undefined);
}

/** A folder for what a workflow keeps as an artifact, one a run; none in a run by hand. */
function ownFolder(
  { temporaryFolder }: RunEnvironment,
  { clusterName }: Pick<Options, 'clusterName'>,
): readonly ReportPlace[] {
  const name = ['memory-inspection', ...(clusterName === undefined ? [] : [clusterName])].join('-');
  return temporaryFolder === undefined ? [] : [placeInNewFolder(temporaryFolder, name)];
}
