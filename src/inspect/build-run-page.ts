import { messageOf } from '../errors.ts';
import { buildPage } from '../page/build-page.ts';
import { readHistory } from '../page/history.ts';
import { reportFolder } from '../report/build-report.ts';
import type { Report } from '../report/input.ts';
import type { ReportStore } from '../report/stored-reports.ts';
import type { InspectionContext } from './context.ts';
import { checkedOutReports } from './publish.ts';

/** Earlier reports that are read one by one over the network. */
const MOST_REMOTE = 60;

/** GitHub takes no file in a commit that is above some megabytes in base64; this leaves room for that. */
export const MOST_COMMITTED = 2_900_000;

/**
 * The page of this run, with the history of the checked-out reports or, where there are none, of those in `remote`; of at
 * most about `most` bytes, where that is given. `undefined` where it cannot be made, which costs nothing but the page.
 */
export async function tryToBuildPage(
  context: InspectionContext,
  report: Report,
  remote: ReportStore,
  most?: number,
): Promise<string | undefined> {
  try {
    return await buildRunPage(context, report, remote, most);
  } catch (thrown) {
    context.runner.log.warn(`The page could not be made: ${messageOf(thrown)}`);
    return undefined;
  }
}

async function buildRunPage(
  { options, workspace }: InspectionContext,
  report: Report,
  remote: ReportStore,
  most?: number,
): Promise<string> {
  const folder = reportFolder(options.reportDirectory, options.clusterName);
  const where = { folder, reportName: options.reportName, before: report.date };
  // Hundreds of reports, of which no text is needed twice.
  const here = await readHistory(checkedOutReports(workspace), where);
  const history = here.runs.length > 0 ? here : await readHistory(remote, { ...where, most: MOST_REMOTE });
  return buildPage(report.context, history, most);
}
