import { posix } from 'node:path';
import { findObjects, isObject, isParsed, type Json, parseManifest } from '../documents.ts';
import { baseName, folderOf, resolvePath } from '../reach.ts';
import { readFields, readTransformer } from './fields.ts';
import { type Fields, isGiven, leaveOut } from './leave-out.ts';

/** The repository as a kustomization's names are looked up in it. */
export interface Names {
  readonly files: ReadonlySet<string>;
  /** Kustomizations by their folder (`` or ending in `/`). */
  readonly byFolder: ReadonlyMap<string, string>;
}

/** What a name stands for: a file, or the kustomization of a folder. */
export interface NamedPath {
  readonly kind: 'file' | 'folder';
  readonly path: string;
}

/** What a kustomization loads, by path. */
export interface Loads {
  /** Files whose objects, patches or settings it takes. */
  readonly files: readonly string[];
  /** Files that it takes for data (of a ConfigMap, say), whatever stands in them. */
  readonly data: readonly string[];
  /** Other kustomizations. */
  readonly includes: readonly string[];
  /** Files that configure transformers, and kustomizations of such files. */
  readonly transformers: readonly NamedPath[];
  /** What it names that comes from elsewhere and is not rendered. */
  readonly leftOut: readonly string[];
}

/** `written` is the kustomization written anew: known fields alone, and names that stay in the copy. */
export type Accepted =
  | (Loads & { readonly state: 'accepted'; readonly value: Json; readonly written: Fields })
  | Refused;

type Refused = Loads & {
  readonly state: 'refused';
  readonly value: Json;
  readonly why: string;
  /** Nothing is known of it: it may load whatever lies below it. */
  readonly unreadable?: true;
};

const RUNS_CODE = ['generators', 'validators'];
const LISTS = ['resources', 'bases', 'components', 'crds', 'configurations'];
const LISTS_OR_TEXTS = ['patchesStrategicMerge', 'transformers'];
const LISTS_OF_PATHS = ['patches', 'patchesJson6902', 'replacements'];
const GENERATORS = ['configMapGenerator', 'secretGenerator'];

/** Reads a kustomization that anybody may have written: accepted as a whole, or refused with the reason. */
export function acceptKustomization(path: string, text: string, names: Names): Accepted {
  const parsed = parseManifest(text);
  if (!isParsed(parsed)) {
    const named = text.split(/[\s"',[\]]+/);
    return { ...refuse(null, named, `${path}: ${parsed.why}`), unreadable: true };
  }
  const [value = null, ...more] = parsed.values;
  const named = parsed.values.flatMap(stringsIn);
  if (!isObject(value) || more.some((other) => other !== null)) return refuse(value, named, `${path} is not one map`);
  const code = RUNS_CODE.find((key) => isGiven(value[key]));
  if (code) return refuse(value, named, `${path} uses ${code}, which runs code and is not rendered`);
  const mayRun = Object.fromEntries(Object.entries(value).filter(([key]) => !RUNS_CODE.includes(key)));
  const { value: local, leftOut } = leaveOut(mayRun, (name) => find(path, name, names) !== undefined);
  const read = readFields(local);
  if ('why' in read) return refuse(value, named, `${path} ${read.why}`);

  const found = {
    files: new Set<string>(),
    data: new Set<string>(),
    includes: new Set<string>(),
    transformers: [] as NamedPath[],
  };
  let unknown: string | undefined;
  let strange: string | undefined;
  const written = mapNames(read.value, (name, list) => {
    // What is written in the list itself is no name: its text is kept, or written anew.
    if (LISTS_OR_TEXTS.includes(list) && isInline(name)) {
      const inline = list === 'transformers' ? acceptTransformers('', name) : { text: name };
      if ('text' in inline) return inline.text;
      strange ??= inline.why.trim();
      return name;
    }
    const one = find(path, name, names);
    if (one === undefined) {
      unknown ??= name;
      return name;
    }
    const kind = one.kind === 'folder' ? 'includes' : GENERATORS.includes(list) ? 'data' : 'files';
    found[kind].add(one.path);
    if (list === 'transformers') found.transformers.push(one);
    return relative(folderOf(path), one.kind === 'folder' ? folderOf(one.path) : copyNameOf(one.path));
  });
  if (strange !== undefined) return refuse(value, named, `${path} ${strange}`);
  if (unknown !== undefined) {
    return refuse(value, named, `${path} loads ${brief(unknown)}, which is not a file of this repository`);
  }
  const { transformers } = found;
  const [files, data, includes] = [[...found.files], [...found.data], [...found.includes]];
  return { state: 'accepted', value, written, files, data, includes, transformers, leftOut };

  // What is not run is read by somebody all the same: an edit of its files may reach it.
  function refuse(from: Json, loaded: readonly string[], why: string): Refused {
    const all = loaded.map((name) => find(path, name, names)).filter((one) => one !== undefined);
    const pathsOf = (kind: NamedPath['kind']) => [
      ...new Set(all.filter((one) => one.kind === kind).map((one) => one.path)),
    ];
    const [files, includes] = [pathsOf('file'), pathsOf('folder')];
    return { state: 'refused', value: from, why, files, data: [], includes, transformers: [], leftOut: [] };
  }
}

/** Whether a kustomization does nothing but list files, so that none of them is changed before it is used. */
export function onlyLists(value: Json): boolean {
  return (
    isObject(value) && Object.keys(value).every((key) => ['apiVersion', 'kind', 'metadata', 'resources'].includes(key))
  );
}

/** The path under which a file is copied: kustomize would take one of its own names for a kustomization. */
export function copyNameOf(path: string): string {
  const name = baseName(path);
  return /^kustomization(\.ya?ml)?$/i.test(name) ? `${folderOf(path)}loaded-as-file.${name}` : path;
}

/** The text of a transformers' file written anew, or why it is not rendered. */
export function acceptTransformers(path: string, text: string): { readonly text: string } | { readonly why: string } {
  const parsed = parseManifest(text);
  if (!isParsed(parsed)) return { why: `${path}: ${parsed.why}` };
  const read = parsed.values.filter((value) => value !== null).map(readTransformer);
  const refused = read.find((one) => 'why' in one);
  if (refused) return { why: `${path} ${refused.why}` };
  return { text: read.map((one) => JSON.stringify('value' in one ? one.value : null)).join('\n---\n') };
}

/** What a file may hold that stands for a path: no scheme, no query, nothing that a shell or a terminal would take for more. */
const PLAIN_NAME = /^[^\p{Cc}\\:?*|<>"]+$/u;

function find(path: string, name: string, { files, byFolder }: Names): NamedPath | undefined {
  const target = PLAIN_NAME.test(name) ? resolvePath(folderOf(path), name) : undefined;
  if (target === undefined) return undefined;
  const inner = byFolder.get(target === '' ? '' : `${target}/`);
  if (inner !== undefined && inner !== path) return { kind: 'folder', path: inner };
  return files.has(target) ? { kind: 'file', path: target } : undefined;
}

function relative(folder: string, target: string): string {
  const way = posix.relative(`/${folder}`, `/${target}`);
  return way.startsWith('../') || way === '..' ? way : `./${way}`;
}

/** The same kustomization with every name of a file or folder replaced, and every text that may be one; `list` is its field. */
function mapNames(value: Fields, rename: (name: string, list: string) => string): Fields {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapField(key, inner, (name) => rename(name, key))]),
  );
}

function mapField(key: string, value: Json, rename: (name: string) => string): Json {
  if (LISTS.includes(key) || LISTS_OR_TEXTS.includes(key)) {
    return mapList(value, (item) => (typeof item === 'string' ? rename(item) : item));
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
  // The key is the file's own name where none is given, whatever it is called in the copy.
  const withKey = (entry: string) => {
    const at = entry.indexOf('=') + 1;
    const key = at > 0 ? entry.slice(0, at) : copyNameOf(entry) === entry ? '' : `${baseName(entry)}=`;
    return `${key}${rename(entry.slice(at))}`;
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

function isInline(item: string): boolean {
  const parsed = item.includes('\n') || item.trimStart().startsWith('{') ? parseManifest(item) : undefined;
  return parsed !== undefined && isParsed(parsed) && findObjects(parsed).length > 0;
}

function brief(name: string): string {
  const line = name.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

/** Every text that may name something, whatever its key, and however that is spelled. */
function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return value.includes('\n') ? [] : [value, value.slice(value.indexOf('=') + 1)];
  if (Array.isArray(value)) return value.flatMap((item: Json) => stringsIn(item));
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}
