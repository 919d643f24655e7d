import { count, formatChange, formatWindow, iconOf, joinSome } from '../text/format.ts';
import { code, escapeMarkdown, link } from '../text/markdown.ts';
import type { Change, Comparison } from './compare.ts';
import type { Urgency } from './container-view.ts';
import type { Context } from './context.ts';
import { sayCosts } from './costs.ts';

/** How many reasons stand at the top; the section on data quality has the others. */
export const REASONS = 10;

/** The title as plain text; it names the outcome. */
export function titleOf(context: Context): string {
  const { inspection, outcome, clusterName } = context.input;
  const icon = outcome === 'error' ? '❌' : iconOf(inspection.verdict);
  const cluster = clusterName === undefined ? [] : [clusterName];
  return [`${icon} Memory report`, ...cluster, context.date, outcome].join(' · ');
}

/** Title, what the run comes to, what was inspected and how, the totals and what changed. */
export function writeHeader(context: Context): string {
  const sections = [
    `# ${escapeMarkdown(titleOf(context))}`,
    ...writeAlerts(context),
    `**${headline(context)}**\\\n${describeInspected(context)}`,
    writeTotals(context),
    context.comparison === undefined ? undefined : writeComparison(context.comparison),
    sayCosts(context),
  ];
  return sections.filter((section) => section !== undefined).join('\n\n');
}

const UNDER_WAY =
  '⏳ **Not finished: pull requests and the report commit are still to come.** If this line stays, the run ended before them.';

/** What stands in the way of trusting the report. `text` and `reasons` are plain text. */
export interface Alert {
  readonly kind: 'CAUTION' | 'WARNING';
  readonly text: string;
  readonly reasons: readonly string[];
}

/** What of the run failed and what is missing, the worst first. */
export function listAlerts({ input }: Context): Alert[] {
  const { inspection, outcome, failures = [] } = input;
  const missing = inspection.notes.filter((note) => note.kind === 'incomplete').map((note) => note.text);
  const alerts: Alert[] = [];
  if (outcome === 'error' || failures.length > 0) {
    alerts.push({ kind: 'CAUTION', text: 'Part of the run failed.', reasons: failures });
  }
  if (outcome === 'incomplete' || missing.length > 0) {
    const text = 'Incomplete: what is missing counts as neither green nor red.';
    alerts.push({ kind: 'WARNING', text, reasons: missing });
  }
  return alerts;
}

/** The same before anything else of the report. */
function writeAlerts(context: Context): string[] {
  return [...(context.input.underWay === true ? [UNDER_WAY] : []), ...listAlerts(context).map(writeAlert)];
}

function writeAlert({ kind, text, reasons }: Alert): string {
  const shown = reasons.slice(0, REASONS).map((reason) => `> - ${escapeMarkdown(reason)}`);
  const more = reasons.length > REASONS ? [`> - and ${reasons.length - REASONS} more`] : [];
  return [`> [!${kind}]`, `> **${text}**`, ...(shown.length > 0 ? ['>'] : []), ...shown, ...more].join('\n');
}

/** One sentence that says what the run comes to. */
export function headline(context: Context): string {
  const { totals } = context.input.inspection;
  const counts = new Map<Urgency, number>();
  for (const { urgency } of context.views) counts.set(urgency, (counts.get(urgency) ?? 0) + 1);
  const words: readonly (readonly [Urgency, string, string])[] = [
    ['at limit', 'is about to be OOM-killed', 'are about to be OOM-killed'],
    ['killed', 'was OOM-killed', 'were OOM-killed'],
    ['heap', 'has a full JVM heap', 'have a full JVM heap'],
    ['at risk', 'is at risk', 'are at risk'],
    ['leak', 'leaks', 'leak'],
    ['attention', 'needs attention', 'need attention'],
  ];
  const clauses = words.flatMap(([urgency, one, many]) => {
    const number = counts.get(urgency) ?? 0;
    return number === 0 ? [] : [{ number, verb: number === 1 ? one : many }];
  });
  if (clauses.length > 0) {
    const [first, ...rest] = clauses.map(({ number, verb }, index) =>
      index === 0 ? `${count(number, 'container')} ${verb}` : `${number} ${verb}`,
    );
    return `${[first, ...rest].join(', ')}.`;
  }
  if (totals.total === 0) return 'Found no pods to inspect.';
  if (totals.unknown === totals.total) return 'Nothing is known about any pod yet.';
  if (totals.unknown > 0) return `No problem found, but nothing is known about ${count(totals.unknown, 'pod')} yet.`;
  return totals.total === 1 ? 'The only pod is healthy.' : `All ${totals.total} pods are healthy.`;
}

function describeInspected(context: Context): string {
  const { inspection, runUrl } = context.input;
  const parts = [
    ...listInspected(context),
    `as of ${context.calendar.full(inspection.at)} ${escapeMarkdown(context.input.timeZone)}`,
    ...(runUrl === undefined ? [] : [link(nameRun(runUrl), runUrl)]),
  ];
  return parts.join(' · ');
}

/** What was inspected and how, but for when: Markdown clauses. */
export function listInspected(context: Context): string[] {
  const { inspection } = context.input;
  const { access, namespaces, workloads, totals, queries } = inspection;
  const where = namespaces.length === 0 ? 'no namespace' : joinSome(namespaces.map(code), 10);
  const windows = context.windows;
  const through = access.through === undefined ? ` at ${code(access.url)}` : ` from ${code(access.through)}`;
  const parts = [
    `${count(workloads.length, 'workload')}, ${count(totals.total, 'pod')} in ${where}`,
    windows === undefined
      ? undefined
      : `last ${formatWindow(windows.window)}, peaks over ${formatWindow(windows.sizingWindow)}`,
    `Prometheus via ${code(access.way)}${through}`,
    count(queries, 'query', 'queries'),
  ];
  return parts.filter((part) => part !== undefined);
}

function nameRun(url: string): string {
  const id = /\/runs\/(\d+)/.exec(url)?.[1];
  return id === undefined ? 'run' : `run ${id}`;
}

function writeTotals(context: Context): string {
  const { totals } = context.input.inspection;
  const numbers = [totals.atRisk, totals.attention, totals.healthy, totals.unknown, totals.total];
  const row = (name: string, cells: readonly (string | number)[]) => `| ${name} | ${cells.join(' | ')} |`;
  const lines = [
    row('pods', ['🔴 at risk', '🟡 attention', '🟢 healthy', '⚪ unknown', 'total']),
    '|---|--:|--:|--:|--:|--:|',
    row('today', numbers),
  ];
  const before = context.comparison?.totals;
  if (before !== undefined) {
    const earlier = [before.atRisk, before.attention, before.healthy, before.unknown, before.total];
    const changes = numbers.map((number, index) => formatChange(number - (earlier[index] ?? 0)));
    lines.push(row(`since ${context.comparison?.since ?? ''}`, changes));
  }
  return lines.join('\n');
}

function writeComparison(comparison: Comparison): string {
  const parts = [
    ['New', comparison.added],
    ['Worse', comparison.worse],
    ['Better', comparison.better],
    ['Gone', comparison.gone],
    ['No longer known', comparison.lost],
  ] as const;
  const told = parts.filter(([, changes]) => changes.length > 0);
  if (told.length === 0) return `Nothing is new, worse, better or gone since ${comparison.since}.`;
  return told.map(([name, changes]) => `${name}: ${joinSome(changes.map(describeChange), 10)}`).join(' · ');
}

function describeChange({ label, from, to }: Change): string {
  const name = code(label);
  if (to === undefined) return `${name} ${from === undefined ? '' : iconOf(from)}, no longer there`;
  return `${name} ${from === undefined ? '' : `${iconOf(from)}→`}${iconOf(to)}`;
}
