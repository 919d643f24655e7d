import { UserError } from '../errors.ts';
import { buildGateReport } from '../gate-report/build-gate-report.ts';
import type { GateReport } from '../gate-report/gate-report.ts';
import { fails } from '../gate-report/headline.ts';
import type { GateVerdict, TreeChanges } from '../model/gate.ts';
import type { Outcome } from '../model/inspection.ts';
import { judgeSettings } from '../observe/judge-settings.ts';
import { openCommits } from '../repository/commits.ts';
import { secretsOf } from '../secrets.ts';
import { evidenceOfElsewhere } from '../weigh/no-evidence.ts';
import { weigh } from '../weigh/weigh.ts';
import type { GateContext, GateRun } from './context.ts';
import { decideGateOutcome } from './decide-gate-outcome.ts';
import { findChanges } from './find-changes.ts';
import { gatherClusterEvidence } from './gather-evidence.ts';
import { keepGateComment } from './keep-gate-comment.ts';
import { readBaseOptions } from './read-base-options.ts';
import { setMessage, setNothingToJudge, setVerdict, showVerdict } from './show-verdict.ts';

/**
 * One run of the gate, from the event to the end of the job. Resolves to the sentence with which the job shall fail, or
 * `undefined` for a job that passes. Throws where nothing could be judged.
 */
export async function gate(run: GateRun): Promise<string | undefined> {
  const { runner, environment, workspace, trigger } = run;
  if (trigger.kind === 'refused') throw new UserError(trigger.why);
  if (trigger.kind === 'other' && trigger.why !== undefined) {
    setNothingToJudge(runner, trigger.why, environment.github.runUrl);
    runner.log.step(trigger.why);
    return undefined;
  }
  const commits = await openCommits({
    root: workspace.root,
    trigger,
    commit: environment.github.commit,
    token: runner.input('github-token').trim() || undefined,
    serverUrl: environment.github.serverUrl,
    environment,
  });
  try {
    const options = await readBaseOptions(runner.input, commits.base);
    for (const secret of secretsOf(options)) runner.mask(secret);
    return await judgeChange({ runner, environment, workspace, trigger, options, commits });
  } finally {
    commits.close();
  }
}

async function judgeChange(context: GateContext): Promise<string | undefined> {
  const { options, runner } = context;
  const changes = await findChanges(context);
  const verdict = await weighChanges(context, changes);
  const outcome = decideGateOutcome(verdict, options);
  const report = describe(context, verdict, outcome);
  setVerdict(runner, outcome, verdict);
  setMessage(runner, report, context.environment.github.runUrl);
  const unwritten = await showVerdict(runner, report);
  await keepGateComment(context, verdict, report);
  if (unwritten !== undefined) runner.output('outcome', 'error');
  const sentences = [
    ...(fails({ outcome, options, verdict }) ? [report.headline] : []),
    ...(unwritten ? [unwritten] : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

async function weighChanges(context: GateContext, changes: TreeChanges): Promise<GateVerdict> {
  const { options } = context;
  const now = options.at ?? Math.floor(Date.now() / 1000);
  const settings = judgeSettings(options, now);
  // Where no container's memory changes, nothing has to be known.
  if (changes.containers.length === 0) return weigh(changes, evidenceOfElsewhere(), settings);
  return weigh(changes, await gatherClusterEvidence(context, changes.containers, now), settings);
}

function describe({ options, environment }: GateContext, verdict: GateVerdict, outcome: Outcome): GateReport {
  const { repositoryUrl, commit, runUrl } = environment.github;
  return buildGateReport({
    verdict,
    outcome,
    options,
    price: options.pricePerGibMonth,
    usageYellow: options.thresholds.usageYellow,
    usageRed: options.thresholds.usageRed,
    gateWindow: options.gateWindow / 86_400,
    timeZone: options.timeZone,
    ...(options.clusterName === undefined ? {} : { clusterName: options.clusterName }),
    ...(repositoryUrl && commit ? { repositoryUrl: `${repositoryUrl}/blob/${commit}/` } : {}),
    ...(runUrl === undefined ? {} : { runUrl }),
  });
}
