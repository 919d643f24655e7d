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

/** What a page is made of and for. */
interface PageScope {
  /** The reports whose history it has where none are checked out. */
  readonly remote?: ReportStore;
  /** About how many bytes it may have. */
  readonly most?: number;
}

/** The page of this run; `undefined` where it cannot be made, which costs nothing but the page. */
export async function tryToBuildPage(
  context: InspectionContext,
  report: Report,
  { remote, most }: PageScope = {},
): Promise<string | undefined> {
  try {
    return await buildRunPage(context, report, { remote, most });
  } catch (thrown) {
    context.runner.log.warn(`The page could not be made: ${messageOf(thrown)}`);
    return undefined;
  }
}

async function buildRunPage(
  { options, workspace }: InspectionContext,
  report: Report,
  { remote, most }: PageScope,
): Promise<string> {
  const folder = reportFolder(options.reportDirectory, options.clusterName);
  const where = { folder, reportName: options.reportName, before: report.date };
  // Hundreds of reports, of which no text is needed twice.
  const here = await readHistory(checkedOutReports(workspace), where);
  const isHere = here.runs.length > 0 || remote === undefined;
  const history = isHere ? here : await readHistory(remote, { ...where, most: MOST_REMOTE });
  return buildPage(report.context, history, most);
}
