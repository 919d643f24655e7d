import { isObject, itemsAt, type Json, mapAt, textAt } from '../documents.ts';
import type { Kustomization } from '../kustomize/load-graph.ts';
import { resolvePath } from '../reach.ts';
import { kindsIn } from './find-objects.ts';
import type { Texts } from './texts.ts';

/** Fields that give other names, or whose effect is not known. */
const RENAMING = ['namePrefix', 'nameSuffix', 'transformers', 'configurations', 'replacements', 'vars', 'generators'];

/** Whether a kustomization may rename objects of the kinds or patch one; one that cannot be read may. */
export async function altersKind(
  kustomization: Kustomization | undefined,
  kinds: readonly string[],
  texts: Texts,
): Promise<boolean> {
  const value = kustomization?.value;
  if (!kustomization || !isObject(value)) return true;
  if (RENAMING.some((field) => Object.hasOwn(value, field) && !isNothing(value[field]))) return true;
  for (const patch of patchesOf(kustomization)) {
    texts.effort.spend(1);
    if (await isForKind(patch, { kustomization, kinds, texts })) return true;
  }
  return false;
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

interface Asked {
  readonly kustomization: Kustomization;
  readonly kinds: readonly string[];
  readonly texts: Texts;
}

/** What says of no kind that it is another one's may be for any. */
async function isForKind(patch: Json, { kustomization, kinds, texts }: Asked): Promise<boolean> {
  const target = textAt(mapAt(patch, 'target'), 'kind');
  if (target !== undefined) return !/^[A-Za-z]+$/.test(target) || kinds.includes(target);
  if (isObject(patch) && isObject(patch.target)) return true;
  const text = (await textOfPatch(patch, kustomization, texts)) ?? '';
  const named = kindsIn(text);
  return named.length === 0 || named.some((kind) => kinds.includes(kind));
}

/** The text of a patch, in a file or inline. */
async function textOfPatch(patch: Json, kustomization: Kustomization, texts: Texts): Promise<string | undefined> {
  const path = pathOfPatch(patch, kustomization, texts);
  if (path !== undefined) return (await texts.read(path))?.text;
  return typeof patch === 'string' ? patch : textAt(patch, 'patch');
}

/** The file of an entry of a list of patches, where it has one. */
export function pathOfPatch(patch: Json, { folder }: Kustomization, { listed }: Texts): string | undefined {
  const named = typeof patch === 'string' ? patch : textAt(patch, 'path');
  const path = named === undefined || named.includes('\n') ? undefined : resolvePath(folder, named);
  return path !== undefined && listed.has(path) ? path : undefined;
}

/** The entries of a kustomization's lists of patches, in the order in which kustomize applies them. */
export function patchesOf({ value }: Kustomization): readonly Json[] {
  return ['patchesStrategicMerge', 'patches', 'patchesJson6902'].flatMap((field) => itemsAt(value, field));
}
