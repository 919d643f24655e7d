import { type FoundWorkload, findObjects, isObject, isParsed, type Json, parseManifest } from '../documents.ts';
import { folderOf, resolvePath } from '../reach.ts';

export type Fields = { readonly [key: string]: Json };

/** Helm charts that a kustomization renders: a chart is never run for it. */
const CHARTS = ['helmCharts', 'helmChartInflationGenerator', 'helmGlobals'];
/** What adds objects, and changes none that are there. */
const ADDS = ['resources', 'bases'];

/** The ways in which kustomize names what it fetches. */
const REMOTE = [
  /^(?!file:)[a-z][a-z0-9+.-]*:\/\//i,
  /^git::/i,
  /^[\w.-]+@[\w.-]+:/,
  /^(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)[/:]/i,
  /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\/[^?]*(?:\?|\.git(?:\/|$)|\/\/)/i,
];

/** Whether a name stands for something that kustomize would fetch. */
function isRemote(name: string): boolean {
  return REMOTE.some((form) => form.test(name));
}

/**
 * A kustomization without the objects that come from elsewhere, and what they are: resources that kustomize would fetch, and
 * charts. What may change other objects (components, transformers, generators) is never left out.
 */
export function leaveOut(
  value: Fields,
  isHere: (name: string) => boolean,
): { readonly value: Fields; readonly leftOut: readonly string[] } {
  const leftOut = new Set<string>();
  const kept = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    if (CHARTS.includes(key)) {
      if (isGiven(inner) && key !== 'helmGlobals') leftOut.add(key);
      return [];
    }
    if (!ADDS.includes(key) || !Array.isArray(inner)) return [[key, inner]];
    const local = inner.filter((name: Json) => {
      const isLeftOut = typeof name === 'string' && isRemote(name) && !isHere(name);
      if (isLeftOut) leftOut.add(name);
      return !isLeftOut;
    });
    return [[key, local as Json]];
  });
  // Kustomize takes nothing at all for a mistake.
  const fields = leftOut.size > 0 && kept.length === 0 ? { resources: [] } : Object.fromEntries(kept);
  return { value: fields, leftOut: [...leftOut] };
}

/** An empty list or `null` asks for nothing. */
export function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

const SHOWN = 100;

/** What was left out, for a reader. */
export function sayLeftOut(leftOut: readonly string[]): string {
  const names = leftOut.slice(0, 3).map((name) => {
    const line = CHARTS.includes(name) ? `the charts of ${name}` : name.replace(/\s+/g, ' ').trim();
    return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
  });
  const more = leftOut.length > 3 ? [`${leftOut.length - 3} more`] : [];
  const [last, ...before] = [...names, ...more].toReversed();
  return before.length === 0 ? (last ?? '') : `${before.toReversed().join(', ')} and ${last}`;
}

/** A kustomization as it is written for the copy. */
export interface Written {
  readonly fields: Fields;
  /** The files whose objects, patches or settings it takes. */
  readonly files: readonly string[];
}

/** Patches of a copy that are looked at, and the characters that are parsed for it; others are left as they are. */
const MOST_PATCHES = 50;
const MOST_PARSED = 500_000;

/** Reads the objects of texts, each once; `undefined` where that cannot be told, or takes too much. */
function createReader(): (text: string) => readonly FoundWorkload[] | undefined {
  const known = new Map<string, readonly FoundWorkload[] | undefined>();
  let left = MOST_PARSED;
  return (text) => {
    if (known.has(text)) return known.get(text);
    left -= text.length;
    const parsed = left < 0 ? undefined : parseManifest(text);
    const objects = parsed !== undefined && isParsed(parsed) ? findObjects(parsed) : undefined;
    known.set(text, objects);
    return objects;
  };
}

/**
 * Takes away the patches, and counts of replicas, whose object was left out: kustomize fails where it finds none. What names
 * an object that any of the copy's files may define stays. `without` are the files in which the patches stand.
 */
export function leaveOutPatches(
  kustomizations: ReadonlyMap<string, Written>,
  textOf: (path: string) => string,
): { readonly fields: ReadonlyMap<string, Fields>; readonly without: readonly string[] } {
  const patches = new Set([...kustomizations].flatMap(([path, { fields }]) => patchFiles(path, fields)));
  const files = new Set([...kustomizations.values()].flatMap((one) => one.files));
  const texts = [...files].filter((path) => !patches.has(path)).map(textOf);
  const all = [...kustomizations.values()];
  const renames = all.some(({ fields }) =>
    ['namePrefix', 'nameSuffix', 'transformers'].some((key) => isGiven(fields[key])),
  );
  const generates = all.some(({ fields }) => isGiven(fields.configMapGenerator) || isGiven(fields.secretGenerator));
  const objectsOf = createReader();
  const mayBeHere = (kind: string, name: string) => {
    if (generates && (kind === 'ConfigMap' || kind === 'Secret')) return true;
    const naming = texts.filter((text) => text.includes(kind) && (renames || text.includes(name)));
    const isIt = (one: FoundWorkload) => one.kind === kind && (renames ? name.includes(one.name) : one.name === name);
    return naming.some((text) => objectsOf(text)?.some(isIt) ?? true);
  };
  const without = new Set<string>();
  let left = MOST_PATCHES;

  const isLost = (path: string, text: string): boolean => {
    left -= 1;
    const objects = left < 0 ? [] : (objectsOf(text) ?? []);
    const lost = objects.length > 0 && objects.every(({ kind, name }) => !mayBeHere(kind, name));
    if (lost) without.add(path);
    return lost;
  };
  const isLostEntry = (path: string, entry: Json): boolean => {
    const file = fileOf(path, entry);
    if (file !== undefined) return isLost(file, textOf(file));
    const inline = typeof entry === 'string' ? entry : isObject(entry) && !isGiven(entry.target) ? entry.patch : null;
    return typeof inline === 'string' && isLost(path, inline);
  };
  const isLostCount = (entry: Json): boolean => {
    left -= 1;
    const name = isObject(entry) ? entry.name : undefined;
    return left >= 0 && typeof name === 'string' && SCALED.every((kind) => !mayBeHere(kind, name));
  };
  const keep = (path: string, [key, inner]: readonly [string, Json]): [string, Json] => {
    if (!Array.isArray(inner)) return [key, inner];
    if (PATCHES.includes(key)) return [key, inner.filter((entry: Json) => !isLostEntry(path, entry)) as Json];
    return [key, (key === 'replicas' ? inner.filter((entry: Json) => !isLostCount(entry)) : inner) as Json];
  };
  const kept = [...kustomizations].map(
    ([path, { fields }]) =>
      [path, Object.fromEntries(Object.entries(fields).map((entry) => keep(path, entry)))] as const,
  );
  return { fields: new Map(kept), without: [...without] };
}

const PATCHES = ['patches', 'patchesStrategicMerge'];
/** The kinds that a count of replicas is for. */
const SCALED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

/** The files with patches of which each names its one object itself. */
function patchFiles(path: string, fields: Fields): string[] {
  const entries = PATCHES.flatMap((key) => (Array.isArray(fields[key]) ? (fields[key] as readonly Json[]) : []));
  return entries.map((entry) => fileOf(path, entry)).filter((file) => file !== undefined);
}

function fileOf(path: string, entry: Json): string | undefined {
  const name = isObject(entry) && !isGiven(entry.target) ? entry.path : entry;
  if (typeof name !== 'string' || name === '' || name.includes('\n')) return undefined;
  return resolvePath(folderOf(path), name);
}
