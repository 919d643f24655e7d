import { type Document, isScalar } from 'yaml';
import type { Splice } from '../../text/apply-edits.ts';
import { nodeAt, type Path } from '../documents.ts';
import { eolOf, lineEnd, rangeOf } from '../memory-style.ts';
import type { WhyNot } from '../readable.ts';

interface Line {
  /** Where the line begins in the inner text. */
  readonly inner: number;
  /** Where the same character stands in the file. */
  readonly outer: number;
  readonly length: number;
}

const REFUSAL: WhyNot = {
  reason: 'not editable',
  why: 'the values are a text within the object that is not written line by line (`|`)',
};

/**
 * Splices of a text that is a literal block scalar (`|`) as splices of the file that it stands in: each line is found
 * again behind its indentation, and new lines get the same.
 */
export function splicesInBlock(
  file: string,
  document: Document.Parsed,
  at: Path,
  inner: string,
  splices: readonly Splice[],
): Splice[] | WhyNot {
  const node = nodeAt(document, at);
  const range = rangeOf(node);
  if (!isScalar(node) || node.type !== 'BLOCK_LITERAL' || !range) return REFUSAL;
  const lines = matchLines(file, lineEnd(file, range[0]), inner);
  if (!lines) return REFUSAL;
  const { indent, found } = lines;
  const mapped: Splice[] = [];
  for (const { start, end, replacement } of splices) {
    const from = outerOffset(found, start);
    const to = outerOffset(found, end);
    if (from === undefined || to === undefined) return REFUSAL;
    const text = replacement.replace(/\r?\n(?=[^\r\n])/g, `${eolOf(file)}${indent}`);
    mapped.push({ start: from, end: to, replacement: text });
  }
  return mapped;
}

function matchLines(file: string, header: number, inner: string): { indent: string; found: Line[] } | undefined {
  let indent: string | undefined;
  let [innerAt, outerAt] = [0, nextLine(file, header)];
  const found: Line[] = [];
  for (const line of inner.split('\n')) {
    const written = file.slice(outerAt, lineEnd(file, outerAt));
    if (indent === undefined && line !== '') indent = written.slice(0, written.length - line.length);
    const prefix = indent ?? '';
    if (line !== '' && (written !== `${prefix}${line}` || !/^ +$/.test(prefix))) return undefined;
    found.push({ inner: innerAt, outer: outerAt + (line === '' ? 0 : prefix.length), length: line.length });
    innerAt += line.length + 1;
    outerAt = nextLine(file, outerAt);
  }
  return indent === undefined ? undefined : { indent, found };
}

function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** An offset on an empty line has no place in the file: its indentation is not known. */
function outerOffset(lines: readonly Line[], offset: number): number | undefined {
  const line = lines.findLast((one) => one.inner <= offset);
  if (!line || line.length === 0 || offset > line.inner + line.length) return undefined;
  return line.outer + offset - line.inner;
}
