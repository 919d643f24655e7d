import { isCollection, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';

/** Keys and values to add, in order: a text is written as it stands. */
export type KeyTree = readonly (readonly [key: string, value: string | KeyTree])[];

export interface FlowStyle {
  readonly quote: '' | '"';
  readonly colon: string;
  readonly comma: string;
  readonly pad: string;
  /** Set where every key stands on its own line: the keys' indentation and what one level adds. */
  readonly lines?: { readonly indent: string; readonly step: string };
}

export function eolOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of an offset's line without its line break. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** A node's start and end of value; `undefined` for what has none. */
export function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as { range?: readonly [number, number, number] | null } | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

/** The column of a block map's keys; `undefined` where it is not made of spaces and dashes. */
export function columnOf(text: string, map: YAMLMap): number | undefined {
  const start = rangeOf(map.items.at(-1)?.key)?.[0];
  if (start === undefined) return undefined;
  const from = lineStart(text, start);
  const prefix = text.slice(from, start).replace(/^\uFEFF/, '');
  return /^ *(- +)*$/.test(prefix) ? prefix.length : undefined;
}

/** How many columns one level of maps adds, taken from the nearest nested map; 2 where there is none. */
export function indentStepOf(text: string, near: readonly unknown[]): number {
  for (const node of near) {
    const step = firstStep(text, node, 0);
    if (step !== undefined) return step;
  }
  return 2;
}

function firstStep(text: string, node: unknown, depth: number): number | undefined {
  if (depth > 40) return undefined;
  if (isSeq(node)) {
    for (const item of node.items) {
      const step = firstStep(text, item, depth + 1);
      if (step !== undefined) return step;
    }
  }
  if (!isMap(node) || node.flow) return undefined;
  const column = columnOf(text, node);
  for (const { value } of node.items) {
    if (!isMap(value) || value.flow || column === undefined) continue;
    const inner = columnOf(text, value);
    if (inner !== undefined && inner > column) return inner - column;
  }
  for (const { value } of node.items) {
    const step = isCollection(value) ? firstStep(text, value, depth + 1) : undefined;
    if (step !== undefined) return step;
  }
  return undefined;
}

export function blockLines(tree: KeyTree, indent: number, step: number): string[] {
  return tree.flatMap(([key, value]) => {
    const start = `${' '.repeat(indent)}${key}:`;
    return typeof value === 'string' ? [`${start} ${value}`] : [start, ...blockLines(value, indent + step, step)];
  });
}

/** The style of a flow map with at least one key, as its last entry shows it. */
export function flowStyleOf(text: string, map: YAMLMap): FlowStyle {
  const last = map.items.at(-1);
  const [start, end] = rangeOf(map) ?? [0, 0];
  const [keyStart, keyEnd] = rangeOf(last?.key) ?? [start, start];
  const between = text.slice(keyEnd, rangeOf(last?.value)?.[0] ?? keyEnd);
  const quoted = isScalar(last?.key) && last.key.type === 'QUOTE_DOUBLE';
  const colon = /^ *: *$/.test(between) && (quoted || between.endsWith(' ')) ? between : ': ';
  const style = { quote: quoted ? ('"' as const) : ('' as const), colon, pad: text[start + 1] === ' ' ? ' ' : '' };
  if (!text.slice(start, keyStart).includes('\n')) return { ...style, comma: commaOf(text, map, colon) };
  const indent = indentOf(text, keyStart);
  const outer = indentOf(text, end);
  const step = indent.startsWith(outer) && indent.length > outer.length ? indent.slice(outer.length) : '  ';
  return { ...style, comma: ', ', lines: { indent, step } };
}

function commaOf(text: string, map: YAMLMap, colon: string): string {
  const [before, last] = map.items.slice(-2);
  const from = rangeOf(before?.value)?.[1];
  const to = rangeOf(last?.key)?.[0];
  const between = from !== undefined && to !== undefined ? text.slice(from, to) : '';
  if (/^, *$/.test(between)) return between;
  return colon.endsWith(' ') ? ', ' : ',';
}

/** The white space that begins an offset's line. */
export function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** `key: value` pairs of a flow map without its braces, one text an entry. */
export function flowEntries(tree: KeyTree, style: FlowStyle, eol: string): string[] {
  return tree.map(([key, value]) => {
    const written = typeof value === 'string' ? value : flowMap(value, deeper(style), eol);
    return `${style.quote}${key}${style.quote}${style.colon}${written}`;
  });
}

/** A whole flow map; `style.lines` holds the indentation of its own keys. */
export function flowMap(tree: KeyTree, style: FlowStyle, eol: string): string {
  const entries = flowEntries(tree, style, eol);
  if (!style.lines) return `{${style.pad}${entries.join(style.comma)}${style.pad}}`;
  const { indent, step } = style.lines;
  const outer = indent.slice(0, indent.length - step.length);
  return `{${eol}${entries.map((entry) => `${indent}${entry}`).join(`,${eol}`)}${eol}${outer}}`;
}

/** The style of the map that is the value of a key in a map of this style. */
export function deeper(style: FlowStyle): FlowStyle {
  return style.lines ? { ...style, lines: { ...style.lines, indent: style.lines.indent + style.lines.step } } : style;
}

/** The offset behind a key's colon; `undefined` where it has none. */
export function afterColon(text: string, pair: Pair): number | undefined {
  const end = rangeOf(pair.key)?.[1];
  const colon = end === undefined ? undefined : /^\s*:/.exec(text.slice(end, end + 1000))?.[0];
  return end === undefined || colon === undefined ? undefined : end + colon.length;
}
