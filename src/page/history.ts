import type { ReportStore } from '../report/stored-reports.ts';

/** What the earlier reports of a repository tell, the oldest first. */
export interface PageHistory {
  readonly runs: readonly never[];
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
}

/** Reads the earlier reports, the newest first, as many as a budget allows. */
export async function readHistory(_store: ReportStore, _scope: HistoryScope): Promise<PageHistory> {
  return { runs: [] };
}
