import { CHECKS } from '../model/finding.ts';
import { writeDataQuality } from '../report/closing.ts';
import type { Context } from '../report/context.ts';
import { sayCosts } from '../report/costs.ts';
import { listProblems, sayFinding } from '../report/explain.ts';
import { headline, listAlerts, listInspected, titleOf } from '../report/header.ts';
import { isItem } from '../report/what-to-do.ts';
import { formatWindow } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { describeFollowed, describeMoves, describeRuns, describeScore } from './describe-history.ts';
import { letterOf, nameOf } from './describe-row.ts';
import type { PageHistory } from './history.ts';
import { inlineOf, isWeb, readInline } from './inline.ts';
import type { MomentData, PageData, Sentence, TotalsData } from './page-data.ts';

const MOST_TODO = 200;
const MOST_REASONS = 50;

/** Everything of the page but its rows. */
export function describePage(context: Context, history: PageHistory): PageData {
  const { inspection, price } = context.input;
  const items = context.views.filter(isItem);
  const costs = sayCosts(context);
  return {
    title: toSingleLine(titleOf(context)),
    headline: toSingleLine(headline(context)),
    date: context.date,
    checks: CHECKS,
    inspected: [
      ...listInspected(context).map(readInline),
      ...(costs === undefined ? [] : [[costs.replace(/\.$/, '')]]),
    ],
    alerts: listAlerts(context).map(({ kind, text, reasons }) => ({
      kind: kind === 'CAUTION' ? 'error' : 'warning',
      text,
      reasons: reasons.slice(0, MOST_REASONS).map((reason) => toSingleLine(reason)),
    })),
    totals: countsOf(inspection.totals),
    ...(context.comparison === undefined
      ? {}
      : { since: { date: context.comparison.since, totals: countsOf(context.comparison.totals) } }),
    todo: items.slice(0, MOST_TODO).map((view) => ({
      key: keyOf(view.ref, view.container.name),
      level: letterOf(view.level),
      text: [{ b: nameOf(view.label) }, ' ', ...sayFirst(context, view)],
    })),
    todoCount: items.length,
    ...(context.windows === undefined
      ? {}
      : { windows: [formatWindow(context.windows.window), formatWindow(context.windows.slowWindow)] as const }),
    ...(price?.currency === undefined ? {} : { currency: price.currency }),
    quality: listQuality(context),
    runs: describeRuns(context, history),
    moves: describeMoves(context, history),
    followed: describeFollowed(context),
    score: describeScore(context),
    leftOut: describeUnread(history),
  };
}

/** When and by which run: what is another in every run. */
export function describeMoment({ input, calendar }: Context): MomentData {
  const { runUrl } = input;
  return {
    asOf: `${calendar.full(input.inspection.at)} ${toSingleLine(input.timeZone)}`,
    ...(runUrl !== undefined && isWeb(runUrl) ? { runUrl } : {}),
  };
}

/** What names a row on the page and in its address: the same as the script makes of a row. */
function keyOf(
  ref: { readonly namespace: string; readonly kind: string; readonly name: string },
  container: string,
): string {
  return [ref.namespace, ref.kind, ref.name, container].map(nameOf).join('/');
}

function sayFirst(context: Context, view: Context['views'][number]): Sentence {
  const [first] = listProblems(view);
  return first === undefined ? ['needs attention'] : inlineOf(sayFinding(view, first, context));
}

function listQuality(context: Context): Sentence[] {
  const lines = writeDataQuality(context).split('\n');
  return lines.flatMap((line) => (line.startsWith('- ') ? [readInline(line.slice('- '.length))] : []));
}

function describeUnread({ passedOver, leftOut }: PageHistory): string[] {
  return [
    ...(passedOver === 0 ? [] : [`Earlier reports that could not be read: ${passedOver}.`]),
    ...(leftOut === 0 ? [] : [`Older reports that were not read, to save time: ${leftOut}.`]),
  ];
}

function countsOf({ total, healthy, attention, atRisk, unknown }: TotalsData): TotalsData {
  return { total, healthy, attention, atRisk, unknown };
}
