import { randomUUID } from 'node:crypto';
import { commitReport, type ReportCommit } from '../deliver/commit-report.ts';
import type { ProposedChange } from '../deliver/delivery-input.ts';
import { proposeLocally } from '../deliver/dry-run.ts';
import { gatherNeeds, type Seen } from '../deliver/needs.ts';
import { deliverPullRequests } from '../deliver/pull-requests.ts';
import type { Scope } from '../deliver/scope.ts';
import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { Outcome } from '../model/inspection.ts';
import type { Location } from '../model/location.ts';
import { thresholdsFor } from '../options/match.ts';
import { reportFolder } from '../report/build-report.ts';
import type { Report } from '../report/input.ts';
import { filesOf, outdatedReports, reportDateOf, withoutTime } from '../report/report-files.ts';
import { type Base, readBaseFiles } from '../repository/github-files.ts';
import { readWorkspaceFiles } from '../repository/workspace-files.ts';
import { dateIn } from '../text/format.ts';
import { encodePath } from '../text/markdown.ts';
import { buildRunReport, type Delivered, NOTHING_DELIVERED, type ReportStore } from './build-run-report.ts';
import type { InspectionContext } from './context.ts';
import { gatherReviewEvidence } from './gather-review-evidence.ts';
import { locateChanges, suggestionsOf } from './locate-changes.ts';
import { openRepository } from './open-repository.ts';

/** How a run ended: what it delivered, and the report that tells of it. */
export interface End {
  readonly outcome: Outcome;
  readonly report: Report;
  readonly delivered: Delivered;
  readonly commit?: ReportCommit;
}

/**
 * Delivers pull requests, then the report, which links them. A failure of one is told in the report and hides nothing of
 * the other; it makes the run end as an error, as what failed `before` does.
 */
export async function deliver(context: InspectionContext, before: readonly string[] = []): Promise<End> {
  const { github, failures } = await tryToOpen(context);
  const made = await deliverChanges(context, github);
  const changes = { ...made, failures: [...before, ...failures, ...made.failures] };
  const committed = github === undefined ? undefined : await deliverReport(context, github, changes);
  const commit = committed?.commit;
  const delivered = commit?.state === 'failed' ? { ...changes, failures: [...changes.failures, commit.why] } : changes;
  const outcome = delivered.failures.length > 0 ? 'error' : context.outcome;
  const report =
    committed?.report !== undefined && commit?.state !== 'failed'
      ? committed.report
      : await buildRunReport({ ...context, outcome }, delivered, context.earlier);
  return { outcome, report, delivered, commit };
}

/** The repository, or why it cannot be delivered to: that hides nothing of what was found. */
async function tryToOpen(
  context: InspectionContext,
): Promise<{ readonly github?: Github; readonly failures: readonly string[] }> {
  try {
    return { github: await openRepository(context), failures: [] };
  } catch (thrown) {
    return { failures: [messageOf(thrown)] };
  }
}

/**
 * Opens, updates and closes the pull requests. Whatever fails is told in `failures` and takes nothing else with it.
 */
async function deliverChanges(context: InspectionContext, github: Github | undefined): Promise<Delivered> {
  const { runner, options } = context;
  if (github === undefined || !options.openPullRequests) return deliverLocally(context);
  try {
    const base = await readBaseFiles(github, context.workspace);
    const locations = await locateChanges(context, base.files, base.branch);
    const changes = changesOf(context, locations);
    const pullRequests = await deliverPullRequests(github, {
      base,
      changes,
      scope: scopeOf(context),
      complete: context.inspection.notes.every(({ kind }) => kind !== 'incomplete'),
      needs: gatherNeeds(seenBy(context), locations),
      at: context.observation.at,
      run: randomUUID(),
      options: pullRequestOptions(context),
      report: await expectedReport(context, base),
    });
    for (const { state, title, number } of pullRequests) {
      runner.log.step(`Pull request${number === undefined ? '' : ` #${number}`} ${state}: ${title}`);
    }
    return { locations, pullRequests, failures: pullRequests.flatMap(failureOf) };
  } catch (thrown) {
    const local = await deliverLocally(context);
    return { ...local, failures: [messageOf(thrown), ...local.failures] };
  }
}

/** What was looked at. A recording that does not say so was read with the namespaces that it holds. */
function scopeOf({ observation: { cluster }, options }: InspectionContext): Scope {
  const inspected = cluster.inspected ?? { namespaces: cluster.namespaces, except: [], selector: options.selector };
  return { ...inspected, cluster: options.clusterName };
}

function seenBy({ inspection, observation, options }: InspectionContext): Seen {
  return {
    workloads: inspection.workloads,
    known: observation.cluster.workloads,
    usageRed: ({ ref }, container) => thresholdsFor(options, { ...ref, container }).usageRed,
  };
}

/** Without a repository on GitHub, the report still says where in the checked-out files a change belongs. */
async function deliverLocally(context: InspectionContext): Promise<Delivered> {
  const { runner, options, workspace, environment } = context;
  try {
    const base = suggestionsOf(context).length === 0 ? undefined : await readWorkspaceFiles(workspace, environment);
    if (base === undefined) return NOTHING_DELIVERED;
    const locations = await locateChanges(context, base.files);
    if (!options.dryRun || !options.openPullRequests) return { ...NOTHING_DELIVERED, locations };
    const pullRequests = await proposeLocally(base, changesOf(context, locations), pullRequestOptions(context));
    return { locations, pullRequests, failures: pullRequests.flatMap(failureOf) };
  } catch (thrown) {
    runner.log.warn(`The manifests in the workspace could not be searched: ${messageOf(thrown)}`);
    return NOTHING_DELIVERED;
  }
}

function changesOf(context: InspectionContext, locations: readonly Location[]): ProposedChange[] {
  return locations.flatMap((location): ProposedChange[] =>
    location.state === 'located' && location.suggestion.delivery.kind === 'change'
      ? [{ location, evidence: gatherReviewEvidence(context, location.suggestion) }]
      : [],
  );
}

function failureOf({ state, title, why }: PullRequestResult): string[] {
  return state === 'failed' ? [`The pull request "${title}" failed: ${why ?? 'no reason given'}`] : [];
}

function pullRequestOptions({ options }: InspectionContext) {
  return {
    grouping: options.pullRequestGrouping,
    limit: options.pullRequestLimit,
    branchPrefix: options.pullRequestBranchPrefix,
    labels: options.labels,
    reviewers: options.reviewers,
    teamReviewers: options.teamReviewers,
    assignees: options.assignees,
    owners: options.owners,
    draft: options.draft,
    dryRun: options.dryRun,
    clusterName: options.clusterName,
  };
}

/** Where this run's report will be, for the pull requests that are opened before it. */
async function expectedReport(
  context: InspectionContext,
  base: Base,
): Promise<{ url: string; date: string } | undefined> {
  const { options } = context;
  if (!options.commitReport || options.dryRun) return undefined;
  const { date, pages } = await buildRunReport(context, NOTHING_DELIVERED, {
    list: async () => [],
    read: async () => undefined,
  });
  const branch = options.reportBranch ?? base.branch;
  return { url: `${base.repository.htmlUrl}/blob/${encodePath(`${branch}/${pages[0]?.path}`)}`, date };
}

/** The commit of the report, and the report as it continues what the branch held. */
interface CommittedReport {
  readonly commit: ReportCommit;
  readonly report?: Report;
}

/** Commits the report on its branch, together with the removal of reports that are older than `retention`. */
async function deliverReport(
  context: InspectionContext,
  github: Github,
  delivered: Delivered,
): Promise<CommittedReport | undefined> {
  const { options, runner } = context;
  if (!options.commitReport || options.dryRun) return undefined;
  let report: Report | undefined;
  const commit = await commitReport(github, {
    branch: options.reportBranch,
    headline: headlineOf(context),
    async files(current) {
      const outcome = delivered.failures.length > 0 ? 'error' : context.outcome;
      const built = await buildRunReport({ ...context, outcome }, delivered, current);
      report = built;
      return { additions: filesOf(built), deletions: await findSuperseded(context, built, current) };
    },
    withoutTime: (_, text) => withoutTime(text),
  });
  const said = commit.state === 'failed' ? commit.why : `${commit.state} on ${commit.branch}`;
  runner.log.step(`Report commit: ${said}`);
  return { commit, report };
}

/** Reports beyond the option `retention` with their pages and parts, and those that an earlier run of this date needed and this one not. */
async function findSuperseded(
  context: InspectionContext,
  report: Report,
  current: Pick<ReportStore, 'list'>,
): Promise<readonly string[]> {
  const { options, observation } = context;
  const folder = reportFolder(options.reportDirectory, options.clusterName);
  const outdated = outdatedReports(await current.list(folder), options, observation.at);
  const dates = new Set(outdated.map((path) => reportDateOf(path, options.reportName) ?? report.date));
  const pages = await Promise.all(
    [...dates, report.date].map((date) => current.list(`${folder}/${options.reportName.replace('{date}', date)}`)),
  );
  const kept = new Set(filesOf(report).map(({ path }) => path));
  const own = pages.flat().filter((path) => /\.(md|json)$/.test(path));
  return [...outdated, ...own].filter((path) => !kept.has(path));
}

interface Dated {
  readonly inspection: Pick<InspectionContext['inspection'], 'totals'>;
  readonly options: Pick<InspectionContext['options'], 'clusterName' | 'timeZone'>;
  readonly observation: Pick<InspectionContext['observation'], 'at'>;
}

/** The headline of the commit; its date is that of the report, in the chosen time zone. */
export function headlineOf({ inspection, options, observation }: Dated): string {
  const { atRisk, attention } = inspection.totals;
  const where = options.clusterName === undefined ? '' : ` of ${options.clusterName}`;
  const date = dateIn(options.timeZone, observation.at);
  return `Memory report${where} for ${date}: ${atRisk} at risk, ${attention} need attention`;
}
