import { posix } from 'node:path';
import { findObjects, isObject, isParsed, type Json, parseManifest } from '../documents.ts';
import { filesNamed, folderOf, resolvePath } from '../reach.ts';
import { refuseFields, refuseTransformer } from './fields.ts';

/** The repository as a kustomization's names are looked up in it. */
export interface Names {
  readonly files: ReadonlySet<string>;
  /** Kustomizations by their folder (`` or ending in `/`). */
  readonly byFolder: ReadonlyMap<string, string>;
}

/** What a kustomization loads: files, and other kustomizations by path. */
export interface Loads {
  readonly files: readonly string[];
  readonly includes: readonly string[];
  readonly transformers: readonly string[];
}

/** `text` is the kustomization written anew: known fields alone, and names that stay in the repository. */
export type Accepted =
  | (Loads & { readonly state: 'accepted'; readonly value: Json; readonly text: string })
  | (Loads & { readonly state: 'refused'; readonly value: Json; readonly why: string });

type Map = { readonly [key: string]: Json };

const RUNS_CODE = ['generators', 'helmCharts', 'helmChartInflationGenerator', 'helmGlobals', 'validators'];
const LISTS = ['resources', 'bases', 'components', 'crds', 'configurations'];
const LISTS_OR_TEXTS = ['patchesStrategicMerge', 'transformers'];
const LISTS_OF_PATHS = ['patches', 'patchesJson6902', 'replacements'];
const GENERATORS = ['configMapGenerator', 'secretGenerator'];

/** Reads a kustomization that anybody may have written: accepted as a whole, or refused with the reason. */
export function acceptKustomization(path: string, text: string, names: Names): Accepted {
  const folder = folderOf(path);
  const parsed = parseManifest(text);
  if (!isParsed(parsed)) {
    return refuse(null, text.split(/[\s"',[\]]+/), `${path}: ${parsed.why}`);
  }
  const [value = null] = parsed.values;
  if (parsed.values.length !== 1 || !isObject(value)) return refuse(value, [], `${path} is not one map`);
  const code = RUNS_CODE.find((key) => value[key] !== undefined);
  if (code) return refuse(value, filesNamed(value), `${path} uses ${code}, which runs code and is not rendered`);
  const strange = refuseFields(value);
  if (strange !== undefined) return refuse(value, filesNamed(value), `${path} ${strange}`);

  const loads = { files: [] as string[], includes: [] as string[], transformers: [] as string[] };
  let unknown: string | undefined;
  const accepted = mapNames(value, (name, list) => {
    const found = find(path, name, names);
    if (found === undefined) unknown ??= name;
    else if (found.kind === 'folder') loads.includes.push(found.path);
    else loads.files.push(found.path);
    if (list === 'transformers' && found) loads.transformers.push(found.path);
    return found === undefined ? name : relative(folder, found.kind === 'folder' ? folderOf(found.path) : found.path);
  });
  if (unknown !== undefined) {
    return refuse(value, filesNamed(value), `${path} loads ${brief(unknown)}, which is not a file of this repository`);
  }
  if (loads.transformers.some((one) => loads.includes.includes(one))) {
    return refuse(value, filesNamed(value), `${path} loads transformers from a folder, which is not rendered`);
  }
  return { state: 'accepted', value, text: `${JSON.stringify(accepted)}\n`, ...loads };

  // What is not run is read by somebody all the same: an edit of its files may reach it.
  function refuse(from: Json, named: readonly string[], why: string): Accepted {
    const found = named.map((name) => find(path, name, names)).filter((one) => one !== undefined);
    const files = found.filter((one) => one.kind === 'file').map((one) => one.path);
    const includes = found.filter((one) => one.kind === 'folder').map((one) => one.path);
    return { state: 'refused', value: from, why, files, includes, transformers: [] };
  }
}

/** The text of a transformers' file written anew, or why it is not rendered. */
export function acceptTransformers(path: string, text: string): { readonly text: string } | { readonly why: string } {
  const parsed = parseManifest(text);
  if (!isParsed(parsed)) return { why: `${path}: ${parsed.why}` };
  const values = parsed.values.filter((value) => value !== null);
  const strange = values.map(refuseTransformer).find((why) => why !== undefined);
  if (strange !== undefined) return { why: `${path} ${strange}` };
  return { text: values.map((value) => JSON.stringify(value)).join('\n---\n') };
}

/** What a file may hold that stands for a path: no scheme, no query, nothing that a shell or a terminal would take for more. */
const PLAIN_NAME = /^[^\p{Cc}\\:?*|<>"]+$/u;

function find(path: string, name: string, { files, byFolder }: Names) {
  const target = PLAIN_NAME.test(name) ? resolvePath(folderOf(path), name) : undefined;
  if (target === undefined) return undefined;
  const inner = byFolder.get(target === '' ? '' : `${target}/`);
  if (inner !== undefined && inner !== path) return { kind: 'folder', path: inner } as const;
  return files.has(target) ? ({ kind: 'file', path: target } as const) : undefined;
}

function relative(folder: string, target: string): string {
  const way = posix.relative(`/${folder}`, `/${target}`);
  return way.startsWith('../') || way === '..' ? way : `./${way}`;
}

/** The same kustomization with every name of a file or folder replaced; `list` is the field that it stands in. */
function mapNames(value: Map, rename: (name: string, list: string) => string): Map {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapField(key, inner, (name) => rename(name, key))]),
  );
}

function mapField(key: string, value: Json, rename: (name: string) => string): Json {
  if (LISTS.includes(key)) return mapList(value, (item) => (typeof item === 'string' ? rename(item) : item));
  if (LISTS_OR_TEXTS.includes(key)) {
    return mapList(value, (item) => (typeof item === 'string' ? renameOrKeep(key, item, rename) : item));
  }
  if (LISTS_OF_PATHS.includes(key)) return mapList(value, (item) => mapPath(item, rename));
  if (key === 'openapi') return mapPath(value, rename);
  return GENERATORS.includes(key) ? mapList(value, (item) => mapGenerator(item, rename)) : value;
}

function mapList(value: Json, map: (item: Json) => Json): Json {
  return Array.isArray(value) ? value.map((item: Json) => map(item)) : value;
}

function mapPath(value: Json, rename: (name: string) => string): Json {
  if (!isObject(value) || typeof value.path !== 'string' || value.path === '') return value;
  return { ...value, path: rename(value.path) };
}

function mapGenerator(value: Json, rename: (name: string) => string): Json {
  if (!isObject(value)) return value;
  const withKey = (entry: string) => {
    const at = entry.indexOf('=') + 1;
    return `${entry.slice(0, at)}${rename(entry.slice(at))}`;
  };
  const names = (list: Json | undefined, map: (entry: string) => string) =>
    list === undefined ? {} : mapList(list, (item) => (typeof item === 'string' ? map(item) : item));
  return {
    ...value,
    ...(value.files === undefined ? {} : { files: names(value.files, withKey) }),
    ...(value.envs === undefined ? {} : { envs: names(value.envs, rename) }),
    ...(typeof value.env === 'string' && value.env !== '' ? { env: rename(value.env) } : {}),
  };
}

/** A patch or transformer that is written in the list itself is no name; its text is kept, or written anew. */
function renameOrKeep(key: string, item: string, rename: (name: string) => string): string {
  const parsed = item.includes('\n') || item.trimStart().startsWith('{') ? parseManifest(item) : undefined;
  if (parsed === undefined || !isParsed(parsed) || findObjects(parsed).length === 0) return rename(item);
  if (key !== 'transformers') return item;
  const accepted = acceptTransformers('a transformer', item);
  return 'text' in accepted ? accepted.text : rename(item);
}

function brief(name: string): string {
  const line = name.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
