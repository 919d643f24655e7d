import { createHash } from 'node:crypto';
import { findMarker, type Marker, replaceMarker, writeMarker } from './marker.ts';

const BEGIN = '<!-- kubernetes-memory-inspector:begin -->';

/** GitHub refuses longer ones. */
export const LONGEST_BODY = 65_536;
/** The marker grows while a pull request is open: since when its changes are not needed, and who closes it. */
const RESERVE = 2048;
/** Of a longer part the lines are not remembered: a marker has to fit beside it. */
const MOST_LINES = 500;
/** Letters of a line's name. */
const NAME = 4;

/** What is to stand in a body beside what people wrote. */
export type Next = Omit<Marker, 'lines'>;

/**
 * The body with a new part of the action's own, between its first mark and the marker. What people wrote stays: beside the
 * part where it is, and within it as lines above the new one. Without a marker the body is a person's altogether. `write`
 * makes the part in so many letters at most; where people's words leave it no room, only the marker becomes another.
 */
export function replaceOwnPart(
  body: string,
  before: Marker,
  next: Next,
  write: (longest: number) => string | undefined,
): string {
  const parts = splitBody(body.replace(/\r\n/g, '\n'));
  if (parts === undefined) return body;
  const above = [parts.before, ...findTheirs(parts.own, before.lines)].map((text) => text.trim());
  const around = (own: string) => [...above, own, parts.after.trim()].filter((text) => text !== '').join('\n\n');
  const text = write(roomFor(next) - around('').length - 4);
  return text === undefined ? replaceMarker(body, { ...next, lines: before.lines }) : around(markOwnPart(next, text));
}

/** The action's own part alone, with its marks around it. */
export function writeOwnPart(next: Next, write: (longest: number) => string): string {
  return markOwnPart(next, write(roomFor(next)));
}

function markOwnPart(next: Next, text: string): string {
  return `${BEGIN}\n${text}\n\n${writeMarker({ ...next, lines: nameLines(text) })}`;
}

function roomFor(next: Next): number {
  return LONGEST_BODY - RESERVE - MOST_LINES * NAME * 2 - markOwnPart(next, '').length;
}

interface Parts {
  readonly before: string;
  readonly own: string;
  readonly after: string;
}

function splitBody(body: string): Parts | undefined {
  const marker = findMarker(body);
  if (marker === undefined) return undefined;
  const begin = body.lastIndexOf(BEGIN, marker.start);
  const own = body.slice(begin < 0 ? 0 : begin + BEGIN.length, marker.start);
  return { before: body.slice(0, Math.max(begin, 0)), own, after: body.slice(marker.end) };
}

function nameLines(text: string): string {
  const lines = linesOf(text);
  return lines.length > MOST_LINES ? '' : lines.map(nameLine).join('');
}

/** Blank ones say nothing. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function nameLine(line: string): string {
  return createHash('sha256').update(line.trim()).digest('base64url').slice(0, NAME);
}

/** What people wrote into the part; all of it where its lines are not remembered. */
function findTheirs(own: string, names: string | undefined): readonly string[] {
  if (!names) return [own];
  const ours = new Set(Array.from({ length: names.length / NAME }, (_, at) => names.slice(at * NAME, (at + 1) * NAME)));
  const theirs = linesOf(own).filter((line) => !ours.has(nameLine(line)));
  return theirs.length === 0 ? [] : [theirs.join('\n')];
}
