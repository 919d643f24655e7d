import type { TextEdit } from '../../model/location.ts';
import { isObject, type Json } from '../documents.ts';
import { resolvePath } from '../reach.ts';
import type { Root } from './find-roots.ts';
import { isGiven } from './leave-out.ts';
import type { Kustomization } from './load-graph.ts';
import type { NewTexts } from './roots.ts';

/**
 * Whether edits may move what a root loads from elsewhere, which no rendering shows: they stand in a patch for whatever its
 * target fits, or a value of a container is copied to other objects. `texts` are the edited files.
 */
export function mayReachLeftOut({ closure }: Root, edits: readonly TextEdit[], texts: NewTexts): boolean {
  if (closure.leftOut.length === 0) return false;
  if (closure.kustomizations.some(copiesValues)) return true;
  const broad = new Set(closure.kustomizations.flatMap(broadPatches));
  return edits.some(({ path, start, end }) => {
    if (!closure.files.has(path)) return false;
    const isKustomization = closure.kustomizations.some((one) => one.path === path);
    // What is added to a kustomization is the name of a patch.
    if (isKustomization && start === end) return false;
    return broad.has(path) || /\bbuiltin\b/.test(texts.get(path) ?? '');
  });
}

/** Files with patches that may fit more than one object; the kustomization itself where they are written in it. */
function broadPatches({ path, folder, value }: Kustomization): string[] {
  return entriesOf(value, ['patches', 'patchesJson6902']).flatMap((entry) => {
    if (!isObject(entry) || !isGiven(entry.target) || isExact(entry.target)) return [];
    const file = typeof entry.path === 'string' && entry.path !== '' ? resolvePath(folder, entry.path) : path;
    return file === undefined ? [] : [file];
  });
}

function isExact(target: Json | undefined): boolean {
  if (!isObject(target)) return false;
  const { kind, name } = target;
  return typeof kind === 'string' && /^[A-Za-z]+$/.test(kind) && typeof name === 'string' && /^[a-z0-9-]+$/.test(name);
}

/** A replacement or a variable whose source is not plainly something else than a container's resources. */
function copiesValues({ value }: Kustomization): boolean {
  const copies = entriesOf(value, ['replacements', 'vars']);
  return copies.some((entry) => {
    const inFile = isObject(entry) && typeof entry.path === 'string' && entry.path !== '';
    return inFile || /"field[pP]ath":"[^"]*(?:containers|resources|Containers)/.test(JSON.stringify(entry));
  });
}

function entriesOf(value: Json, keys: readonly string[]): readonly Json[] {
  if (!isObject(value)) return [];
  return keys.flatMap((key) => (Array.isArray(value[key]) ? (value[key] as readonly Json[]) : []));
}
