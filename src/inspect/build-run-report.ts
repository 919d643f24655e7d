import { basename } from 'node:path';
import { formatMegabytes, MIB } from '../bytes.ts';
import type { RunEnvironment } from '../environment.ts';
import { FileTooLarge } from '../errors.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { Location } from '../model/location.ts';
import { buildReport, reportFolder } from '../report/build-report.ts';
import { parseIndex } from '../report/index-page.ts';
import type { Report, ReportInput } from '../report/input.ts';
import { newestBefore } from '../report/report-files.ts';
import { parseReportJson, parseReportPart, type ReportJson } from '../report/report-json.ts';
import { byteLength, dateIn } from '../text/format.ts';
import type { InspectionContext } from './context.ts';

/** Where earlier reports are read from: the workspace, or a branch at one commit. */
export interface ReportStore {
  list(folder: string): Promise<readonly string[]>;
  /** Throws `FileTooLarge` for a file of more than `mostBytes`. */
  read(path: string, mostBytes: number): Promise<string | undefined>;
}

/** What the delivery adds to a report. */
export interface Delivered {
  readonly locations: readonly Location[];
  readonly pullRequests: readonly PullRequestResult[];
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
  const index = await readEarlier(store, `${folder}/README.md`);
  const files = (await store.list(folder)).map((path) => basename(path));
  const input: ReportInput = {
    inspection,
    outcome,
    thresholds: options.thresholds,
    timeZone: options.timeZone,
    reportDirectory: options.reportDirectory,
    reportName: options.reportName,
    clusterName: options.clusterName,
    windows: observation.windows,
    history: index.text === undefined ? [] : parseIndex(index.text),
    kept: new Set(files),
    runUrl: observation.runUrl,
    repositoryUrl: blobUrlOf(environment),
    deliveries: delivered.pullRequests,
    locations: delivered.locations,
    owners: options.owners,
    failures: delivered.failures,
    underWay: delivered.underWay,
  };
  const date = dateIn(options.timeZone, inspection.at);
  const { previous, previousIgnored } = await findPrevious(store, folder, files, {
    reportName: options.reportName,
    date,
  });
  const ignored = [index.ignored, previousIgnored].filter((why) => why !== undefined).join('; ');
  return buildReport({ ...input, previous, previousIgnored: ignored === '' ? undefined : ignored });
}

/** Ten times what the report of 10,000 pods takes; anybody may have put more there. */
const LARGEST_EARLIER = 25 * MIB;

async function readEarlier(
  store: ReportStore,
  path: string,
  mostBytes = LARGEST_EARLIER,
): Promise<{ readonly text?: string; readonly ignored?: string }> {
  try {
    return { text: await store.read(path, mostBytes) };
  } catch (thrown) {
    if (!(thrown instanceof FileTooLarge)) throw thrown;
    return { ignored: `${basename(path)}: it is larger than ${formatMegabytes(LARGEST_EARLIER)}` };
  }
}

type Earlier = Pick<ReportInput, 'previous' | 'previousIgnored'>;

async function findPrevious(
  store: ReportStore,
  folder: string,
  files: readonly string[],
  { reportName, date }: { readonly reportName: string; readonly date: string },
): Promise<Earlier> {
  const newest = newestBefore(files, reportName, date);
  if (newest === undefined) return {};
  const { text, ignored } = await readEarlier(store, `${folder}/${newest}`);
  if (text === undefined) return { previousIgnored: ignored };
  const parsed = parseReportJson(text);
  if (!parsed.ok) return { previousIgnored: `${newest}: ${parsed.why}` };
  return addParts(store, folder, parsed.report);
}

/** The report with the workloads of its parts; without one of them, what it holds would pass for new. */
async function addParts(store: ReportStore, folder: string, report: ReportJson): Promise<Earlier> {
  const workloads = [...report.workloads];
  let left = LARGEST_EARLIER;
  for (const part of report.parts ?? []) {
    const { text, ignored } = await readEarlier(store, `${folder}/${part}`, left);
    if (text === undefined) return { previousIgnored: ignored ?? `${part}: it is missing` };
    const parsed = parseReportPart(text);
    if (!parsed.ok) return { previousIgnored: `${part}: ${parsed.why}` };
    for (const workload of parsed.workloads) workloads.push(workload);
    left -= byteLength(text);
  }
  return { previous: { ...report, workloads } };
}

function blobUrlOf({ github }: RunEnvironment): string | undefined {
  return github.repositoryUrl && github.commit && `${github.repositoryUrl}/blob/${github.commit}/`;
}
