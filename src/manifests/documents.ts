import { type Document, isAlias, isMap, isSeq, type Pair, type YAMLMap } from 'yaml';
import { isParsedYaml, type Json, type ParsedYaml, parseYaml, type YamlFault } from '../text/yaml.ts';
import type { WhyNot } from './readable.ts';

export type { Json } from '../text/yaml.ts';
export type Path = readonly (string | number)[];
/** A file's documents as nodes with their offsets, and as the plain values they stand for. */
export type ParsedFile = ParsedYaml;

/** Where an object stands: the document's number and the path to it within (a `List`'s item, or the root). */
export interface FoundWorkload {
  readonly document: number;
  readonly at: Path;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Parses every document of a text, strictly: any error, a duplicate key or an alias bomb refuses the whole file. */
export function parseManifest(text: string): ParsedFile | WhyNot {
  const parsed = parseYaml(text);
  return isParsedYaml(parsed) ? parsed : refuseUnparsed(text, parsed);
}

export function isParsed(parsed: ParsedFile | WhyNot): parsed is ParsedFile {
  return 'documents' in parsed;
}

function refuseUnparsed(text: string, { code, place }: YamlFault): WhyNot {
  const where = place === undefined ? '' : ` (line ${place.line})`;
  if (code === 'RESOURCE_EXHAUSTION') return { reason: 'unsafe file', why: 'it is nested too deeply' };
  if (code === 'EXPANDS') return { reason: 'unsafe file', why: 'its aliases expand without limit' };
  if (code === 'TOO_LARGE') return { reason: 'unsafe file', why: 'it holds far more values than a manifest needs' };
  if (text.includes('{{') || text.includes('{%'))
    return { reason: 'template', why: 'it is a template, not plain YAML' };
  if (code === 'DUPLICATE_KEY') return { reason: 'not editable', why: `it has a key twice${where}` };
  if (code === 'TAB_AS_INDENT') return { reason: 'not editable', why: `it is indented with tabs${where}` };
  return { reason: 'not editable', why: `it is not valid YAML${where}` };
}

/** A tree without shared branches, so that a change to one place is a change to one place. */
export function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}

/** The value at a path; `undefined` where there is none. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (Array.isArray(current)) current = typeof step === 'number' ? (current[step] as Json | undefined) : undefined;
    else if (isObject(current)) current = Object.hasOwn(current, step) ? current[step] : undefined;
    else return undefined;
  }
  return current;
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The map at a key, empty where there is none. */
export function mapAt(value: Json | undefined, key: string): { readonly [key: string]: Json } {
  const inner = valueAt(value, [key]);
  return isObject(inner) ? inner : {};
}

/** The items of the list at a key. */
export function itemsAt(value: Json | undefined, key: string): readonly Json[] {
  const inner = valueAt(value, [key]);
  return Array.isArray(inner) ? (inner as readonly Json[]) : [];
}

/** The text at a key; an empty one counts as missing. */
export function textAt(value: Json | undefined, key: string): string | undefined {
  const inner = valueAt(value, [key]);
  return typeof inner === 'string' && inner !== '' ? inner : undefined;
}

/** Every object with a kind and a name in a file, items of lists included. */
export function findObjects(parsed: ParsedFile): FoundWorkload[] {
  return parsed.values.flatMap((value, document) =>
    objectsIn(value, [], undefined).map((found) => ({ document, ...found })),
  );
}

function objectsIn(value: Json, at: Path, itemOf: string | undefined): Omit<FoundWorkload, 'document'>[] {
  if (!isObject(value)) return [];
  const kind = typeof value.kind === 'string' ? value.kind : itemOf;
  if (kind === undefined) return [];
  if (kind.endsWith('List') && Array.isArray(value.items)) {
    const itemKind = kind === 'List' ? undefined : kind.slice(0, -'List'.length);
    return value.items.flatMap((item: Json, index: number) => objectsIn(item, [...at, 'items', index], itemKind));
  }
  const { metadata } = value;
  if (!isObject(metadata) || typeof metadata.name !== 'string') return [];
  const version = typeof value.apiVersion === 'string' ? value.apiVersion : '';
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  // One that is there and no text, as `{{ .x }}` is in a flow map, must not count as absent.
  const namespace = isObject(metadata.namespace) ? '{{ }}' : metadata.namespace;
  return [
    {
      at,
      group,
      kind,
      name: metadata.name,
      ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}),
    },
  ];
}

/** The node at a path, aliases followed; `undefined` where a step is missing or comes from a merge key. */
export function nodeAt(document: Document.Parsed, path: Path): unknown {
  let node: unknown = resolved(document, document.contents);
  for (const step of path) {
    if (isMap(node)) node = resolved(document, pairAt(document, node, String(step))?.value);
    else if (isSeq(node) && typeof step === 'number') node = resolved(document, node.items[step]);
    else return undefined;
  }
  return node;
}

/** Keys that are aliases (`*app : …`) are each looked up in the whole document. */
const MOST_ALIASED_KEYS = 20;

function pairAt(document: Document.Parsed, map: YAMLMap, name: string): Pair | undefined {
  const aliased = () => map.items.filter(({ key }) => isAlias(key)).slice(0, MOST_ALIASED_KEYS);
  return (
    map.items.find(({ key }) => keyText(key) === name) ??
    aliased().find(({ key }) => keyText(resolved(document, key)) === name)
  );
}

function resolved(document: Document.Parsed, node: unknown): unknown {
  const alias = node as { resolve?: (document: Document.Parsed) => unknown } | null | undefined;
  return typeof alias?.resolve === 'function' ? alias.resolve(document) : node;
}

export function keyText(key: unknown): string | undefined {
  const value = (key as { value?: unknown } | null)?.value;
  return typeof value === 'string' ? value : undefined;
}
