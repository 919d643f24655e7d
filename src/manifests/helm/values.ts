import { define } from '../../text/yaml.ts';
import { isObject, isParsed, type Json, type ParsedFile, type Path, valueAt } from '../documents.ts';
import type { Parser } from '../parser.ts';
import type { WhyNot } from '../readable.ts';
import type { Layer } from './release.ts';
import type { RepositoryText, Texts } from './texts.ts';

/** A layer with its values. `inner` is the YAML within a string, for a `text` layer. */
export interface LoadedLayer extends Layer {
  readonly file: RepositoryText;
  readonly values: Json;
  readonly inner?: { readonly text: string; readonly parsed: ParsedFile };
}

/** Reads a layer's values from the repository, or says why they cannot be known. */
export async function loadLayer(layer: Layer, texts: Texts): Promise<LoadedLayer | WhyNot> {
  const file = await texts.read(layer.path);
  if (!file) return { reason: 'unsafe file', why: `${layer.path} is missing or cannot be read` };
  return readLayer(layer, file, texts.parser);
}

/** The layer as it is in a given state of its file. */
export function readLayer(layer: Layer, file: RepositoryText, parser: Parser): LoadedLayer | WhyNot {
  if (layer.fixed) return { ...layer, file, values: layer.fixed.value };
  if (!file.parsed) return file.refusal ?? { reason: 'not editable', why: `${layer.path} is not YAML` };
  const value = valueAt(file.parsed.values[layer.document], layer.at) ?? null;
  if (layer.form !== 'text') {
    if (layer.form === 'file' && file.parsed.values.length > 1) {
      return { reason: 'not editable', why: `${layer.path} has several documents` };
    }
    return value === null || isObject(value)
      ? { ...layer, file, values: value ?? {} }
      : { reason: 'not editable', why: `${layer.path} has no map of values` };
  }
  if (typeof value !== 'string') return { reason: 'not editable', why: `${layer.path} has no text with values` };
  const parsed = parser.parse(value);
  if (!isParsed(parsed)) return { ...parsed, why: `the values in ${layer.path}: ${parsed.why}` };
  const root = parsed.values[0] ?? null;
  if (parsed.values.length > 1 || (root !== null && !isObject(root))) {
    return { reason: 'not editable', why: `the values in ${layer.path} are not one map` };
  }
  return { ...layer, file, values: root ?? {}, inner: { text: value, parsed } };
}

/** Values as Helm merges them: maps into each other, all else replaced by the higher layer. */
export function mergeValues(low: Json, high: Json): Json {
  if (!isObject(low) || !isObject(high)) return high;
  const merged: Record<string, Json> = { ...low };
  for (const [key, value] of Object.entries(high)) {
    const under = Object.hasOwn(low, key) ? low[key] : undefined;
    define(merged, key, under === undefined ? value : mergeValues(under, value));
  }
  return merged;
}

/** Values below the keys of a path. */
export function mounted(values: Json, mount: Path): Json {
  return mount.reduceRight<Json>((inner, key) => define({}, String(key), inner), values);
}

/** A value file that sets the given paths and nothing else; a list on the way is repeated as `merged` has it. */
export function overlayOf(merged: Json, settings: readonly (readonly [Path, string])[]): Json {
  const overlay: Record<string, Json> = {};
  for (const [path, value] of settings) setIn(overlay, merged, path, value);
  return overlay;
}

function setIn(target: Json, merged: Json | undefined, path: Path, value: string): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof target !== 'object' || target === null) return;
  const holder = target as Record<string | number, Json>;
  const under = valueAt(merged, [key]);
  if (rest.length === 0) {
    define(holder, key, value);
    return;
  }
  const present = Object.hasOwn(holder, key) ? holder[key] : undefined;
  if (typeof present !== 'object' || present === null) {
    // Lists are replaced as a whole by Helm, so what else they hold has to be repeated.
    define(holder, key, Array.isArray(under) || Array.isArray(target) ? clone(under ?? {}) : {});
  }
  const next = holder[key];
  if (next !== undefined) setIn(next, under, rest, value);
}

function clone(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
