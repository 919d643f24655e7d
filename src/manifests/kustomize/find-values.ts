import { isScalar } from 'yaml';
import type { Bytes } from '../../bytes.ts';
import { formatQuantity, parseQuantity } from '../../quantity.ts';
import { isObject, isParsed, type Json, nodeAt, type Path, parseManifest } from '../documents.ts';
import type { Splice } from '../insert-keys.ts';
import { lineEnd, lineStart, rangeOf } from '../memory-style.ts';

/** A place that may set a container's value, by the splice that would change it. `handsOff`: a comment forbids it. */
export interface Place {
  readonly path: string;
  readonly splices: readonly Splice[];
  readonly handsOff: boolean;
}

interface Wanted {
  readonly container: string;
  readonly section: 'limits' | 'requests';
  readonly from: Bytes;
  readonly to: Bytes;
}

/**
 * Every scalar of a file that could be the container's value: in a container of that name (a resource or a strategic
 * merge patch), in a JSON6902 operation on resources, in either kind of patch written inline. Later ones first. Which of
 * them it is, rendering shows.
 */
export function findPlaces(path: string, text: string, wanted: Wanted): Place[] {
  return findSplices(text, wanted, true)
    .map(({ splice, handsOff }) => ({ path, splices: [splice], handsOff }))
    .toReversed();
}

interface FoundSplice {
  readonly splice: Splice;
  readonly handsOff: boolean;
}

function findSplices(text: string, wanted: Wanted, outer: boolean): FoundSplice[] {
  const parsed = parseManifest(text);
  if (!isParsed(parsed)) return [];
  return parsed.values.flatMap((value, document) => {
    const root = parsed.documents[document];
    const spots = root ? walk(value, [], wanted) : [];
    const found = spots.flatMap((spot) => spliceAt(text, root ? nodeAt(root, spot) : undefined, wanted));
    const inline = outer && root ? inlinePatches(value) : [];
    return [...found, ...inline.flatMap((spot) => splicesInside(text, root ? nodeAt(root, spot) : undefined, wanted))];
  });
}

function walk(value: Json, path: Path, wanted: Wanted): Path[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => walk(item, [...path, index], wanted));
  if (!isObject(value)) return [];
  const spots: Path[] = [];
  if (value.name === wanted.container && isObject(value.resources))
    spots.push([...path, 'resources', wanted.section, 'memory']);
  if (typeof value.op === 'string' && typeof value.path === 'string') {
    const inner = operationPath(value.path, wanted.section);
    if (inner) spots.push([...path, 'value', ...inner]);
  }
  return [...spots, ...Object.entries(value).flatMap(([key, item]) => walk(item, [...path, key], wanted))];
}

/** Where, within a JSON6902 operation's value, the memory of a section would stand. */
function operationPath(pointer: string, section: string): Path | undefined {
  const parts = /\/resources(?:\/(limits|requests)(?:\/(memory))?)?$/.exec(pointer);
  if (!parts || (parts[1] !== undefined && parts[1] !== section)) return undefined;
  if (parts[2]) return [];
  return parts[1] ? ['memory'] : [section, 'memory'];
}

function spliceAt(text: string, node: unknown, wanted: Wanted): FoundSplice[] {
  const range = rangeOf(node);
  if (!range || !isScalar(node) || !['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'].includes(node.type ?? '')) return [];
  const written = node.type === 'PLAIN' ? (node.source ?? '') : String(node.value);
  if (parseQuantity(written) !== wanted.from) return [];
  const quote = node.type === 'QUOTE_DOUBLE' ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : '';
  const line = text.slice(lineStart(text, range[0]), lineEnd(text, range[0]));
  const replacement = `${quote}${formatQuantity(wanted.to, written)}${quote}`;
  return [
    {
      splice: { start: range[0], end: range[1], replacement },
      handsOff: /#\s*memory-inspector:\s*ignore\b/.test(line),
    },
  ];
}

function inlinePatches(value: Json): Path[] {
  if (!isObject(value)) return [];
  return ['patches', 'patchesJson6902', 'patchesStrategicMerge'].flatMap((key) => {
    const entries = value[key];
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((entry: Json, index): Path[] => {
      if (typeof entry === 'string') return entry.includes('\n') ? [[key, index]] : [];
      return isObject(entry) && typeof entry.patch === 'string' ? [[key, index, 'patch']] : [];
    });
  });
}

/** Splices within a literal block scalar, moved to where its lines stand in the file. */
function splicesInside(text: string, node: unknown, wanted: Wanted): FoundSplice[] {
  const range = rangeOf(node);
  if (!range || !isScalar(node) || node.type !== 'BLOCK_LITERAL' || typeof node.value !== 'string') return [];
  const body = lineEnd(text, range[0]) + (text[lineEnd(text, range[0])] === '\r' ? 2 : 1);
  const lines = text.slice(body, range[1]).split('\n');
  const indent = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
  const inner = node.value;
  return findSplices(inner, wanted, false).flatMap(({ splice, handsOff }) => {
    const row = inner.slice(0, splice.start).split('\n').length - 1;
    const before = lines.slice(0, row).reduce((sum, line) => sum + line.length + 1, 0);
    const start = body + before + indent + splice.start - lineStart(inner, splice.start);
    const end = start + splice.end - splice.start;
    if (text.slice(start, end) !== inner.slice(splice.start, splice.end)) return [];
    return [{ splice: { ...splice, start, end }, handsOff }];
  });
}
