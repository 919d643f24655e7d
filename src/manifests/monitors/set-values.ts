import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { type ChangeMonitor, endpointsKey, writeYaml } from '../../monitor-manifest.ts';
import type { Splice } from '../../text/apply-edits.ts';
import { setAt, unproved } from '../check-edit.ts';
import {
  isObject,
  isParsed,
  type Json,
  keyText,
  nodeAt,
  type ParsedFile,
  type Path,
  parseManifest,
  plain,
  valueAt,
} from '../documents.ts';
import { fillKey, insertKeys } from '../insert-keys.ts';
import { indentStepOf, type KeyTree, lineEnd, lineStart, rangeOf } from '../memory-style.ts';
import type { WhyNot } from '../readable.ts';

/** A text of a monitor that is to be set, by its path within the object. */
export interface ValueToSet {
  readonly path: Path;
  readonly value: string;
}

/** Where Prometheus looks that is told no path. */
const DEFAULT_PATH = '/metrics';

export function valuesToSet(fix: ChangeMonitor): ValueToSet[] {
  const { change } = fix;
  if ('to' in change) {
    return [{ path: ['spec', endpointsKey(fix), change.endpoint, change.field], value: change.to }];
  }
  const parent: Path = change.field === 'labels' ? ['metadata', 'labels'] : ['spec', 'selector', 'matchLabels'];
  return Object.entries(change.set).map(([key, value]) => ({ path: [...parent, key], value }));
}

/** Why a monitor of the repository is not changed for what its values are. */
export function whyDrifted(monitor: Json, fix: ChangeMonitor): (WhyNot & { readonly isThere?: boolean }) | undefined {
  const values = valuesToSet(fix);
  const isSet = ({ path, value }: ValueToSet) => valueAt(monitor, path) === value;
  if (values.every(isSet)) {
    return {
      reason: 'drift',
      why: 'the manifest already has what would mend it, but the cluster does not have it yet',
    };
  }
  if (values.some(({ path }) => isTemplated(valueAt(monitor, path)))) return TEMPLATED;
  const { change } = fix;
  const [first] = values;
  if (first === undefined || 'set' in change) return undefined;
  const now = valueAt(monitor, first.path);
  const isDefault = change.field === 'path' && (now ?? DEFAULT_PATH) === (change.from || DEFAULT_PATH);
  if (isObject(valueAt(monitor, first.path.slice(0, -1))) && (now === change.from || isDefault)) return undefined;
  return { reason: 'drift', why: `its ${change.field} is another one in the manifest than in the cluster` };
}

/** The monitor with the values set. */
export function withValues(monitor: Json, values: readonly ValueToSet[]): Json {
  const after = plain(monitor);
  for (const { path, value } of values) setAt(after, path, value);
  return after;
}

/** The splices that set the values of an object of a file, each in the style of its place. */
export function planValues(
  text: string,
  { documents }: ParsedFile,
  { document: number, at }: { readonly document: number; readonly at: Path },
  values: readonly ValueToSet[],
): Splice[] | WhyNot {
  const document = documents[number];
  if (document === undefined) return UNCLEAR;
  const splices: Splice[] = [];
  const missing: ValueToSet[] = [];
  for (const one of values) {
    const node = nodeAt(document, [...at, ...one.path]);
    if (node === undefined) missing.push(one);
    else {
      const splice = replaceScalar(text, node, one.value);
      if ('reason' in splice) return splice;
      splices.push(splice);
    }
  }
  const added = missing.length === 0 ? [] : addMissing(text, document, at, missing);
  if ('reason' in added) return added;
  const all = [...splices, ...added];
  return all.some(({ start, end }) => isHandsOff(text, start, end)) ? HANDS_OFF : all;
}

const UNCLEAR: WhyNot = { reason: 'not editable', why: 'its value is written in a way that is not edited' };
const TEMPLATED: WhyNot = { reason: 'template', why: 'a template writes the value' };
const HANDS_OFF: WhyNot = { reason: 'hands off', why: 'a comment says "memory-inspector: ignore"' };

function isHandsOff(text: string, start: number, end: number): boolean {
  return /#\s*memory-inspector:\s*ignore\b/.test(text.slice(lineStart(text, start), lineEnd(text, end)));
}

function replaceScalar(text: string, node: unknown, value: string): Splice | WhyNot {
  const range = rangeOf(node);
  if (!isScalar(node) || range === undefined || node.type?.startsWith('BLOCK')) return UNCLEAR;
  if (isTemplated(text.slice(...range))) return TEMPLATED;
  return { start: range[0], end: range[1], replacement: writeAs(node, value) };
}

function isTemplated(written: Json | undefined): boolean {
  return isObject(written) || (typeof written === 'string' && /\{\{|\$[{(]|\(\(|<</.test(written));
}

/** No value holds a quote. */
function writeAs({ type }: Scalar, value: string): string {
  if (type === 'QUOTE_DOUBLE') return JSON.stringify(value);
  return type === 'QUOTE_SINGLE' ? `'${value}'` : scalarOf(value);
}

function scalarOf(value: string): string {
  // Within a flow map a comma ends a plain value.
  return value.includes(',') ? JSON.stringify(value) : writeYaml(value).trimEnd();
}

/** Adds what stands side by side to the map that holds it, or the map to its own. */
function addMissing(
  text: string,
  document: Document.Parsed,
  at: Path,
  values: readonly ValueToSet[],
): Splice[] | WhyNot {
  const [first] = values;
  if (first === undefined) return [];
  const holder = [...at, ...first.path.slice(0, -1)];
  const map = nodeAt(document, holder);
  const outer = nodeAt(document, holder.slice(0, -1));
  const isFilled = isMap(map) && map.items.length > 0;
  const isQuoted = quotesKeys(isFilled ? map : outer);
  const tree = values.map(({ path, value }) => {
    const name = String(path.at(-1));
    return isQuoted ? ([name, JSON.stringify(value)] as const) : ([scalarOf(name), scalarOf(value)] as const);
  });
  const step = indentStepOf(text, [document.contents]);
  if (isFilled) return insertKeys(text, map, tree, step);
  const key = holder.at(-1);
  if (!isMap(outer) || typeof key !== 'string') return UNCLEAR;
  return addMap(text, outer, [key, tree], step);
}

function addMap(text: string, outer: YAMLMap, [key, tree]: readonly [string, KeyTree], step: number) {
  const pair = outer.items.find((one: Pair) => keyText(one.key) === key);
  if (pair !== undefined) return fillKey(text, outer, pair, tree, step);
  return outer.items.length === 0 ? UNCLEAR : insertKeys(text, outer, [[key, tree]], step);
}

/** Whether keys that are added to a map get quotes, as those of JSON have. */
function quotesKeys(map: unknown): boolean {
  const key = isMap(map) && map.flow ? map.items.at(-1)?.key : undefined;
  return isScalar(key) && key.type === 'QUOTE_DOUBLE';
}

/** Whether a file that was edited holds the expected values and nothing else; `undefined` where it does. */
export function checkValues(before: ParsedFile, after: string, expected: readonly Json[]): WhyNot | undefined {
  const parsed = parseManifest(after);
  if (!isParsed(parsed)) return { reason: 'not editable', why: 'the file would not parse after the edit' };
  const isSomething = (value: Json) => value !== null;
  const [now, wanted] = [parsed.values.filter(isSomething), expected.filter(isSomething)];
  return isDeepStrictEqual(plain(now), plain(wanted)) ? undefined : unproved(before);
}
