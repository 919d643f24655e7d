import { type EndedPulls, sortEnded } from '../deliver/followed-pulls.ts';
import { readKnownPulls } from '../deliver/own-pulls.ts';
import { messageOf } from '../errors.ts';
import { isFollowed } from '../follow-up/follow.ts';
import type { FollowedChange } from '../model/follow-up.ts';
import type { FollowedTarget } from '../model/followed-values.ts';
import type { HistoryTarget } from '../model/observation.ts';
import { reportFolder } from '../report/build-report.ts';
import { readAdvice } from '../report/read-advice.ts';
import { readFollowUps } from '../report/read-follow-ups.ts';
import { newestBefore } from '../report/report-files.ts';
import type { ReportJson } from '../report/report-json.ts';
import { type ReportStore, readStoredReport } from '../report/stored-reports.ts';
import type { RunContext } from '../run-context.ts';
import { openRepository } from './open-repository.ts';

/** What the pull requests of earlier runs have come to, where GitHub was asked, and answered. */
export interface AskedPulls extends EndedPulls {
  /** Whether older pull requests were not looked at. */
  readonly cutOff: boolean;
  readonly asked: boolean;
}

/** What reports tell of earlier changes. */
export interface ReportedChanges {
  /** What the newest report tells of those that were followed. */
  readonly reported: readonly FollowedChange[];
  /** What it suggests: somebody may have done it. */
  readonly advised: readonly FollowedChange[];
}

/** What is known of earlier changes before anything is observed. */
export type KnownChanges = AskedPulls & ReportedChanges;

const NOT_ASKED: AskedPulls = {
  merged: [],
  withdrawn: [],
  suggested: [],
  takenBack: new Map(),
  cutOff: false,
  asked: false,
};
export const NOTHING_KNOWN: KnownChanges = { ...NOT_ASKED, reported: [], advised: [] };
/** Beyond every date. */
const NO_DATE = '9999-99-99';
/** So many milliseconds the days before wait for GitHub. */
const PATIENCE = 20_000;

/**
 * What became of the pull requests of earlier runs; undefined where GitHub was asked and did not answer. Never throws: without
 * GitHub nothing is followed anew, and what fails is told by the delivery, which asks the same.
 */
export async function readEnded(run: RunContext): Promise<AskedPulls | undefined> {
  const { options, runner } = run;
  try {
    const github = options.openPullRequests ? await openRepository(run) : undefined;
    if (github === undefined) return NOT_ASKED;
    const pulls = await readKnownPulls(github);
    const scope = { branchPrefix: options.pullRequestBranchPrefix, clusterName: options.clusterName };
    return { ...sortEnded(pulls, scope), cutOff: pulls.cutOff, asked: true };
  } catch (thrown) {
    runner.log.debug(`merged pull requests could not be read: ${messageOf(thrown)}`);
    return undefined;
  }
}

/** What both tell together. What GitHub did not tell may have been merged: it is nobody's change by hand. */
export function joinSources(ended: AskedPulls | undefined, { reported, advised }: ReportedChanges): KnownChanges {
  return ended === undefined ? { ...NOT_ASKED, reported, advised: [] } : { ...ended, reported, advised };
}

/** What GitHub has answered by now, or soon: an observation does not wait for one that is silent. */
export async function withinPatience(ended: Promise<AskedPulls | undefined>): Promise<AskedPulls | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the newest report tells; nothing where there is none that can be read. */
export async function readReported(run: RunContext, earlier: ReportStore): Promise<ReportedChanges> {
  const report = await readNewest(run, earlier);
  return report === undefined
    ? { reported: [], advised: [] }
    : { reported: readFollowUps(report), advised: readAdvice(report) };
}

async function readNewest({ options, runner }: RunContext, earlier: ReportStore): Promise<ReportJson | undefined> {
  try {
    const folder = reportFolder(options.reportDirectory, options.clusterName);
    const files = (await earlier.list(folder)).map((path) => path.slice(path.lastIndexOf('/') + 1));
    const newest = newestBefore(files, options.reportName, NO_DATE);
    const { report } = newest === undefined ? {} : await readStoredReport(earlier, folder, newest);
    return report;
  } catch (thrown) {
    runner.log.debug(`an earlier report could not be read: ${messageOf(thrown)}`);
    return undefined;
  }
}

/** Of which containers the days before are asked for, to tell what changes to them did. `at` is unix seconds. */
export function targetsOf(
  { merged, withdrawn, reported, advised }: KnownChanges,
  at: number,
): readonly HistoryTarget[] {
  const followed = [...merged, ...withdrawn, ...reported, ...advised].filter((change) => isFollowed(change, at));
  return followed.flatMap(({ containers }) =>
    containers.flatMap(({ workload, container, verdict }) =>
      verdict.kind === 'open' || verdict.kind === 'worse'
        ? [{ namespace: workload.namespace, container, runs: false }]
        : [],
    ),
  );
}

/** The containers whose merged changes have not rolled out yet: what holds them up is asked for. `at` is unix seconds. */
export function findWaiting({ merged }: KnownChanges, at: number): readonly FollowedTarget[] {
  const followed = merged.filter((change) => isFollowed(change, at)).flatMap(({ containers }) => containers);
  return followed.filter(({ rollout }) => rollout.state !== 'rolled out');
}
