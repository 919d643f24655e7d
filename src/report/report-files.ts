import { basename } from 'node:path';
import { compareText } from '../text/format.ts';
import type { Page, Report } from './input.ts';

/** Every file of a report, each after those that it links: parts, the JSON, the main page, the index. */
export function filesOf({ pages, json, jsonParts, index }: Report): readonly Page[] {
  const [main, ...others] = pages;
  return [...others, ...jsonParts, json, ...(main === undefined ? [] : [main]), index];
}

/** The date in the name of a report's file; `undefined` for a file that is none. */
export function reportDateOf(path: string, reportName: string): string | undefined {
  const [before = '', after = ''] = reportName.split('{date}');
  const name = basename(path).replace(/\.(md|json)$/, '');
  if (name === basename(path) || !name.startsWith(before) || !name.endsWith(after)) return undefined;
  return /^\d{4}-\d{2}-\d{2}$/.exec(name.slice(before.length, name.length - after.length))?.[0];
}

/** The JSON of the newest report among `paths` from before `date` (`YYYY-MM-DD`): what a report of that date is compared with. */
export function newestBefore(paths: readonly string[], reportName: string, date: string): string | undefined {
  const dateOf = (path: string) => reportDateOf(path, reportName) ?? date;
  const earlier = paths.filter((path) => path.endsWith('.json') && dateOf(path) < date);
  return earlier.toSorted((a, b) => compareText(dateOf(a), dateOf(b))).at(-1);
}

/**
 * Those of `paths` that are reports from before `retention` (seconds; none is outdated without), counted back from `date`
 * (`YYYY-MM-DD`, in the time zone of the reports), but for the one that the report of `date` is compared with.
 */
export function outdatedReports(
  paths: readonly string[],
  options: { readonly retention?: number; readonly reportName: string },
  date: string,
): readonly string[] {
  const { retention, reportName } = options;
  if (retention === undefined) return [];
  const oldest = new Date(Date.parse(date) - retention * 1000).toISOString().slice(0, 10);
  const compared = reportDateOf(newestBefore(paths, reportName, date) ?? '', reportName);
  return paths.filter((path) => {
    const day = reportDateOf(path, reportName);
    return day !== undefined && day < oldest && day !== compared;
  });
}

/** A report's text without what changes from run to run though nothing was found anew: times, the run, the commit looked at. */
export function withoutTime(text: string): string {
  return text
    .replace(/ · as of \d{4}-\d{2}-\d{2}[^·\n]*?(?= ·|\n|$)/g, '')
    .replace(/ · \[run[^\][\n]*\]\([^()\n]*\)/g, '')
    .replace(/"at": ?"[^"\n]*"/g, '"at":""')
    .replace(/\/blob\/[0-9a-f]{40}\//g, '/blob/base/');
}
