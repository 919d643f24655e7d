import { isMap, isSeq, type Pair } from 'yaml';
import type { Splice } from '../../text/apply-edits.ts';
import { isParsed, keyText, nodeAt, parseManifest } from '../documents.ts';
import { afterColon, columnOf, eolOf, indentOf, lineEnd, rangeOf } from '../memory-style.ts';

/** An entry as it is written on a line of its own, and between brackets. */
export interface ListEntry {
  readonly block: string;
  readonly flow: string;
}

/**
 * Adds an entry to a list of a kustomization, last; `undefined` where the list is written in a way that is not extended. What
 * is planned so from the same text can be added together: what begins the list is the same for each, and the entries follow
 * one another.
 */
export function addToList(text: string, key: string, { block, flow }: ListEntry): Splice[] | undefined {
  const parsed = parseManifest(text);
  const document = isParsed(parsed) ? parsed.documents[0] : undefined;
  const root = document?.contents;
  if (!document || !isMap(root) || root.flow || columnOf(text, root) !== 0) return undefined;
  const eol = eolOf(text);
  const list = nodeAt(document, [key]);
  const last = isSeq(list) ? rangeOf(list.items.at(-1))?.[1] : undefined;
  if (isSeq(list) && last !== undefined) {
    const [first, end] = [rangeOf(list.items[0])?.[0], rangeOf(list)?.[1]];
    if (list.flow) return [insert(last, `, ${flow}`)];
    if (first === undefined || end === undefined) return undefined;
    return [insert(trimmedEnd(text, end), `${eol}${dashIndent(text, first)}- ${block}`)];
  }
  const resources = nodeAt(document, ['resources']);
  const sample = isSeq(resources) && !resources.flow ? rangeOf(resources.items[0])?.[0] : undefined;
  const indent = sample === undefined ? '' : dashIndent(text, sample);
  const entry = `${eol}${indent}- ${block}`;
  const empty = root.items.find((pair) => keyText(pair.key) === key);
  if (empty !== undefined) return fillEmpty(text, empty, entry);
  const at = trimmedEnd(text, rangeOf(root)?.[1] ?? text.length);
  return [insert(at, `${eol}${key}:`), insert(at, entry)];
}

/** Of a key with `[]`, `null` or nothing at all, the first is taken away and the entry added below. */
function fillEmpty(text: string, pair: Pair, entry: string): Splice[] | undefined {
  const colon = afterColon(text, pair);
  if (colon === undefined) return undefined;
  const end = lineEnd(text, colon);
  const line = text.slice(colon, end);
  const value = (line.includes('#') ? line.slice(0, line.indexOf('#')) : line).trimEnd();
  const comment = line.slice(value.length);
  if (!['', '[]', 'null', '~'].includes(value.trim())) return undefined;
  const taken = value === '' ? [] : [{ start: colon, end: end - comment.length, replacement: '' }];
  return [...taken, insert(end, entry)];
}

function dashIndent(text: string, offset: number): string {
  return indentOf(text, text.lastIndexOf('-', offset - 1) + 1);
}

/** The end of the last line, before an offset, that is more than white space. */
function trimmedEnd(text: string, offset: number): number {
  return lineEnd(text, text.slice(0, offset).trimEnd().length);
}

function insert(at: number, replacement: string): Splice {
  return { start: at, end: at, replacement };
}
