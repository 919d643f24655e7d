import { isCollection, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { Splice } from '../text/apply-edits.ts';
import {
  afterColon,
  blockLines,
  columnOf,
  deeper,
  eolOf,
  flowEntries,
  flowMap,
  flowStyleOf,
  indentOf,
  type KeyTree,
  lineEnd,
  lineStart,
  rangeOf,
} from './memory-style.ts';
import type { WhyNot } from './readable.ts';

const UNCLEAR: WhyNot = {
  reason: 'not editable',
  why: 'there is no line to add the value after safely',
};

/** Adds keys to a map that has some, in its own style; nothing that stands there is touched. */
export function insertKeys(text: string, map: YAMLMap, tree: KeyTree, step: number): Splice[] | WhyNot {
  return map.flow ? insertIntoFlow(text, map, tree) : insertIntoBlock(text, map, tree, step);
}

function insertIntoBlock(text: string, map: YAMLMap, tree: KeyTree, step: number): Splice[] | WhyNot {
  const column = columnOf(text, map);
  if (column === undefined) return UNCLEAR;
  const eol = eolOf(text);
  const lines = blockLines(tree, column, step);
  for (const pair of map.items.toReversed()) {
    const end = simpleEnd(text, pair);
    if (end === undefined || !restIsComment(text, end)) continue;
    const at = lineEnd(text, end);
    return [{ start: at, end: at, replacement: lines.map((line) => `${eol}${line}`).join('') }];
  }
  const before = rangeOf(map.items.slice(1).at(-1)?.key)?.[0];
  if (before === undefined) return UNCLEAR;
  const at = lineStart(text, before);
  return [{ start: at, end: at, replacement: lines.map((line) => `${line}${eol}`).join('') }];
}

/** Where a pair's last line ends its value; `undefined` for a block scalar, whose end depends on the lines after it. */
function simpleEnd(text: string, pair: Pair): number | undefined {
  return valueEnd(text, pair.value) ?? (isEmptyNull(pair.value) ? afterColon(text, pair) : undefined);
}

function valueEnd(text: string, node: unknown): number | undefined {
  if (isEmptyNull(node)) return undefined;
  if (isScalar(node)) return node.type?.startsWith('BLOCK') ? undefined : rangeOf(node)?.[1];
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1);
    if (isMap(node)) return last === undefined ? undefined : simpleEnd(text, last as Pair);
    return isSeq(node) ? valueEnd(text, last) : undefined;
  }
  return rangeOf(node)?.[1];
}

function isEmptyNull(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null && (node.source ?? '') === '');
}

function restIsComment(text: string, offset: number): boolean {
  return /^[ \t]*(#.*)?$/.test(text.slice(offset, lineEnd(text, offset)));
}

function insertIntoFlow(text: string, map: YAMLMap, tree: KeyTree): Splice[] | WhyNot {
  const last = map.items.at(-1);
  const end = rangeOf(last?.value)?.[1] ?? rangeOf(last?.key)?.[1];
  if (end === undefined) return UNCLEAR;
  const eol = eolOf(text);
  const style = flowStyleOf(text, map);
  const entries = flowEntries(tree, style, eol);
  if (!style.lines)
    return [{ start: end, end, replacement: entries.map((entry) => `${style.comma}${entry}`).join('') }];

  const { indent } = style.lines;
  const close = lineEnd(text, end);
  const rest = /^[ \t]*(?:(,)[ \t]*)?(#.*)?$/.exec(text.slice(end, close));
  const lines = entries.map((entry) => `${indent}${entry}`).join(`,${eol}`);
  if (rest?.[1]) return [{ start: close, end: close, replacement: `${eol}${lines},` }];
  if (!rest?.[2]) return [{ start: end, end, replacement: `,${eol}${lines}` }];
  const added = { start: close, end: close, replacement: `${eol}${lines}` };
  return [{ start: end, end, replacement: ',' }, added];
}

/** Gives a key that holds nothing (`{}`, `null` or no value at all) a value; `parent` is the map that it stands in. */
export function fillKey(
  text: string,
  parent: YAMLMap,
  pair: Pair,
  value: string | KeyTree,
  step: number,
): Splice[] | WhyNot {
  const colon = afterColon(text, pair);
  const node = pair.value as { anchor?: string; tag?: string } | null;
  if (colon === undefined || node?.anchor || node?.tag) return UNCLEAR;
  const end = isEmptyNull(pair.value) ? colon : (rangeOf(pair.value)?.[1] ?? colon);
  const eol = eolOf(text);
  if (typeof value === 'string') return [{ start: colon, end, replacement: ` ${value}` }];
  if (parent.flow) {
    const style = flowStyleOf(text, parent);
    const keyStart = rangeOf(pair.key)?.[0] ?? colon;
    const here = style.lines ? { ...style, lines: { ...style.lines, indent: indentOf(text, keyStart) } } : style;
    return [
      { start: colon, end, replacement: `${style.colon.replace(/^ *:/, '')}${flowMap(value, deeper(here), eol)}` },
    ];
  }
  const column = columnOf(text, parent);
  if (column === undefined || !restIsComment(text, end)) return UNCLEAR;
  const close = lineEnd(text, end);
  const lines = blockLines(value, column + step, step);
  const comment = text.slice(end, close).trimEnd();
  return [{ start: colon, end: close, replacement: `${comment}${lines.map((line) => `${eol}${line}`).join('')}` }];
}
