import type { Sample } from '../model/measurement.ts';
import { isTime } from '../plausible.ts';
import { DeepJson, eachElement, eachMember, endOfValue, skipSpace } from '../text/json-scan.ts';
import { ANY_ESCAPE, type Redact } from '../text/redact.ts';
import { excerpt, QueryFailure } from './access/failure.ts';

export type Labels = Readonly<Record<string, string>>;

/** One row of an instant query; never NaN or infinite. */
export interface InstantRow {
  readonly labels: Labels;
  readonly value: number;
}

/** One row of a range query; samples that are NaN or infinite are left out. */
export interface RangeRow {
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

/** A whole answer. `warnings` say that data are missing from it. */
export interface Answer<Row> {
  readonly rows: readonly Row[];
  readonly warnings: readonly string[];
}

/** What stands around the rows of an answer of the HTTP API. */
export interface Envelope {
  readonly status?: unknown;
  readonly errorType?: unknown;
  readonly error?: unknown;
  readonly warnings?: unknown;
  readonly isPartial?: unknown;
}

/** Reads one raw row; `undefined` leaves it out. */
export type ReadRow<Row> = (raw: Record<string, unknown>) => Row | undefined;

/**
 * Reads an answer of `/api/v1/query` or `query_range` row by row, so that only one raw row is held beside the text.
 * Texts in it are redacted once they are decoded. Throws `QueryFailure` (`unsteady`) for HTML, an empty or broken text.
 */
export function readAnswer<Row>(
  body: string,
  readRow: ReadRow<Row>,
  redact: Redact,
): { envelope: Envelope; rows: Row[] } {
  const open = skipSpace(body, 0);
  if (open >= body.length) throw new QueryFailure('unsteady', 'the answer is empty');
  if (body[open] !== '{') throw new QueryFailure('unsteady', explainText(beginningOf(body, redact)));
  const redacted = redactionOf(body, redact);
  const envelope: Record<string, unknown> = {};
  const rows: Row[] = [];
  const visitRow = (start: number): number => {
    const end = endOfValue(body, start);
    const row = readRow(redacted(asRecord(JSON.parse(body.slice(start, end)))));
    if (row !== undefined) rows.push(row);
    return end;
  };
  const visitData = (key: string, start: number): number =>
    key === 'result' && body[start] === '[' ? eachElement(body, start, visitRow) : endOfValue(body, start);
  try {
    const end = eachMember(body, open, (key, start) => {
      if (key === 'data' && body[start] === '{') return eachMember(body, start, visitData);
      const valueEnd = endOfValue(body, start);
      envelope[key] = JSON.parse(body.slice(start, valueEnd));
      return valueEnd;
    });
    if (skipSpace(body, end) !== body.length) throw new QueryFailure('unsteady', 'text follows the answer');
  } catch (cause) {
    if (cause instanceof QueryFailure) throw cause;
    if (cause instanceof DeepJson) throw new QueryFailure('refused', `the answer is ${cause.message}`, { cause });
    throw new QueryFailure('unsteady', `the answer is cut short or not JSON (${body.length} characters)`, { cause });
  }
  return { envelope: redacted(envelope), rows };
}

const LONGEST_BEGINNING = 65_536;

/** As much of a body as anything is shown of, redacted. */
export function beginningOf(body: string, redact: Redact): string {
  return redact(body.slice(0, LONGEST_BEGINNING));
}

/** Whether no part of the text, decoded or not, would be redacted; false where only decoding could tell. */
export function isLeftAlone(text: string, redact: Redact): boolean {
  return !ANY_ESCAPE.test(text) && redact(text) === text;
}

/**
 * What takes the secrets out of the decoded parts of an answer. A look at the whole text, which is cheap where nothing in
 * it is escaped, mostly tells that there is nothing to be done; and values are left alone, because a number is no secret.
 */
export function redactionOf(body: string, redact: Redact): <T>(part: T) => T {
  if (isLeftAlone(body, redact)) return (part) => part;
  const redactAll = (part: unknown, key?: string): unknown => {
    if (typeof part === 'string') return part.length > LONGEST_BEGINNING ? '…' : redact(part);
    if (typeof part !== 'object' || part === null || key === 'value' || key === 'values') return part;
    if (Array.isArray(part)) return part.map((item) => redactAll(item));
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [redact(name), redactAll(item, name)]));
  };
  return <T>(part: T) => redactAll(part) as T;
}

/** What a body is that is not JSON. */
function explainText(beginning: string): string {
  return beginning.trimStart().startsWith('<')
    ? htmlMessage(beginning)
    : `the answer is not JSON: "${excerpt(beginning, 80)}"`;
}

const LONGEST_HEAD = 4096;

function htmlMessage(beginning: string): string {
  const title = /<title(?:>|\s[^<>]{0,200}>)([^<]{1,80})/i.exec(beginning.slice(0, LONGEST_HEAD))?.[1];
  return `the answer is HTML, not JSON${title ? ` (title "${excerpt(title)}")` : ''}: a login page, or not the address of the API`;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Reads a row of an instant query. */
export function readInstantRow(raw: Record<string, unknown>): InstantRow | undefined {
  const sample = readSample(raw.value);
  return sample && { labels: readLabels(raw.metric), value: sample.v };
}

/** As many as Prometheus gives of one series. */
export const MOST_SAMPLES = 11_000;

/** Reads a row of a range query. */
export function readRangeRow(raw: Record<string, unknown>): RangeRow | undefined {
  if (!Array.isArray(raw.values)) return undefined;
  const samples: Sample[] = [];
  for (const value of raw.values.slice(0, MOST_SAMPLES)) {
    const sample = readSample(value);
    if (sample) samples.push(sample);
  }
  return samples.length === 0 ? undefined : { labels: readLabels(raw.metric), samples };
}

function readSample(value: unknown): Sample | undefined {
  if (!Array.isArray(value)) return undefined;
  const sample = { t: Number(value[0]), v: Number(value[1]) };
  return isTime(sample.t) && Number.isFinite(sample.v) ? sample : undefined;
}

function readLabels(metric: unknown): Labels {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(asRecord(metric))) if (typeof value === 'string') labels[name] = value;
  return labels;
}

/** What an answer says of data that are missing from it. Notes about the query itself are not that. */
export function warningsOf(envelope: Envelope): string[] {
  const warnings = Array.isArray(envelope.warnings) ? envelope.warnings.map(String) : [];
  const found = warnings.filter((text) => !/^PromQL (info|warning):/.test(text)).map((text) => excerpt(text));
  if (envelope.isPartial === true) found.push('the answer is marked as partial (isPartial)');
  return found;
}
