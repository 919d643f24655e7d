import { basename } from 'node:path';
import { branchFolder, isSlug } from '../deliver/branch-names.ts';
import type { RunEnvironment } from '../environment.ts';
import { countDelivered } from '../follow-up/count-delivered.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { FollowUps } from '../model/follow-up.ts';
import type { Location } from '../model/location.ts';
import type { MonitorLocation } from '../model/monitor-location.ts';
import { buildReport, reportFolder } from '../report/build-report.ts';
import { parseIndex } from '../report/index-page.ts';
import type { Report, ReportInput } from '../report/input.ts';
import { newestBefore } from '../report/report-files.ts';
import { parseScorecard } from '../report/scorecard.ts';
import { type ReportStore, readStoredReport, readStoredText } from '../report/stored-reports.ts';
import { dateIn } from '../text/format.ts';
import type { InspectionContext } from './context.ts';

/** What the delivery adds to a report. */
export interface Delivered {
  readonly locations: readonly Location[];
  readonly pullRequests: readonly PullRequestResult[];
  /** Where what mends the metrics of JVMs belongs; absent where that is not proposed. */
  readonly monitors?: readonly MonitorLocation[];
  /** Plain-text sentences about what could not be delivered. */
  readonly failures: readonly string[];
  /** Whether more is to come. */
  readonly underWay?: boolean;
}

export const NOTHING_DELIVERED: Delivered = { locations: [], pullRequests: [], failures: [] };
export const STILL_DELIVERING: Delivered = { ...NOTHING_DELIVERED, underWay: true };

/** The report of this run as it continues the reports in `store`. */
export async function buildRunReport(
  context: InspectionContext,
  delivered: Delivered,
  store: ReportStore,
): Promise<Report> {
  const { options, inspection, outcome, observation, environment } = context;
  const folder = reportFolder(options.reportDirectory, options.clusterName);
  const index = await readStoredText(store, `${folder}/README.md`);
  const files = (await store.list(folder)).map((path) => basename(path));
  const input: ReportInput = {
    inspection,
    outcome,
    thresholds: options.thresholds,
    timeZone: options.timeZone,
    reportDirectory: options.reportDirectory,
    reportName: options.reportName,
    failOn: options.failOn,
    clusterName: options.clusterName,
    windows: observation.windows,
    history: index.text === undefined ? [] : parseIndex(index.text),
    kept: new Set(files),
    runUrl: observation.runUrl,
    repositoryUrl: blobUrlOf(environment),
    deliveries: delivered.pullRequests,
    locations: delivered.locations,
    owners: options.owners,
    followUps: withDelivered(context, delivered.pullRequests),
    lastScorecard: index.text === undefined ? undefined : parseScorecard(index.text),
    jvmMetrics: context.jvmMetrics,
    price: options.pricePerGibMonth,
    monitors: delivered.monitors,
    failures: delivered.failures,
    underWay: delivered.underWay,
  };
  const date = dateIn(options.timeZone, inspection.at);
  const newest = newestBefore(files, options.reportName, date);
  const previous = newest === undefined ? {} : await readStoredReport(store, folder, newest);
  const ignored = [index.ignored, previous.ignored].filter((why) => why !== undefined).join('; ');
  return buildReport({ ...input, previous: previous.report, previousIgnored: ignored === '' ? undefined : ignored });
}

/** With the pull requests about memory that this run has opened and closed: the scorecard counts no others. */
function withDelivered(
  { followUps, known, options }: InspectionContext,
  delivered: Delivered['pullRequests'],
): FollowUps {
  const { scorecard } = followUps;
  if (scorecard === undefined) return followUps;
  const { pullRequestBranchPrefix: branchPrefix, clusterName, timeZone } = options;
  const folder = branchFolder({ branchPrefix, clusterName });
  const results = delivered.filter(({ branch }) => branch.startsWith(folder) && isSlug(branch.slice(folder.length)));
  const monthOf = (time: number) => dateIn(timeZone, time).slice(0, 7);
  return { ...followUps, scorecard: countDelivered(scorecard, { results, before: known.suggested, monthOf }) };
}

function blobUrlOf({ github }: RunEnvironment): string | undefined {
  return github.repositoryUrl && github.commit && `${github.repositoryUrl}/blob/${github.commit}/`;
}
