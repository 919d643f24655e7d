import type { Trigger } from '../event/trigger.ts';
import type { Commits } from '../repository/commits.ts';
import type { RunContext } from '../run-context.ts';

/** What a run of the gate is given. */
export type GateRun = Omit<RunContext, 'options'> & { readonly trigger: Trigger };

/** What every step after the options works on. */
export type GateContext = RunContext & { readonly trigger: Trigger; readonly commits: Commits };

/** Whether the job got no secrets, so that neither cluster nor comment can be reached. */
export function isWithoutSecrets(trigger: Trigger): trigger is Trigger & { readonly from: 'fork' | 'Dependabot' } {
  return trigger.kind === 'pull request' && trigger.from !== 'same repository';
}
