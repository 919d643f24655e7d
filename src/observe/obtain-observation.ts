import type { Runner } from '../actions.ts';
import { UserError } from '../errors.ts';
import { environmentForChildren } from '../kubectl/child-environment.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { createKubectl } from '../kubectl/run-kubectl.ts';
import { countAsked, type Log } from '../log.ts';
import type { Observation } from '../model/observation.ts';
import { decodeRecording, encodeRecording, LARGEST_RECORDING } from '../record/recording.ts';
import type { Workspace } from '../repository/workspace.ts';
import type { RunContext } from '../run-context.ts';
import { judgeSettings } from './judge-settings.ts';
import { type ObserveScope, observe } from './observe.ts';

/**
 * The observation that a run judges: from a recording where option `recording` names one, else from the cluster, written
 * to the file of option `record`. The days before are asked for where they matter, and for what `scope` names. The run's own
 * address on GitHub is part of it, so that a recording gives the same report.
 */
export async function obtainObservation(
  { runner, environment, options, workspace }: RunContext,
  scope: Pick<ObserveScope, 'alsoFor' | 'followed' | 'mayBeEmpty' | 'jvmMetrics'> = {},
): Promise<Observation> {
  const { record, recording } = options;
  if (recording !== undefined) return readRecording(runner, workspace, recording);
  const kubectl = createKubectl({
    context: options.context,
    env: environmentForChildren(environment.inherited, options.kubectlOidc),
  });
  const seen = await observe(
    options,
    { ...scope, settingsAt: (at) => judgeSettings(options, at) },
    {
      kubectl: countLists(kubectl, runner.log),
      fetch,
      log: runner.log,
      now: () => Date.now() / 1000,
      elapsed: () => performance.now() / 1000,
    },
  );
  const observation = { ...seen, runUrl: environment.github.runUrl };
  if (record !== undefined) {
    workspace.write(record, encodeRecording(observation, record));
    runner.log.step(`Wrote the recording to ${record}`);
  }
  return observation;
}

/** What goes to a pod by `exec` is a query, which counts as one already. */
function countLists(kubectl: Kubectl, log: Log): Kubectl {
  return {
    run: (args, options) =>
      args[0] === 'get' ? countAsked(log, 'list', () => kubectl.run(args, options)) : kubectl.run(args, options),
  };
}

function readRecording(runner: Runner, workspace: Workspace, path: string): Observation {
  const content = workspace.readBytes(path, LARGEST_RECORDING);
  if (content === undefined) {
    throw new UserError(`Option recording names "${path}", but there is no such file in the workspace.`);
  }
  const observation = decodeRecording(content, path);
  runner.log.step(`Inspecting the recording ${path} from ${new Date(observation.at * 1000).toISOString()}`);
  return observation;
}
