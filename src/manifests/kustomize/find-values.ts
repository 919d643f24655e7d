import { isScalar } from 'yaml';
import type { Bytes } from '../../bytes.ts';
import { formatQuantity, parseQuantity } from '../../quantity.ts';
import { isObject, isParsed, type Json, type Path, valueAt } from '../documents.ts';
import { SECTIONS, type Section } from '../memory.ts';
import { lineEnd, lineStart, rangeOf } from '../memory-style.ts';
import type { Parser } from '../parser.ts';
import { createNodeFinder } from '../value-places.ts';

/** A scalar that sets some container's memory, if nothing overrides it. */
export interface ValuePlace {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** As it is written, without its quotes. */
  readonly written: string;
  readonly quote: '' | '"' | "'";
  /** A comment on its line forbids a change. */
  readonly handsOff: boolean;
  /** Missing for a variable, which may be put in anywhere. */
  readonly section?: Section;
  /** The container that it is written for, where that stands beside it. */
  readonly container?: string;
  /** The name of the object that it stands in. */
  readonly object?: string;
}

type Spot = Omit<ValuePlace, 'path'>;

/** Nobody writes more; a hostile file may. */
const MOST_PLACES = 2000;

/**
 * Every scalar of a file that may set memory: in `resources` (of a resource or a strategic merge patch), in a JSON6902
 * operation on resources, in either kind of patch written inline. Which container it sets, rendering shows.
 */
export function findPlaces(path: string, text: string, parser: Parser): ValuePlace[] {
  // An alias leads to the scalar of its anchor once more.
  const spots = new Map(findSpots(text, parser, true).map((spot) => [spot.start, spot]));
  return [...spots.values()].slice(0, MOST_PLACES).map((spot) => ({ path, ...spot }));
}

/** What to write at a place for a size, in the place's own style. */
export function writeAt({ written, quote }: ValuePlace, size: Bytes): string {
  return `${quote}${formatQuantity(size, written)}${quote}`;
}

function findSpots(text: string, parser: Parser, outer: boolean): Spot[] {
  if (!['memory', 'resources', 'postBuild'].some((word) => text.includes(word))) return [];
  const parsed = parser.parse(text);
  if (!isParsed(parsed)) return [];
  return parsed.values.flatMap((value, number) => {
    const document = parsed.documents[number];
    if (!document) return [];
    const nodeAt = createNodeFinder(document);
    const spots = [...walk(value, []), ...variables(value)].slice(0, MOST_PLACES);
    const found = spots.flatMap(({ path, ...about }) => spotAt(text, nodeAt(path)).map((at) => ({ ...at, ...about })));
    const inline = outer ? inlinePatches(value) : [];
    return [...found, ...inline.flatMap((spot) => spotsInside(text, nodeAt(spot), parser))];
  });
}

interface Candidate {
  readonly path: Path;
  readonly section?: Section;
  readonly container?: string;
  readonly object?: string;
}

function walk(value: Json, path: Path, outer?: string): Candidate[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => walk(item, [...path, index], outer));
  if (!isObject(value)) return [];
  const spots: Candidate[] = [];
  const name = typeof value.kind === 'string' ? valueAt(value, ['metadata', 'name']) : undefined;
  const object = typeof name === 'string' ? name : outer;
  if (isObject(value.resources)) {
    const container = typeof value.name === 'string' ? { container: value.name } : {};
    for (const section of SECTIONS) {
      const found = { path: [...path, 'resources', section, 'memory'], section, ...container };
      spots.push(object === undefined ? found : { ...found, object });
    }
  }
  // A test fails when what it looks for is changed.
  if (typeof value.op === 'string' && value.op !== 'test' && typeof value.path === 'string') {
    spots.push(
      ...operationPaths(value.path).map(([section, inner]) => ({ path: [...path, 'value', ...inner], section })),
    );
  }
  return [...spots, ...Object.entries(value).flatMap(([key, item]) => walk(item, [...path, key], object))];
}

/** Where, within a JSON6902 operation's value, memory would stand. */
function operationPaths(pointer: string): (readonly [Section, Path])[] {
  const parts = /\/resources(?:\/(limits|requests)(?:\/(memory))?)?$/.exec(pointer);
  if (!parts) return [];
  const section = SECTIONS.find((one) => one === parts[1]);
  if (section === undefined) return SECTIONS.map((one) => [one, [one, 'memory']]);
  return [[section, parts[2] ? [] : ['memory']]];
}

function spotAt(text: string, node: unknown): Omit<Spot, 'section' | 'container' | 'object'>[] {
  const range = rangeOf(node);
  if (!range || !isScalar(node) || !['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'].includes(node.type ?? '')) return [];
  const written = node.type === 'PLAIN' ? (node.source ?? '') : String(node.value);
  if (parseQuantity(written) === undefined) return [];
  const quote = node.type === 'QUOTE_DOUBLE' ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : '';
  const line = text.slice(lineStart(text, range[0]), lineEnd(text, range[0]));
  const handsOff = /#\s*memory-inspector:\s*ignore\b/.test(line);
  return [{ start: range[0], end: range[1], written, quote, handsOff }];
}

/** A size with a unit: what else a variable holds is no memory. */
const SIZE = /^\d{1,9}(?:\.\d{1,3})?(?:[kKMGT]i?)$/;

/** The variables of a Flux `Kustomization` that may be sizes. */
function variables(value: Json): Candidate[] {
  const at: Path = ['spec', 'postBuild', 'substitute'];
  const given = isFlux(value) ? valueAt(value, at) : undefined;
  return Object.entries(isObject(given) ? given : {}).flatMap(([name, text]) =>
    typeof text === 'string' && SIZE.test(text) ? [{ path: [...at, name] }] : [],
  );
}

function isFlux(value: Json): boolean {
  return isObject(value) && value.kind === 'Kustomization' && valueAt(value, ['spec']) !== undefined;
}

/** Where an application's own patches may stand. */
const OF_APPLICATIONS: readonly Path[] = [
  ['spec'],
  ['spec', 'source', 'kustomize'],
  ['spec', 'template', 'spec', 'source', 'kustomize'],
];

/** Where patches are written as texts: in a kustomization, a transformer that applies them, or an application. */
function inlinePatches(value: Json): Path[] {
  if (!isObject(value)) return [];
  if (value.apiVersion === 'builtin') {
    return ['patch', 'patches'].flatMap((key) => (typeof value[key] === 'string' ? [[key]] : []));
  }
  const inner = OF_APPLICATIONS.flatMap((at) => {
    const settings = valueAt(value, at);
    return isObject(settings) ? patchesIn(settings).map((path) => [...at, ...path]) : [];
  });
  return [...patchesIn(value), ...inner];
}

function patchesIn(value: { readonly [key: string]: Json }): Path[] {
  return ['patches', 'patchesJson6902', 'patchesStrategicMerge'].flatMap((key) => {
    const entries = value[key];
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((entry: Json, index): Path[] => {
      if (typeof entry === 'string') return entry.includes('\n') ? [[key, index]] : [];
      return isObject(entry) && typeof entry.patch === 'string' ? [[key, index, 'patch']] : [];
    });
  });
}

/** Spots within a literal block scalar, moved to where its lines stand in the file. */
function spotsInside(text: string, node: unknown, parser: Parser): Spot[] {
  const range = rangeOf(node);
  if (!range || !isScalar(node) || node.type !== 'BLOCK_LITERAL' || typeof node.value !== 'string') return [];
  const body = lineEnd(text, range[0]) + (text[lineEnd(text, range[0])] === '\r' ? 2 : 1);
  const lines = text.slice(body, range[1]).split('\n');
  const indent = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
  const inner = node.value;
  return findSpots(inner, parser, false).flatMap((spot) => {
    const row = inner.slice(0, spot.start).split('\n').length - 1;
    const before = lines.slice(0, row).reduce((sum, line) => sum + line.length + 1, 0);
    const start = body + before + indent + spot.start - lineStart(inner, spot.start);
    const end = start + spot.end - spot.start;
    return text.slice(start, end) === inner.slice(spot.start, spot.end) ? [{ ...spot, start, end }] : [];
  });
}
