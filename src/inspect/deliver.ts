import { commitReport, type ReportCommit } from '../deliver/commit-report.ts';
import { type FileChanges, fitsCommit } from '../deliver/split-commit.ts';
import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import type { Outcome } from '../model/inspection.ts';
import { reportFolder } from '../report/build-report.ts';
import type { Report } from '../report/input.ts';
import { filesOf, outdatedReports, reportDateOf, withoutTime } from '../report/report-files.ts';
import type { ReportStore } from '../report/stored-reports.ts';
import { dateIn } from '../text/format.ts';
import { MOST_COMMITTED, tryToBuildPage } from './build-run-page.ts';
import { buildRunReport, type Delivered } from './build-run-report.ts';
import type { InspectionContext } from './context.ts';
import { deliverChanges } from './deliver-changes.ts';
import { deliverMonitors } from './deliver-monitors.ts';
import { openRepository } from './open-repository.ts';
import { pagePath } from './report-places.ts';

/** How a run ended: what it delivered, and the report that tells of it. */
export interface End {
  readonly outcome: Outcome;
  readonly report: Report;
  readonly delivered: Delivered;
  readonly commit?: ReportCommit;
  /** The page that was committed with the report. */
  readonly page?: string;
}

/**
 * Delivers pull requests, then the report, which links them. A failure of one is told in the report and hides nothing of
 * the other; it makes the run end as an error, as what failed `before` does.
 */
export async function deliver(context: InspectionContext, before: readonly string[] = []): Promise<End> {
  const { github, failures } = await tryToOpen(context);
  const { lookAgain, base: _, ...made } = await deliverMonitors(context, github, await deliverChanges(context, github));
  const changes = { ...made, failures: [...before, ...failures, ...made.failures] };
  const committed = github === undefined ? undefined : await deliverReport(context, github, changes);
  const commit = committed?.commit;
  const delivered = commit?.state === 'failed' ? { ...changes, failures: [...changes.failures, commit.why] } : changes;
  const outcome = delivered.failures.length > 0 ? 'error' : context.outcome;
  const report =
    committed?.report !== undefined && commit?.state !== 'failed'
      ? committed.report
      : await buildRunReport({ ...context, outcome }, delivered, context.earlier);
  const pullRequests = (await lookAgain?.()) ?? delivered.pullRequests;
  // The page of a report that could not be committed does not tell of that.
  const page = report === committed?.report ? committed?.page : undefined;
  return { outcome, report, delivered: { ...delivered, pullRequests }, commit, page };
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

/** The commit of the report, and the report as it continues what the branch held. */
interface CommittedReport {
  readonly commit: ReportCommit;
  readonly report?: Report;
  readonly page?: string;
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
  let page: string | undefined;
  const commit = await commitReport(github, {
    branch: options.reportBranch,
    headline: headlineOf(context),
    async files(current) {
      const outcome = delivered.failures.length > 0 ? 'error' : context.outcome;
      const built = await buildRunReport({ ...context, outcome }, delivered, withoutOutdated(context, current));
      report = built;
      page = options.page ? await tryToBuildPage(context, built, { remote: current, most: MOST_COMMITTED }) : undefined;
      const { additions, deletions, tooLarge } = chooseFiles(built, page);
      if (tooLarge) runner.log.warn(TOO_LARGE);
      return { additions, deletions: [...deletions, ...(await findSuperseded(context, built, current))] };
    },
    withoutTime: (_, text) => withoutTime(text),
    isDerived: (path) => report !== undefined && path === pagePath(report),
  });
  const said = commit.state === 'failed' ? commit.why : `${commit.state} on ${commit.branch}`;
  runner.log.step(`Report commit: ${said}`);
  return { commit, report, page };
}

const TOO_LARGE =
  'The page is too large to be committed, so it is only in the folder that `artifact-path` names. Inspect fewer namespaces, or give each cluster its own `cluster-name`.';

/**
 * The files of the report with the page, before what may link it. A page that no commit can hold is left out, and the one of
 * an earlier run is removed: it would pass for this run's.
 */
export function chooseFiles(report: Report, page: string | undefined): FileChanges & { readonly tooLarge: boolean } {
  const files = filesOf(report);
  if (page === undefined) return { additions: files, deletions: [], tooLarge: false };
  const path = pagePath(report);
  if (!fitsCommit({ path, text: page })) return { additions: files, deletions: [path], tooLarge: true };
  return { additions: [{ path, text: page }, ...files], deletions: [], tooLarge: false };
}

/** What the branch holds once the reports beyond the option `retention` are removed from it. */
function withoutOutdated({ options, observation }: InspectionContext, current: ReportStore): ReportStore {
  const date = dateIn(options.timeZone, observation.at);
  return {
    read: current.read,
    async list(folder) {
      const paths = await current.list(folder);
      const outdated = new Set(outdatedReports(paths, options, date));
      return paths.filter((path) => !outdated.has(path));
    },
  };
}

/** Reports beyond the option `retention` with their pages and parts, and those that an earlier run of this date needed and this one not. */
async function findSuperseded(
  context: InspectionContext,
  report: Report,
  current: Pick<ReportStore, 'list'>,
): Promise<readonly string[]> {
  const { options } = context;
  const folder = reportFolder(options.reportDirectory, options.clusterName);
  const outdated = outdatedReports(await current.list(folder), options, report.date);
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
