import { basename } from 'node:path';
import { reportDateOf } from '../report/report-files.ts';
import { parseReportJson } from '../report/report-json.ts';
import { type ReportStore, readStoredText } from '../report/stored-reports.ts';
import { byteLength, compareText } from '../text/format.ts';
import { letterOf } from './describe-row.ts';
import type { RunData } from './page-data.ts';
import { type EarlierUse, readUseOf } from './read-use.ts';

/** What the earlier reports of a repository tell, the oldest first. */
export interface PageHistory {
  readonly runs: readonly RunData[];
  /** About a week and about a month ago, as far as there are reports of then. */
  readonly use: readonly EarlierUse[];
  /** How many reports could not be read. */
  readonly passedOver: number;
  /** How many older ones were left out, because reading them would take too much. */
  readonly leftOut: number;
}

/** Which reports are read. */
export interface HistoryScope {
  readonly folder: string;
  /** With `{date}` in it. */
  readonly reportName: string;
  /** `YYYY-MM-DD`: only reports of earlier dates. */
  readonly before: string;
  /** The newest so many. */
  readonly most?: number;
  /** Of all reports together; default 200 MB. */
  readonly mostBytes?: number;
  /** Milliseconds after which no further one is read; default 60,000. */
  readonly patience?: number;
}

const MOST = 400;
const MOST_BYTES = 200_000_000;
const PATIENCE = 60_000;
const DAY = 86_400_000;
/** Days that lie about a week and about a month back, and how far off a report may be. */
const SPANS = [
  { days: 7, from: 4, to: 13 },
  { days: 30, from: 21, to: 45 },
] as const;
/** Reports that are tried for one span. */
const TRIES = 3;

/** Reads the earlier reports, the newest first, as many as a budget allows. What is broken or foreign is counted. */
export async function readHistory(store: ReportStore, scope: HistoryScope): Promise<PageHistory> {
  const { folder, reportName, before, most = MOST, patience = PATIENCE } = scope;
  // Some stores list paths, others names.
  const paths = (await store.list(folder))
    .map((path) => `${folder}/${basename(path)}`)
    .filter((path) => path.endsWith('.json') && (reportDateOf(path, reportName) ?? before) < before)
    .sort((a, b) => compareText(reportDateOf(b, reportName) ?? '', reportDateOf(a, reportName) ?? ''));
  const runs: RunData[] = [];
  const [started, chosen] = [Date.now(), paths.slice(0, most)];
  let [left, passedOver, read] = [scope.mostBytes ?? MOST_BYTES, 0, 0];
  for (const path of chosen) {
    if (left <= 0 || Date.now() - started > patience) break;
    read += 1;
    const text = await readHead(store, path);
    left -= byteLength(text ?? '');
    const run = text === undefined ? undefined : readRun(text, reportDateOf(path, reportName) ?? '');
    if (run === undefined) passedOver += 1;
    else runs.push(run);
  }
  const use = await readUse(store, scope, chosen.slice(0, read));
  return { runs: runs.reverse(), use, passedOver, leftOut: paths.length - read };
}

/** Of a report, in bytes: what stands before the workloads is seldom more than the first, hardly ever than the second. */
const HEADS = [4096, 131_072] as const;

/** What stands before the workloads, and perhaps more; `undefined` where it cannot be read. */
async function readHead(store: ReportStore, path: string): Promise<string | undefined> {
  try {
    for (const bytes of HEADS) {
      const start = await store.readStart?.(path, bytes);
      if (start === undefined) break;
      if (start.includes(WORKLOADS)) return start;
    }
    return (await readStoredText(store, path)).text;
  } catch {
    return undefined;
  }
}

const WORKLOADS = '\n"workloads": [';

/** The head of a report. Its workloads are cut off where this version wrote them: their check would take most of the time. */
function readRun(text: string, date: string): RunData | undefined {
  const workloads = text.indexOf(WORKLOADS);
  const head = workloads < 0 ? text : `${text.slice(0, workloads)}\n"workloads": []}`;
  const parsed = parseReportJson(head);
  if (!parsed.ok || parsed.report.date !== date) return undefined;
  const { total, healthy, attention, atRisk, unknown } = parsed.report.totals;
  const counts = [total, healthy, attention, atRisk, unknown];
  if (counts.some((count) => !Number.isSafeInteger(count) || count < 0)) return undefined;
  return { date, level: letterOf(parsed.report.verdict), total, healthy, attention, atRisk, unknown };
}

/** The use of about a week and about a month ago: from the report nearest to it that can be read. */
async function readUse(store: ReportStore, scope: HistoryScope, paths: readonly string[]): Promise<EarlierUse[]> {
  const ages = paths.map((path) => ({
    path,
    days: daysBetween(reportDateOf(path, scope.reportName) ?? '', scope.before),
  }));
  const found: EarlierUse[] = [];
  for (const { days, from, to } of SPANS) {
    const near = ages
      .filter((one) => one.days >= from && one.days <= to)
      .sort((a, b) => Math.abs(a.days - days) - Math.abs(b.days - days));
    const use = await readFirst(
      store,
      scope.folder,
      near.slice(0, TRIES).map(({ path }) => path),
    );
    if (use !== undefined) found.push(use);
  }
  return found;
}

async function readFirst(
  store: ReportStore,
  folder: string,
  paths: readonly string[],
): Promise<EarlierUse | undefined> {
  for (const path of paths) {
    try {
      const use = await readUseOf(store, folder, basename(path));
      if (use !== undefined) return use;
    } catch {
      // The next one may do: what moved is not worth the run.
    }
  }
  return undefined;
}

/** Whole days between two dates (`YYYY-MM-DD`). */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}
