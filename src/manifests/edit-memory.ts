import { type Document, isAlias, isMap, isScalar, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Bytes } from '../bytes.ts';
import { formatQuantity, parseQuantity } from '../quantity.ts';
import type { Splice } from '../text/apply-edits.ts';
import { keyText, nodeAt, type ParsedFile, type Path } from './documents.ts';
import { fillKey, insertKeys } from './insert-keys.ts';
import { indentStepOf, type KeyTree, lineEnd, lineStart, rangeOf } from './memory-style.ts';
import type { WhyNot } from './readable.ts';

/**
 * The memory to set in one map of a file: `holder` is the path, in that document, of the map that has or will have the
 * key `key` (`resources`), whose `limits.memory` and `requests.memory` are meant.
 */
export interface MemoryTarget {
  readonly document: number;
  readonly holder: Path;
  readonly key: string;
  readonly limit?: Bytes;
  readonly request?: Bytes;
}

/** The splices, in no order, and the line (from 1) of the first. */
export interface EditPlan {
  readonly splices: readonly Splice[];
  readonly line: number;
}

interface Edit {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly step: number;
}

const HANDS_OFF = /#\s*memory-inspector:\s*ignore\b/;
const TEMPLATE = /\{\{|\$\{|\$\(|<<|\(\(|\{%/;
const NOTHING: WhyNot = { reason: 'not editable', why: 'there is nothing to edit there' };

/**
 * Plans the smallest splices that set the target's values: a value is replaced within its quotes, what is missing is
 * added in the file's own style. Does not check the result: `checkEdit` does.
 */
export function planEdit(text: string, parsed: ParsedFile, target: MemoryTarget): EditPlan | WhyNot {
  const document = parsed.documents[target.document];
  const holder = document ? nodeAt(document, target.holder) : undefined;
  if (!document || !isMap(holder)) return NOTHING;
  const edit: Edit = { text, document, step: indentStepOf(text, [holder, document.contents]) };
  const resources = childOf(edit, holder, target.key);
  if (handsOff(edit, holder, target.key)) {
    return { reason: 'hands off', why: 'a comment there says "memory-inspector: ignore"' };
  }
  const splices = planSections(edit, holder, target, resources);
  if (!Array.isArray(splices)) return splices as WhyNot;
  const first = Math.min(...splices.map((splice) => splice.start));
  return { splices: joinInsertions(splices), line: lineOf(text, first) };
}

/** Two insertions at one place become one, in the order planned: the deeper map's first. */
function joinInsertions(splices: readonly Splice[]): Splice[] {
  const joined: Splice[] = [];
  for (const splice of splices) {
    const at = joined.findIndex((other) => other.start === splice.start && other.end === splice.end);
    const other = joined[at];
    if (splice.start !== splice.end || !other) joined.push(splice);
    else joined[at] = { ...other, replacement: `${other.replacement}${splice.replacement}` };
  }
  return joined;
}

function planSections(edit: Edit, holder: YAMLMap, target: MemoryTarget, resources: unknown): Splice[] | WhyNot {
  const { text, step } = edit;
  const pair = pairOf(holder, target.key);
  const wanted = [['limits', target.limit] as const, ['requests', target.request] as const];
  const values = wanted.flatMap(([section, size]) =>
    size === undefined ? [] : [[section, writtenLike(edit, resources, section, size, holder)] as const],
  );
  const tree: KeyTree = values.map(([section, value]) => [section, [['memory', value]]]);
  if (!pair) return holder.items.length === 0 ? NOTHING : insertKeys(text, holder, [[target.key, tree]], step);
  if (isEmpty(resources)) return fillKey(text, holder, pair, tree, step);
  if (!isMap(resources)) return notAMap(text, pair);

  const splices: Splice[] = [];
  const missing: [string, string | KeyTree][] = [];
  for (const [section, value] of values) {
    if (!pairOf(resources, section)) {
      missing.push([section, [['memory', value]]]);
      continue;
    }
    const planned = planMemory(edit, resources, section, value);
    if (!Array.isArray(planned)) return planned;
    splices.push(...planned);
  }
  const added = missing.length === 0 ? [] : insertKeys(text, resources, missing, step);
  return Array.isArray(added) ? [...splices, ...added] : added;
}

function planMemory(edit: Edit, resources: YAMLMap, section: string, value: string): Splice[] | WhyNot {
  const { text, step } = edit;
  const pair = pairOf(resources, section);
  const map = childOf(edit, resources, section);
  if (!pair) return NOTHING;
  if (isEmpty(map)) return fillKey(text, resources, pair, [['memory', value]], step);
  if (!isMap(map)) return notAMap(text, pair);
  const memory = pairOf(map, 'memory');
  if (!memory) return insertKeys(text, map, [['memory', value]], step);
  if (isEmpty(memory.value)) return fillKey(text, map, memory, value, step);
  return replaceValue(edit, memory, value);
}

function replaceValue(edit: Edit, pair: Pair, value: string): Splice[] | WhyNot {
  const range = rangeOf(pair.value);
  if (!range) return NOTHING;
  const written = edit.text.slice(...range);
  const isTemplate = TEMPLATE.test(written);
  if (isTemplate) return { reason: 'template', why: 'a template writes the value' };
  // Written where it is used: the anchor's other users keep theirs.
  if (isAlias(pair.value)) return [{ start: range[0], end: range[1], replacement: value }];
  if (!isScalar(pair.value) || !['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'].includes(pair.value.type ?? '')) {
    return { reason: 'not editable', why: 'the value is not written on one line' };
  }
  if (parseQuantity(scalarText(pair.value)) === undefined) {
    return { reason: 'not editable', why: 'the value is not a quantity' };
  }
  return [{ start: range[0], end: range[1], replacement: value }];
}

/** The new value with the quotes and the unit family of the one it replaces, else of its counterpart. */
function writtenLike(edit: Edit, resources: unknown, section: string, size: Bytes, holder: YAMLMap): string {
  const counterpart = section === 'limits' ? 'requests' : 'limits';
  const own = memoryScalar(edit, resources, section);
  const other = memoryScalar(edit, resources, counterpart);
  const model = own ?? other;
  const written = formatQuantity(size, model ? scalarText(model) : '');
  if (model?.type === 'QUOTE_DOUBLE') return `"${written}"`;
  if (model?.type === 'QUOTE_SINGLE') return `'${written}'`;
  const key = (isMap(resources) && resources.items.length > 0 ? resources : holder).items.at(-1)?.key;
  const json = !model && isScalar(key) && key.type === 'QUOTE_DOUBLE' && (holder.flow || isFlow(resources));
  return json || (model && isJsonNumber(edit, model, written)) ? `"${written}"` : written;
}

function isJsonNumber(edit: Edit, model: Scalar, written: string): boolean {
  const root = edit.document.contents;
  const json = isFlow(root) && typeof model.value === 'number';
  return json && !/^\d+$/.test(written);
}

function memoryScalar(edit: Edit, resources: unknown, section: string): Scalar | undefined {
  const map = isMap(resources) ? childOf(edit, resources, section) : undefined;
  const memory = isMap(map) ? childOf(edit, map, 'memory') : undefined;
  return isScalar(memory) && memory.value !== null ? memory : undefined;
}

function scalarText(node: Scalar): string {
  return node.type === 'PLAIN' && node.source !== undefined ? node.source : String(node.value);
}

function notAMap(text: string, pair: Pair): WhyNot {
  const range = rangeOf(pair.value);
  if (range && TEMPLATE.test(text.slice(...range))) return { reason: 'template', why: 'a template writes the value' };
  return { reason: 'not editable', why: 'it is not a map of resources' };
}

function handsOff(edit: Edit, holder: YAMLMap, key: string): boolean {
  const resources = childOf(edit, holder, key);
  const sections = isMap(resources) ? ['limits', 'requests'].map((name) => pairOf(resources, name)) : [];
  const values = sections.map((pair) => {
    const map = resolved(edit, pair?.value);
    return isMap(map) ? pairOf(map, 'memory') : undefined;
  });
  const pairs = [holder.items[0], pairOf(holder, key), ...sections, ...values];
  return pairs.some((pair) => {
    const at = rangeOf(pair?.key)?.[0];
    return at !== undefined && (marked(edit.text, at) || markedAbove(edit.text, at));
  });
}

function marked(text: string, offset: number): boolean {
  return HANDS_OFF.test(text.slice(offset, lineEnd(text, offset)));
}

function markedAbove(text: string, offset: number): boolean {
  const start = lineStart(text, offset);
  const above = text.slice(lineStart(text, start - 1), Math.max(start - 1, 0));
  return /^\s*#/.test(above) && HANDS_OFF.test(above);
}

function childOf(edit: Edit, map: YAMLMap, key: string): unknown {
  return resolved(edit, pairOf(map, key)?.value);
}

function resolved(edit: Edit, node: unknown): unknown {
  return isAlias(node) ? node.resolve(edit.document) : node;
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyText(pair.key) === key);
}

function isEmpty(node: unknown): boolean {
  if (node === null || node === undefined) return true;
  return (isScalar(node) && node.value === null) || (isMap(node) && node.items.length === 0);
}

function isFlow(node: unknown): boolean {
  return isMap(node) && node.flow === true;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
