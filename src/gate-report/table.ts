import { formatBytes } from '../bytes.ts';
import type { ContainerChange, ValueChange } from '../model/gate.ts';
import { bytesOf } from '../model/workload.ts';
import { count, formatSetting, iconOf, joinSome } from '../text/format.ts';
import { code, escapeMarkdown, escapeTableCell, toSingleLine } from '../text/markdown.ts';
import { nameGateFact, sayHeapChange } from '../words/gate-names.ts';
import { type GateRow, isValueTouched, nameOf } from './rows.ts';

/** Findings that a row names; the others are in the sentences below it. */
const MOST_NAMED = 3;
/** Letters of what stands in place of a quantity. */
const LONGEST_WRITTEN = 40;

export interface TableSize {
  readonly rows: number;
  /** Applications that a row names. */
  readonly applications: number;
}

/** A row for each container, the worst first; `window` in days. */
export function writeTable(rows: readonly GateRow[], window: number, size: TableSize, rest: string): string {
  const shown = rows.slice(0, size.rows);
  const left = rows.length - shown.length;
  return [
    `| | container | limit | request | peak (${count(window, 'day')}) | headroom | what it means | reaches |`,
    '|---|---|--:|--:|--:|--:|---|---|',
    ...shown.map((row) => writeRow(row, window, size)),
    ...(left > 0 ? ['', `… and ${count(left, 'more container')}, none of them worse${rest}.`] : []),
  ].join('\n');
}

function writeRow(row: GateRow, window: number, { applications }: TableSize): string {
  const { change } = row;
  const cells = [
    iconOf(row.level),
    code(row.label),
    writeValues(change.limit, change.kind),
    writeValues(change.request, change.kind),
    sayPeak(row, window) ?? '–',
    sayHeadroom(row) ?? '–',
    escapeTableCell(nameFindings(row)),
    joinSome(row.applications.map(nameOf).map(code), applications),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** "3000Mi → **2000Mi**", "2000Mi" where it stays: Markdown. */
function writeValues(value: ValueChange, kind: ContainerChange['kind']): string {
  const before = formatSetting(value.before);
  if (kind === 'removed') return value.before.state === 'set' ? `${before} → –` : before;
  const written = value.written === undefined ? undefined : code(toSingleLine(value.written, LONGEST_WRITTEN));
  if (!isValueTouched(value)) return written ?? before;
  const after = written ?? `**${formatSetting(value.after)}**`;
  return kind === 'added' ? after : `${before} → ${after}`;
}

/** "2017Mi", "2017Mi (3 days)" where it looks back on fewer days than the others can. */
function sayPeak({ evidence }: GateRow, window: number): string | undefined {
  const peak = peakOf(evidence);
  if (peak === undefined || evidence === undefined) return undefined;
  const days = Math.round(evidence.days);
  return days === window ? formatBytes(peak) : `${formatBytes(peak)} (${days < 1 ? 'today' : count(days, 'day')})`;
}

/** "21 %" of the new limit is above the peak, "−6 %" where it is below; `undefined` where one of them is not known. */
function sayHeadroom({ change, evidence }: GateRow): string | undefined {
  const limit = bytesOf(change.limit.after);
  const peak = peakOf(evidence);
  if (limit === undefined || limit === 0 || peak === undefined || change.kind === 'removed') return undefined;
  const share = Math.floor((1 - peak / limit) * 100);
  return `${share < 0 ? '−' : ''}${Math.abs(share)} %`;
}

function peakOf(evidence: GateRow['evidence']) {
  const { peak, used } = evidence ?? {};
  return peak === undefined || (used !== undefined && used > peak) ? used : peak;
}

/** "limit below what it used, limit halved or less"; plain text. */
function nameFindings(row: GateRow): string {
  const { change, findings, level } = row;
  const heap = sayHeapChange(change);
  const names = [
    ...(change.kind === 'removed' ? ['removed'] : []),
    ...new Set(findings.map(({ fact, level: one }) => nameGateFact(fact, one))),
    ...(heap === undefined || change.kind !== 'changed' ? [] : [heap]),
  ];
  if (names.length > 0) return joinSome(names, MOST_NAMED);
  return level === 'green' && peakOf(row.evidence) !== undefined ? 'fits' : '';
}

/** A row in a sentence, where all is green: Markdown. */
export function writeLine(row: GateRow, window: number): string {
  const { change } = row;
  const value = (what: string, one: ValueChange) =>
    isValueTouched(one) || change.kind === 'removed' ? [`${what} ${writeValues(one, change.kind)}`] : [];
  const peak = sayPeak(row, window);
  const headroom = sayHeadroom(row);
  const names = nameFindings(row);
  const parts = [
    ...value('limit', change.limit),
    ...value('request', change.request),
    ...(peak === undefined ? [] : [`peak ${peak}`]),
    ...(headroom === undefined ? [] : [`headroom ${headroom}`]),
    ...(names === '' || names === 'fits' ? [] : [escapeMarkdown(names)]),
  ];
  return parts.length === 0 ? code(row.label) : `${code(row.label)}: ${parts.join(', ')}`;
}
