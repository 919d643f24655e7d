import { explainThrown, type Runner } from './actions.ts';
import type { RunEnvironment } from './environment.ts';
import { explainError } from './inspect/explain-end.ts';
import { inspect } from './inspect/inspect.ts';
import { showSummary } from './inspect/publish.ts';
import { readOptions } from './options/read-options.ts';
import { openWorkspace } from './repository/workspace.ts';
import { secretsOf } from './secrets.ts';

/**
 * One whole run: reads the options and hands over to the mode that they choose. Resolves to the sentence with which the
 * job shall fail, or `undefined` for a job that passes. What the run could not do at all is an `error` end: outcome,
 * summary and sentence say so, and nothing half-written is left.
 */
export async function run(runner: Runner, environment: RunEnvironment): Promise<string | undefined> {
  try {
    const workspace = openWorkspace(environment.workspace);
    const options = readOptions(runner.input, workspace.read);
    for (const secret of secretsOf(options)) runner.mask(secret);
    return await inspect({ runner, environment, options, workspace });
  } catch (thrown) {
    const sentence = explainThrown(thrown, runner.log);
    runner.output('outcome', 'error');
    const unwritten = await showSummary(runner, explainError(sentence));
    return unwritten === undefined ? sentence : `${sentence} ${unwritten}`;
  }
}
