import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar } from 'yaml';
import type { Bytes } from '../../bytes.ts';
import type { TextEdit } from '../../model/location.ts';
import { formatQuantity, parseQuantity } from '../../quantity.ts';
import { applyEdits, type Splice } from '../../text/apply-edits.ts';
import {
  isParsed,
  type Json,
  nodeAt,
  type ParsedFile,
  type Path,
  parseManifest,
  plain,
  valueAt,
} from '../documents.ts';
import { lineOf, type MemoryTarget, planEdit } from '../edit-memory.ts';
import { insertKeys } from '../insert-keys.ts';
import { indentStepOf, type KeyTree, lineEnd, lineStart, rangeOf } from '../memory-style.ts';
import type { WhyNot } from '../readable.ts';
import type { MemoryKey } from './memory-keys.ts';
import { splicesInBlock } from './text-in-yaml.ts';
import type { LoadedLayer } from './values.ts';

/** A key and the memory that it shall set. */
export interface KeyChange {
  readonly key: MemoryKey;
  readonly size: Bytes;
}

/** The edits of one file, checked by parsing, and the text that they result in. */
export interface ValuesEdit {
  readonly path: string;
  readonly line: number;
  readonly edits: readonly TextEdit[];
  readonly after: string;
}

/** The text in which a layer's values stand, and where in it. */
interface Place {
  readonly text: string;
  readonly parsed: ParsedFile;
  readonly document: number;
  readonly at: Path;
}

/** Plans the edit of one layer that sets all the keys, or says why that cannot be done there. */
export function editLayer(layer: LoadedLayer, changes: readonly KeyChange[]): ValuesEdit | WhyNot {
  const { file, fixed } = layer;
  if (fixed) return { reason: 'template', why: `${fixed.by} writes these values (${file.path}): change them there` };
  if (file.refusal) return { ...file.refusal, why: `${file.path}: ${file.refusal.why}` };
  if (!file.parsed) return { reason: 'not editable', why: `${file.path} is not YAML` };
  const place: Place = layer.inner
    ? { ...layer.inner, document: 0, at: [] }
    : { text: file.text, parsed: file.parsed, document: layer.document, at: layer.at };
  const splices = planChanges(place, changes);
  if (!Array.isArray(splices)) return blame(file.path, splices as WhyNot);
  const text = applyEdits(place.text, splices);
  if (!onlyChanges(place, text, changes)) {
    return { reason: 'shared anchor', why: `${file.path}: the edit could not be shown to change this value alone` };
  }
  const document = file.parsed.documents[layer.document];
  const outer = layer.inner && document ? splicesInBlock(file.text, document, layer.at, place.text, splices) : splices;
  if (!Array.isArray(outer)) return blame(file.path, outer as WhyNot);
  const after = applyEdits(file.text, outer);
  if (layer.inner && !holdsText(layer, after, text)) {
    return { reason: 'not editable', why: `${file.path}: the text within it could not be edited safely` };
  }
  const edits = outer.map((splice) => ({ path: file.path, ...splice }));
  return { path: file.path, line: lineOf(file.text, Math.min(...outer.map(({ start }) => start))), edits, after };
}

function blame(path: string, refusal: WhyNot): WhyNot {
  return { ...refusal, why: `${path}: ${refusal.why}` };
}

function planChanges(place: Place, changes: readonly KeyChange[]): Splice[] | WhyNot {
  const splices: Splice[] = [];
  for (const target of targetsOf(place, changes)) {
    const planned = planTarget(place, target);
    if (!Array.isArray(planned)) return planned;
    splices.push(...planned);
  }
  for (const { key, size } of changes.filter((change) => change.key.form === 'value')) {
    const planned = replaceValue(place, key.path, size);
    if (!Array.isArray(planned)) return planned;
    splices.push(...planned);
  }
  return splices;
}

/** One target for each `resources` map: its limit, its request or both. */
function targetsOf({ document, at }: Place, changes: readonly KeyChange[]): MemoryTarget[] {
  const targets = new Map<string, MemoryTarget>();
  for (const { key, size } of changes.filter((change) => change.key.form === 'block')) {
    const block = key.path.slice(0, -2);
    const name = JSON.stringify(block);
    const section = key.path.at(-2) === 'limits' ? { limit: size } : { request: size };
    const holder = [...at, ...block.slice(0, -1)];
    targets.set(name, { document, holder, key: String(block.at(-1)), ...targets.get(name), ...section });
  }
  return [...targets.values()];
}

function planTarget(place: Place, target: MemoryTarget): Splice[] | WhyNot {
  const document = place.parsed.documents[place.document];
  const holder = document ? nodeAt(document, target.holder) : undefined;
  if (isMap(holder) && holder.items.length > 0) {
    const plan = planEdit(place.text, place.parsed, target);
    return 'reason' in plan ? plan : [...plan.splices];
  }
  return insertBelow(place, target);
}

/** Adds the maps that lead to `resources` as well, to the deepest that is there. */
function insertBelow(place: Place, target: MemoryTarget): Splice[] | WhyNot {
  const nowhere: WhyNot = { reason: 'not editable', why: 'it has no map to add the key to' };
  const document = place.parsed.documents[place.document];
  if (!document || /^\uFEFF?\s*\{/.test(place.text)) return nowhere;
  const whole = [...target.holder, target.key];
  for (let depth = whole.length - 1; depth >= place.at.length; depth--) {
    const missing = whole.slice(depth);
    const present = valueAt(place.parsed.values[place.document], whole.slice(0, depth + 1));
    if (present !== undefined || missing.some((key) => typeof key !== 'string')) return nowhere;
    const node = nodeAt(document, whole.slice(0, depth));
    if (node === undefined) continue;
    if (!isMap(node) || node.items.length === 0) return nowhere;
    const step = indentStepOf(place.text, [node, document.contents]);
    return insertKeys(place.text, node, treeOf(missing, target), step);
  }
  return nowhere;
}

function treeOf(keys: Path, { limit, request }: MemoryTarget): KeyTree {
  const sections = [['limits', limit] as const, ['requests', request] as const];
  const memory = sections.flatMap(([section, size]) =>
    size === undefined ? [] : [[section, [['memory', formatQuantity(size, 'Mi')]]] as const],
  );
  return keys.reduceRight<KeyTree>((inner, key) => [[String(key), inner]], memory);
}

const HANDS_OFF = /#\s*memory-inspector:\s*ignore\b/;

function replaceValue({ text, parsed, document, at }: Place, path: Path, size: Bytes): Splice[] | WhyNot {
  const root = parsed.documents[document];
  const node = root ? nodeAt(root, [...at, ...path]) : undefined;
  const range = rangeOf(node);
  const quote = isScalar(node) ? { PLAIN: '', QUOTE_DOUBLE: '"', QUOTE_SINGLE: "'" }[String(node.type)] : undefined;
  if (!isScalar(node) || !range || quote === undefined) {
    return { reason: 'not editable', why: 'the value is not written on one line' };
  }
  const above = lineStart(text, Math.max(lineStart(text, range[0]) - 1, 0));
  if (HANDS_OFF.test(text.slice(above, lineEnd(text, range[1])))) {
    return { reason: 'hands off', why: 'a comment there says "memory-inspector: ignore"' };
  }
  const like = node.type === 'PLAIN' ? (node.source ?? '') : String(node.value);
  return [{ start: range[0], end: range[1], replacement: `${quote}${formatQuantity(size, like)}${quote}` }];
}

function onlyChanges(place: Place, after: string, changes: readonly KeyChange[]): boolean {
  const parsed = parseManifest(after);
  if (!isParsed(parsed)) return false;
  const expected = plain(place.parsed.values) as Json[];
  for (const { key, size } of changes) {
    const path = [place.document, ...place.at, ...key.path];
    const value = valueAt(plain(parsed.values), path);
    if (typeof value !== 'string' && typeof value !== 'number') return false;
    if (parseQuantity(String(value)) !== size) return false;
    put(expected, path, value);
  }
  return isDeepStrictEqual(expected, plain(parsed.values));
}

function put(root: Json, path: Path, value: Json): void {
  let current = root as Record<string | number, Json>;
  for (const step of path.slice(0, -1)) {
    const next = current[step];
    if (typeof next !== 'object' || next === null) current[step] = {};
    current = current[step] as Record<string | number, Json>;
  }
  const last = path.at(-1);
  if (last !== undefined) current[last] = value;
}

function holdsText(layer: LoadedLayer, after: string, text: string): boolean {
  const parsed = parseManifest(after);
  if (!isParsed(parsed) || !layer.file.parsed) return false;
  const expected = plain(layer.file.parsed.values);
  put(expected, [layer.document, ...layer.at], text);
  return isDeepStrictEqual(expected, plain(parsed.values));
}
