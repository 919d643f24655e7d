import { isDeepStrictEqual } from 'node:util';
import { podSpecPath } from '../../model/kinds.ts';
import type { TemplateContainer, WorkloadRef } from '../../model/workload.ts';
import {
  type FoundWorkload,
  findObjects,
  isObject,
  isParsed,
  type Json,
  type Path,
  parseManifest,
  valueAt,
} from '../documents.ts';
import type { Parser } from '../parser.ts';

/** One document of what was rendered. */
export type RenderedText = string;

/** An object of a rendered document; `namespace` is the given one where the object has none. */
export interface RenderedObject {
  readonly text: RenderedText;
  readonly id: string;
  readonly namespace: string;
  readonly found: FoundWorkload;
  readonly value: Json;
}

/** A leaf of a rendered object; `undefined` where it is missing. */
export interface Difference {
  readonly id: string;
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly texts: readonly [RenderedText | undefined, RenderedText | undefined];
}

/** The documents of a rendering, as texts. */
export function splitRendered(output: string): RenderedText[] {
  return output.split(/^---[ \t]*\r?$/m).filter((text) => /^[^#\s]/m.test(text));
}

/** The objects of a document; `undefined` where it is not YAML that could be read safely. */
export function objectsOf(
  text: RenderedText,
  namespace: string,
  { parse }: Pick<Parser, 'parse'> = { parse: parseManifest },
): RenderedObject[] | undefined {
  const parsed = parse(text);
  if (!isParsed(parsed)) return undefined;
  return findObjects(parsed).map((found) => {
    const place = found.namespace ?? namespace;
    const id = `${place}/${found.group}/${found.kind}/${found.name}`;
    return { text, id, namespace: place, found, value: valueAt(parsed.values[found.document], found.at) ?? null };
  });
}

/** The rendered objects that are the workload; `undefined` where a document that names it cannot be read. */
export function findRenderedWorkload(
  documents: readonly RenderedText[],
  ref: WorkloadRef,
  namespace: string,
): RenderedObject[] | undefined {
  const named = documents.filter((text) => text.includes(ref.name) && text.includes(ref.kind));
  const read = named.map((text) => objectsOf(text, namespace));
  if (read.some((objects) => objects === undefined)) return undefined;
  return read
    .flatMap((objects) => objects ?? [])
    .filter(({ found, namespace: place }) => {
      const same = found.kind === ref.kind && found.group === ref.group && found.name === ref.name;
      return same && place === ref.namespace;
    });
}

/** The path within a rendered workload of a container's `resources`; `undefined` where it has no such container. */
export function resourcesPath(object: RenderedObject, live: TemplateContainer): Path | undefined {
  const spec = podSpecPath(object.found.kind);
  if (live.kind === 'pod') return isObject(valueAt(object.value, spec)) ? [...spec, 'resources'] : undefined;
  const list = [...spec, live.kind === 'sidecar' ? 'initContainers' : 'containers'];
  const containers = valueAt(object.value, list);
  if (!Array.isArray(containers)) return undefined;
  const index = containers.findIndex((one: Json) => isObject(one) && one.name === live.name);
  return index < 0 ? undefined : [...list, index, 'resources'];
}

/** Every leaf that two renderings differ in; `undefined` where a document that differs cannot be read. */
export function compareRendered(
  before: readonly RenderedText[],
  after: readonly RenderedText[],
  namespace: string,
): Difference[] | undefined {
  const [old, fresh] = withoutCommon(before, after);
  const read = [...old, ...fresh].map((text) => objectsOf(text, namespace));
  if (read.some((objects) => objects === undefined || objects.length === 0)) return undefined;
  const objects = read.map((one) => one ?? []);
  const left = byId(objects.slice(0, old.length).flat());
  const right = byId(objects.slice(old.length).flat());
  if (!left || !right) return undefined;
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((id) => {
    const texts = [left.get(id)?.text, right.get(id)?.text] as const;
    return leaves(left.get(id)?.value, right.get(id)?.value, []).map((leaf) => ({ id, ...leaf, texts }));
  });
}

function withoutCommon(before: readonly string[], after: readonly string[]): [string[], string[]] {
  const counts = new Map<string, number>();
  for (const text of after) counts.set(text, (counts.get(text) ?? 0) + 1);
  const old = before.filter((text) => {
    const count = counts.get(text) ?? 0;
    if (count > 0) counts.set(text, count - 1);
    return count === 0;
  });
  const fresh = after.filter((text) => {
    const count = counts.get(text) ?? 0;
    if (count > 0) counts.set(text, count - 1);
    return count > 0;
  });
  return [old, fresh];
}

function byId(objects: readonly RenderedObject[]): Map<string, RenderedObject> | undefined {
  const map = new Map(objects.map((object) => [object.id, object]));
  return map.size === objects.length ? map : undefined;
}

function leaves(before: Json | undefined, after: Json | undefined, path: Path): Omit<Difference, 'id' | 'texts'>[] {
  if (isDeepStrictEqual(before, after)) return [];
  // A key without a value (`resources:`) is filled, not replaced.
  const [left, right] = [entriesOf(before), entriesOf(after)];
  const nested = (left ?? right) && (left || isNothing(before)) && (right || isNothing(after));
  const sameForm = Array.isArray(before) === Array.isArray(after) || isNothing(before) || isNothing(after);
  if (!nested || !sameForm || [left, right].every((map) => !map || map.size === 0)) return [{ path, before, after }];
  const keys = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])]);
  return [...keys].flatMap((key) => leaves(left?.get(key), right?.get(key), [...path, key]));
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function entriesOf(value: Json | undefined): Map<string | number, Json> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item: Json, index) => [index, item]));
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

/** Every text leaf of a value with its path. */
export function textLeaves(value: Json, path: Path = []): { readonly path: Path; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  return [...(entriesOf(value) ?? [])].flatMap(([key, inner]) => textLeaves(inner, [...path, key]));
}
