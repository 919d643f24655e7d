import { isObject, type Json } from '../documents.ts';
import { folderOf } from '../reach.ts';
import { acceptKustomization, type Names } from './accept.ts';
import { findLoops } from './find-loops.ts';

/** A kustomization, and what a run of kustomize on it reads. */
export interface Kustomization {
  readonly path: string;
  /** `` for the root, else ending in `/`. */
  readonly folder: string;
  readonly value: Json;
  /** Files whose objects, patches or settings it takes. */
  readonly files: readonly string[];
  /** Files that are data to it, whatever stands in them. */
  readonly data: readonly string[];
  /** Kustomizations it includes, by path. */
  readonly includes: readonly string[];
  /** What it names that comes from elsewhere and is not rendered. */
  readonly leftOut: readonly string[];
  /** Why it must not be run. */
  readonly refusal?: string;
  /** It may load whatever lies below it. */
  readonly unreadable: boolean;
}

export interface LoadGraph {
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  /** Those that no other one that can be run includes and that are not components. */
  readonly roots: readonly Kustomization[];
  readonly isRoot: ReadonlySet<Kustomization>;
}

/** What a root reads: its kustomizations (itself first) and all their files, kustomizations included. */
export interface Closure {
  readonly kustomizations: readonly Kustomization[];
  readonly files: ReadonlySet<string>;
  /** Of the files, those that are only data. */
  readonly data: ReadonlySet<string>;
  readonly leftOut: readonly string[];
  readonly refusal?: string;
}

/** Reads the graph from the texts of all kustomizations; `paths` are the repository's plain files. */
export function readLoadGraph(paths: readonly string[], texts: ReadonlyMap<string, string>): LoadGraph {
  const names = namesIn(paths, texts.keys());
  const read = new Map([...texts].map(([path, text]) => [path, readOne(path, text, names)]));
  const loops = findLoops(read);
  const kustomizations = new Map([...read].map(([path, one]) => [path, refuseLoop(one, loops.get(path))]));
  // What only such include as cannot be run is rendered by itself.
  const included = new Set([...kustomizations.values()].flatMap((one) => (one.refusal ? [] : one.includes)));
  const roots = [...kustomizations.values()].filter((one) => !included.has(one.path) && !isComponent(one));
  return { kustomizations, roots: roots.sort((a, b) => (a.path < b.path ? -1 : 1)), isRoot: new Set(roots) };
}

/** The names that the kustomizations among some files may load. */
export function namesIn(paths: Iterable<string>, kustomizations: Iterable<string>): Names {
  return { files: new Set(paths), byFolder: new Map([...kustomizations].map((path) => [folderOf(path), path])) };
}

function refuseLoop(one: Kustomization, loop: string | undefined): Kustomization {
  return loop === undefined || one.refusal !== undefined ? one : { ...one, refusal: loop };
}

function isComponent(one: Kustomization): boolean {
  return isObject(one.value) && one.value.kind === 'Component';
}

function readOne(path: string, text: string, names: Names): Kustomization {
  const accepted = acceptKustomization(path, text, names);
  const { value, files, data, includes, leftOut } = accepted;
  const unreadable = accepted.state === 'refused' && accepted.unreadable === true;
  const loaded = { path, folder: folderOf(path), value, files, data, includes, leftOut, unreadable };
  return accepted.state === 'accepted' ? loaded : { ...loaded, refusal: accepted.why };
}

/**
 * Everything below a root, in the order in which kustomize applies it last to first: the root, then what it includes. What
 * is a root itself, below one that cannot be run, counts there alone.
 */
export function closureOf(graph: LoadGraph, root: Kustomization): Closure {
  const seen = new Set([root]);
  // A set gives what is added while it is walked.
  for (const one of seen) {
    for (const path of one.includes.toReversed()) {
      const inner = graph.kustomizations.get(path);
      if (inner && !graph.isRoot.has(inner)) seen.add(inner);
    }
  }
  const kustomizations = [...seen];
  const read = new Set(kustomizations.flatMap((one) => [one.path, ...one.files]));
  const data = new Set(kustomizations.flatMap((one) => one.data).filter((path) => !read.has(path)));
  const files = new Set([...read, ...data]);
  const leftOut = [...new Set(kustomizations.flatMap((one) => one.leftOut))];
  const refusal = kustomizations.find((one) => one.refusal)?.refusal;
  return { kustomizations, files, data, leftOut, ...(refusal ? { refusal } : {}) };
}
