import type { WeighedChange } from '../model/gate.ts';
import { isProblem } from '../model/level.ts';
import { byteLength, type Calendar, calendarOf, count } from '../text/format.ts';
import { link } from '../text/markdown.ts';
import { type Phrase, toMarkdown, toPlain } from '../text/phrase.ts';
import { writeGateAnnotations } from './annotations.ts';
import { sayCost, writeNotes, writeNotJudged, writeShared, writeSource } from './closing.ts';
import { writeFindings, writeRemarks } from './findings.ts';
import type { GateReport, GateReportInput } from './gate-report.ts';
import { changesNothing, levelOf, sayGate, sayVerdict } from './headline.ts';
import { type GateRow, listRows } from './rows.ts';
import { type TableSize, writeLine, writeTable } from './table.ts';

/** GitHub takes 1 MiB; other steps may have written some. */
const SUMMARY_BYTES = 1_000_000;
/** GitHub takes 65,536; whoever delivers it adds a mark. */
const COMMENT_LETTERS = 60_000;

interface Size extends TableSize {
  /** Of everything else that is listed. */
  readonly items: number;
}

/** From all that is wanted down to what always fits. */
const SUMMARIES: readonly Size[] = [
  { rows: 50, applications: 10, items: 50 },
  { rows: 20, applications: 3, items: 20 },
  { rows: 5, applications: 1, items: 5 },
];
const COMMENTS: readonly Size[] = [
  { rows: 20, applications: 3, items: 10 },
  { rows: 10, applications: 2, items: 5 },
  { rows: 5, applications: 1, items: 2 },
  { rows: 1, applications: 1, items: 1 },
];

/** Rows of a green comment that are told in a line. */
const MOST_LINES = 3;

/** Everything that is written about what a pull request does to memory. */
export function buildGateReport(input: GateReportInput): GateReport {
  const rows = listRows(input);
  const verdict = sayVerdict(input, rows);
  const text: Text = { input, rows, verdict, calendar: calendarOf(input.timeZone) };
  return {
    headline: toPlain(verdict),
    summary: fitText(
      SUMMARIES,
      (size) => writeSummary(text, size),
      (one) => byteLength(one) <= SUMMARY_BYTES,
    ),
    comment: writeComment(text),
    annotations: writeGateAnnotations(input, rows),
  };
}

interface Text {
  readonly input: GateReportInput;
  readonly rows: readonly GateRow[];
  readonly verdict: Phrase;
  readonly calendar: Calendar;
}

/** The first that fits; the last one always does. */
function fitText(sizes: readonly Size[], write: (size: Size) => string, fits: (text: string) => boolean): string {
  let text = '';
  for (const size of sizes) {
    text = write(size);
    if (fits(text)) break;
  }
  return text;
}

function writeSummary({ input, rows, verdict, calendar }: Text, size: Size): string {
  const { verdict: told, repositoryUrl, gateWindow, timeZone } = input;
  const cost = sayCost(told.cost, input.price);
  return [
    `## ${toMarkdown(verdict)}`,
    ...(rows.length > 0 ? [writeTable(rows, gateWindow, size, '')] : []),
    ...under('What to do', writeFindings(rows, ['red', 'yellow'], size, repositoryUrl)),
    ...under('What is not known', writeFindings(rows, ['unknown'], size, repositoryUrl)),
    ...under('Worth knowing', writeRemarks(rows, size, repositoryUrl)),
    ...under('Not judged', writeNotJudged(told, size.items)),
    ...under('One file, several environments', writeShared(told.changes, size)),
    ...under('What it costs', rows.length > 0 && cost !== undefined ? [cost] : []),
    ...under('Where this comes from', [...writeSource(told, calendar, timeZone), ...writeNotes(told, size.items)]),
  ].join('\n\n');
}

function under(title: string, parts: readonly string[]): string[] {
  return parts.length === 0 ? [] : [`### ${title}`, ...parts];
}

function writeComment(text: Text): string {
  const { input } = text;
  if (changesNothing(input))
    return `🟢 ${toMarkdown(sayGate(input))}: nothing in this pull request changes memory any more.`;
  if (levelOf(input) === 'green') return writeGreenComment(text);
  return fitText(
    COMMENTS,
    (size) => writeFullComment(text, size),
    (one) => one.length <= COMMENT_LETTERS,
  );
}

function writeFullComment(text: Text, size: Size): string {
  const { input, rows, verdict } = text;
  const { verdict: told, gateWindow, repositoryUrl } = input;
  const titled = (title: string, parts: readonly string[]) => parts.map((part) => `**${title}**\n\n${part}`);
  return [
    `### ${toMarkdown(verdict)}`,
    ...(rows.length > 0 ? [writeTable(rows, gateWindow, size, '; the job summary has more')] : []),
    ...writeFindings(rows, ['red', 'yellow', 'unknown'], size, repositoryUrl),
    ...titled('Not judged', writeNotJudged(told, size.items)),
    ...titled('One file, several environments', writeShared(beyondOneRow(rows), size)),
    writeFooter(text),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What something is wrong with, and what shares its file, where more than one row tells of it. */
function beyondOneRow(rows: readonly GateRow[]): readonly WeighedChange[] {
  return rows.length > 1 && rows.some(({ level }) => isProblem(level)) ? rows.flatMap(({ changes }) => changes) : [];
}

function writeGreenComment(text: Text): string {
  const { input, rows, verdict } = text;
  const lines = rows.slice(0, MOST_LINES).map((row) => writeLine(row, input.gateWindow));
  const left = rows.length - lines.length;
  const more = left > 0 ? [`and ${count(left, 'more container')}`] : [];
  return [`### ${toMarkdown(verdict)}`, [...lines, ...more].join(' · '), writeFooter(text)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Cost, where it comes from and where there is more. */
function writeFooter({ input, rows, calendar }: Text): string {
  const { verdict, timeZone, runUrl } = input;
  const cost = rows.length > 0 ? sayCost(verdict.cost, input.price) : undefined;
  const run = runUrl === undefined ? [] : [link('Job summary', runUrl)];
  return [...(cost === undefined ? [] : [cost]), ...writeSource(verdict, calendar, timeZone), ...run].join(' ');
}
