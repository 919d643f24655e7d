import { keepComment } from '../deliver/keep-comment.ts';
import { UserError } from '../errors.ts';
import { chooseComment } from '../gate-report/choose-comment.ts';
import type { GateReport } from '../gate-report/gate-report.ts';
import { openGithub } from '../github/open-github.ts';
import type { GateVerdict } from '../model/gate.ts';
import { type GateContext, isWithoutSecrets } from './context.ts';

/**
 * Keeps the comment on the pull request up to date, where there is one and the job may write. What goes wrong with it is
 * said beside the run and takes nothing from the verdict.
 */
export async function keepGateComment(context: GateContext, verdict: GateVerdict, report: GateReport): Promise<void> {
  const { options, trigger, environment, runner } = context;
  const mode = chooseComment(options.comment, verdict);
  if (trigger.kind !== 'pull request' || mode === 'nothing' || options.dryRun || isWithoutSecrets(trigger)) return;
  // Nothing has been said yet that could be taken back.
  if (mode === 'update only' && trigger.action === 'opened') return;
  if (options.githubToken === undefined) return;
  const comment = {
    text: report.comment,
    mode,
    ...(options.clusterName === undefined ? {} : { clusterName: options.clusterName }),
  };
  try {
    const github = await openGithub(environment, options.githubToken, runner.log);
    if (github === undefined) return;
    const state = await keepComment(github, trigger.number, comment);
    runner.log.step(`Comment: ${state}`);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    runner.annotate({ level: 'warning', title: 'Memory gate: no comment', message: thrown.message });
  }
}
