import { isObject, isParsed, type Json, parseManifest } from '../documents.ts';
import { folderOf, resolvePath } from '../reach.ts';

/** A kustomization, and what a run of kustomize on it reads. */
export interface Kustomization {
  readonly path: string;
  /** `` for the root, else ending in `/`. */
  readonly folder: string;
  readonly value: Json;
  /** Files it names itself. */
  readonly files: readonly string[];
  /** Kustomizations it includes, by path. */
  readonly includes: readonly string[];
  /** Why it must not be run. */
  readonly refusal?: string;
}

export interface LoadGraph {
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  /** Those that no other one that can be run includes and that are not components. */
  readonly roots: readonly Kustomization[];
}

/** What a root reads: its kustomizations (itself first) and all their files, kustomizations included. */
export interface Closure {
  readonly kustomizations: readonly Kustomization[];
  readonly files: ReadonlySet<string>;
  readonly refusal?: string;
}

const PLAIN_LISTS = [
  'resources',
  'bases',
  'components',
  'crds',
  'configurations',
  'transformers',
  'generators',
  'validators',
  'patchesStrategicMerge',
];
const PATH_LISTS = ['patches', 'patchesJson6902', 'replacements'];
const GENERATORS = ['configMapGenerator', 'secretGenerator'];
const RUNS_CODE = ['generators', 'helmCharts', 'helmChartInflationGenerator', 'helmGlobals', 'validators'];

/** Reads the graph from the texts of all kustomizations; `paths` are the repository's plain files. */
export function readLoadGraph(paths: readonly string[], texts: ReadonlyMap<string, string>): LoadGraph {
  const files = new Set(paths);
  const byFolder = new Map([...texts.keys()].map((path) => [folderOf(path), path]));
  const kustomizations = new Map<string, Kustomization>();
  for (const [path, text] of texts) kustomizations.set(path, readOne(path, text, files, byFolder));
  // What only such include as cannot be run is rendered by itself.
  const included = new Set([...kustomizations.values()].flatMap((one) => (one.refusal ? [] : one.includes)));
  const roots = [...kustomizations.values()].filter((one) => !included.has(one.path) && !isComponent(one));
  return { kustomizations, roots: roots.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function isComponent(one: Kustomization): boolean {
  return isObject(one.value) && one.value.kind === 'Component';
}

function readOne(
  path: string,
  text: string,
  known: ReadonlySet<string>,
  byFolder: ReadonlyMap<string, string>,
): Kustomization {
  const folder = folderOf(path);
  const parsed = parseManifest(text);
  const value = isParsed(parsed) ? (parsed.values[0] ?? null) : null;
  if (!isParsed(parsed)) return { ...reached(text.split(/[\s"',[\]]+/)), refusal: `${path}: ${parsed.why}` };
  const [only] = parsed.values;
  if (parsed.values.length !== 1 || !isObject(only)) return { ...reached([]), refusal: `${path} is not one map` };
  const { unknown, ...loaded } = reached(namesIn(only));
  const code = RUNS_CODE.find((key) => only[key] !== undefined);
  if (code) return { ...loaded, refusal: `${path} uses ${code}, which runs code and is not rendered` };
  return unknown === undefined
    ? loaded
    : { ...loaded, refusal: `${path} loads ${unknown}, which is not a file of this repository` };

  // What is not run is read by somebody all the same: an edit of its files may reach it.
  function reached(names: readonly string[]) {
    const files: string[] = [];
    const includes: string[] = [];
    let unknown: string | undefined;
    for (const name of names) {
      const target = resolvePath(folder, name);
      const inner = target === undefined ? undefined : byFolder.get(target === '' ? '' : `${target}/`);
      if (inner !== undefined && inner !== path) includes.push(inner);
      else if (target !== undefined && known.has(target)) files.push(target);
      else unknown ??= name;
    }
    return { path, folder, value, files, includes, unknown };
  }
}

function namesIn(value: { readonly [key: string]: Json }): string[] {
  const names = PLAIN_LISTS.flatMap((key) => strings(value[key]).filter((name) => !name.includes('\n')));
  for (const entry of PATH_LISTS.flatMap((key) => objects(value[key]))) names.push(...strings([entry.path ?? null]));
  for (const entry of GENERATORS.flatMap((key) => objects(value[key]))) {
    names.push(...strings(entry.files).map((file) => file.slice(file.indexOf('=') + 1)));
    names.push(...strings(entry.envs), ...strings([entry.env ?? null]));
  }
  if (isObject(value.openapi)) names.push(...strings([value.openapi.path ?? null]));
  return names;
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item: Json): item is string => typeof item === 'string') : [];
}

function objects(value: Json | undefined): { readonly [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter((item: Json) => isObject(item)) : [];
}

/**
 * Everything below a root, in the order in which kustomize applies it last to first: the root, then what it includes. What
 * is a root itself, below one that cannot be run, counts there alone.
 */
export function closureOf(graph: LoadGraph, root: Kustomization): Closure {
  const seen = new Set<Kustomization>();
  const queue = [root];
  for (let one = queue.shift(); one; one = queue.shift()) {
    if (seen.has(one)) continue;
    seen.add(one);
    for (const path of one.includes.toReversed()) {
      const inner = graph.kustomizations.get(path);
      if (inner && !graph.roots.includes(inner)) queue.push(inner);
    }
  }
  const kustomizations = [...seen];
  const files = new Set(kustomizations.flatMap((one) => [one.path, ...one.files]));
  const refusal = kustomizations.find((one) => one.refusal)?.refusal;
  return { kustomizations, files, ...(refusal ? { refusal } : {}) };
}
