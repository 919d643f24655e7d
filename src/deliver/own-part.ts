import { findMarker, type Marker, nameText, writeMarker } from './marker.ts';

const BEGIN = '<!-- kubernetes-memory-inspector:begin -->';

/** GitHub refuses longer ones. */
const LONGEST_BODY = 65_536;

/** What a body holds: the action's own part, and whether it still is as the action wrote it. */
interface Parts {
  readonly before: string;
  readonly own: string;
  readonly after: string;
}

/**
 * The body with a new part of the action's own, between its first mark and the marker. What people wrote beside it stays
 * where it is; where they wrote into it, their text stays whole and the new part comes below. Without a marker the body
 * is a person's altogether. `write` makes the part in so many letters at most.
 */
export function replaceOwnPart(
  body: string,
  marker: Marker,
  next: Omit<Marker, 'part'>,
  write: (longest: number) => string,
): string {
  const parts = splitBody(body);
  if (parts === undefined) return body;
  const intact = marker.part !== undefined && marker.part === nameText(parts.own);
  const kept = `${parts.before}${intact ? '' : parts.own}`.trim();
  const above = kept === '' ? '' : intact ? `${kept}\n\n` : `${kept}\n\n---\n\n`;
  const below = parts.after.trim() === '' ? '' : `\n\n${parts.after.trim()}`;
  return above + writeOwnPart(next, (longest) => write(longest - above.length - below.length)) + below;
}

/** The action's own part alone, with its marks around it. */
export function writeOwnPart(next: Omit<Marker, 'part'>, write: (longest: number) => string): string {
  const around = (text: string) => `${BEGIN}\n${text}\n\n${writeMarker({ ...next, part: nameText(text) })}`;
  const room = LONGEST_BODY - around('').length;
  return around(write(room));
}

function splitBody(body: string): Parts | undefined {
  const marker = findMarker(body);
  if (marker === undefined) return undefined;
  const begin = body.lastIndexOf(BEGIN, marker.start);
  const start = begin < 0 ? 0 : begin;
  const own = body.slice(begin < 0 ? 0 : begin + BEGIN.length, marker.start);
  return { before: body.slice(0, start), own, after: body.slice(marker.end) };
}
