import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { formatBytes } from '../bytes.ts';
import type { Level } from '../model/level.ts';
import { type ContainerView, highestPod, type PodContainerView, usedNow } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { sayCosts } from '../report/costs.ts';
import { listProblems, sayFinding } from '../report/explain.ts';
import { headline, listAlerts } from '../report/header.ts';
import { drawCourse } from '../report/problem-pods.ts';
import { isItem } from '../report/what-to-do.ts';
import { capitalize, count, endSentence, formatGrowth, formatPercent, formatWindow, joinSome } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { toPlain } from '../text/phrase.ts';
import { sayCostOf } from '../words/cost.ts';
import { sayValues } from '../words/suggestion.ts';
import { nameProblems } from '../words/words.ts';
import type { Colours } from './screen.ts';

/** How an overview is drawn. */
export interface Drawing {
  readonly colours: Colours;
  /** The width of the terminal in cells. */
  readonly columns: number;
  /** Whether rows that are green are drawn too. */
  readonly all: boolean;
}

/** What is told in full; the others have a row. */
const IN_FULL = 10;
const MOST_ROWS = 200;

/** What a run found, for a terminal: the verdict, what to do first, a row a container. Ends with a new line. */
export function drawOverview(context: Context, drawing: Drawing): string {
  const sections = [
    drawVerdict(context, drawing),
    ...drawAlerts(context, drawing),
    ...drawWhatToDo(context, drawing),
    ...drawRows(context, drawing),
  ];
  return `${sections.join('\n\n')}\n`;
}

function drawVerdict(context: Context, { colours, columns }: Drawing): string {
  const { inspection } = context.input;
  const { namespaces, workloads, totals } = inspection;
  const parts = [
    `${count(workloads.length, 'workload')}, ${count(totals.total, 'pod')} in ${joinSome(namespaces.map(plain), 5) || 'no namespace'}`,
    ...(context.windows === undefined ? [] : [`last ${formatWindow(context.windows.window)}`]),
    `as of ${context.calendar.full(inspection.at)} ${plain(context.input.timeZone)}`,
  ];
  const { verdict } = inspection;
  const costs = sayCosts(context);
  return [
    wrap(`${paint(verdict, colours, verdict.toUpperCase())}  ${colours.bold(headline(context))}`, columns, ''),
    wrap(colours.dim(parts.join(' · ')), columns, ''),
    ...(costs === undefined ? [] : [wrap(costs, columns, '')]),
  ].join('\n');
}

function drawAlerts(context: Context, { colours, columns }: Drawing): string[] {
  return listAlerts(context).map(({ text, reasons }) =>
    [
      colours.yellow(`! ${text}`),
      ...reasons.slice(0, 10).map((reason) => wrap(`  ${plain(reason)}`, columns, '  ')),
    ].join('\n'),
  );
}

function drawWhatToDo(context: Context, drawing: Drawing): string[] {
  const items = context.views.filter(isItem);
  if (items.length === 0) return [];
  const shown = items.slice(0, IN_FULL).map((view, index) => drawItem(view, index + 1, context, drawing));
  const more = items.length > IN_FULL ? [`${items.length - IN_FULL} more have a row below.`] : [];
  return [[drawing.colours.bold('What to do'), ...shown, ...more].join('\n')];
}

function drawItem(view: ContainerView, number: number, context: Context, { colours, columns }: Drawing): string {
  const [first, ...others] = listProblems(view);
  const told = [first, ...others.filter((check) => check !== 'sizing')];
  const clauses = told.flatMap((check) => (check === undefined ? [] : [toPlain(sayFinding(view, check, context))]));
  const lead = `${number}. ${colours.bold(plain(view.label))} ${plain(clauses[0] ?? 'needs attention')}`;
  const indent = ' '.repeat(`${number}. `.length);
  const lines = [
    ...clauses.slice(1).map((clause) => `It also ${plain(clause)}`),
    ...drawChange(view, context, colours),
  ].map((line) => wrap(`${indent}${endSentence(line)}`, columns, indent));
  return [wrap(paintLead(view.level, colours, endSentence(lead)), columns, indent), ...lines].join('\n');
}

function paintLead(level: Level, colours: Colours, lead: string): string {
  const end = lead.indexOf(' ');
  return `${paint(level, colours, lead.slice(0, end))}${lead.slice(end)}`;
}

/** The new values, and where they belong. */
function drawChange({ container, key }: ContainerView, { input, locations }: Context, colours: Colours): string[] {
  const { suggestion, withheld } = container;
  if (suggestion === undefined) return withheld === undefined ? [] : [`Not proposed: ${plain(withheld.why)}`];
  const location = locations.get(key);
  const place =
    location === undefined
      ? undefined
      : location.state === 'located'
        ? `${plain(location.path)}:${location.line}`
        : `change it by hand, ${plain(location.why)}`;
  const cost = sayCostOf(suggestion.reserves, input.price);
  const parts = [
    colours.green(capitalize(sayValues(suggestion))),
    place,
    cost,
    `${suggestion.confidence.level} confidence`,
  ];
  return [parts.filter((part) => part !== undefined).join(' · ')];
}

/** Cells of a row but for the name and what is wrong. */
const CELLS = { level: 8, used: 17, percent: 9, course: 9, growth: 7 } as const;
const LEAST_NAME = 24;
const LEAST_WRONG = 24;

function drawRows(context: Context, drawing: Drawing): string[] {
  const views = context.views.filter(({ level }) => drawing.all || level !== 'green');
  if (views.length === 0) return [];
  // And the blank before the course.
  const fixed = Object.values(CELLS).reduce((sum, width) => sum + width, 1);
  const room = drawing.columns - fixed;
  const longest = Math.max(LEAST_NAME, ...views.slice(0, MOST_ROWS).map((view) => stringWidth(plain(view.label)) + 2));
  // Where both do not fit beside each other, what is wrong gets a line of its own.
  const isBeside = room - longest >= LEAST_WRONG;
  const name = isBeside ? longest : Math.max(LEAST_NAME, Math.min(room, longest));
  const head = [
    padEnd('level', CELLS.level),
    padEnd('container', name),
    padStart('used / limit', CELLS.used),
    padStart('of limit', CELLS.percent),
    ` ${padEnd(context.windows === undefined ? 'course' : formatWindow(context.windows.window), CELLS.course)}`,
    padStart('growth', CELLS.growth),
    ...(isBeside ? ['  what is wrong'] : []),
  ].join('');
  const rows = views.slice(0, MOST_ROWS).map((view) => drawRow(view, name, isBeside, drawing));
  const more =
    views.length > MOST_ROWS ? [`${views.length - MOST_ROWS} more: the report and the page list them all.`] : [];
  return [[drawing.colours.dim(head.trimEnd()), ...rows, ...more].join('\n')];
}

function drawRow(view: ContainerView, name: number, isBeside: boolean, { colours, columns }: Drawing): string {
  const highest = highestPod(view);
  const percent = highest?.facts.usage?.percent;
  const growth = highest?.facts.trend?.growth;
  const cells = [
    paint(view.level, colours, padEnd(view.level, CELLS.level)),
    padEnd(plain(view.label), name),
    padStart(highest === undefined ? '–' : usedOfLimit(highest), CELLS.used),
    padStart(percent === undefined ? '–' : formatPercent(percent), CELLS.percent),
    ` ${padEnd(highest === undefined ? '' : drawCourse(highest), CELLS.course)}`,
    padStart(growth === undefined ? '–' : formatGrowth(growth), CELLS.growth),
  ].join('');
  const wrong = view.ignored === undefined ? nameProblems(view.findings).join('; ') : `ignored: ${view.ignored.reason}`;
  if (wrong === '') return cells.trimEnd();
  if (isBeside) return `${cells}  ${cut(plain(wrong), columns - stringWidth(cells) - 2)}`;
  const indent = ' '.repeat(CELLS.level);
  return `${cells.trimEnd()}\n${colours.dim(wrap(`${indent}${plain(wrong)}`, columns, indent))}`;
}

function usedOfLimit(pod: PodContainerView): string {
  const used = usedNow(pod);
  const { limit } = pod.container.observation;
  const limitText = limit.state === 'set' ? formatBytes(limit.bytes) : limit.state === 'absent' ? 'none' : '?';
  return `${used === undefined ? '?' : formatBytes(used)} / ${limitText}`;
}

function paint(level: Level, colours: Colours, text: string): string {
  if (level === 'red') return colours.bold(colours.red(text));
  if (level === 'yellow') return colours.yellow(text);
  return level === 'green' ? colours.green(text) : colours.dim(text);
}

/** What comes from elsewhere, on one line and without what a terminal would obey. */
function plain(text: string): string {
  return toSingleLine(text, 400).replaceAll('`', '');
}

/** Padded to a width, or cut in the middle, where names differ least, so that a blank stands at the end. */
function padEnd(text: string, width: number): string {
  const short = cut(text, width - 1);
  return short + ' '.repeat(Math.max(0, width - stringWidth(short)));
}

function padStart(text: string, width: number): string {
  const short = cut(text, width - 1);
  return ' '.repeat(Math.max(0, width - stringWidth(short))) + short;
}

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const characters = Array.from(text);
  const half = Math.max(1, Math.floor((width - 1) / 2));
  const start = take(characters, half);
  const end = take(characters.toReversed(), width - 1 - stringWidth(start.join(''))).toReversed();
  return `${start.join('')}…${end.join('')}`;
}

/** As many of the characters as fit into so many cells. */
function take(characters: readonly string[], cells: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += stringWidth(character);
    if (used > cells) break;
    taken.push(character);
  }
  return taken;
}

function wrap(text: string, columns: number, indent: string): string {
  const lines = wrapAnsi(text, columns - indent.length, { hard: true, trim: false }).split('\n');
  return lines.map((line, index) => (index === 0 ? line : `${indent}${line.trimStart()}`).trimEnd()).join('\n');
}
