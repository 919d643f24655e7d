import { podSpecPath } from '../../model/kinds.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import type { Splice } from '../../text/apply-edits.ts';
import { findObjects, isObject, isParsed, type Json, valueAt } from '../documents.ts';
import { planEdit } from '../edit-memory.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import type { Section } from '../memory.ts';
import { memoryOf } from '../memory.ts';
import type { Parser } from '../parser.ts';
import { refuseText, type WhyNot } from '../readable.ts';
import type { Root } from './find-roots.ts';
import type { Roots } from './roots.ts';

/** A place where a container's missing values could be added. */
export interface FreePlace {
  readonly path: string;
  readonly splices: readonly Splice[];
}

/** The overlay's files first, patches before resources; what is outside the globs, encrypted or generated is left out. */
export async function editableFiles(root: Root, roots: Roots, index: ManifestIndex): Promise<[string, string][]> {
  const own = root.overrides?.place === undefined ? [] : [root.overrides.place.path];
  const paths = [...own, ...root.closure.kustomizations.flatMap((one) => [...one.files, one.path].toReversed())];
  const files: [string, string][] = [];
  for (const path of new Set(paths)) {
    const text = index.editable(path) ? await roots.textOf(root, path) : undefined;
    if (text !== undefined && !refuseText(text, false)) files.push([path, text]);
  }
  return files;
}

/** A file of the root that names the workload and is written by something else, with why that is not edited. */
export function findGenerated(
  { closure, kustomization }: Root,
  { name }: Suggestion['workload'],
  index: ManifestIndex,
): (WhyNot & { readonly path: string }) | undefined {
  const own = index.generated(kustomization.path);
  if (own) return { path: kustomization.path, ...own };
  for (const { path, text, refusal } of index.manifests) {
    if (refusal?.reason !== 'generated' || !closure.files.has(path) || !text.includes(name)) continue;
    return { path, ...refusal };
  }
  return undefined;
}

/** Patches and resources of a file that name the container and have none of the sections' values. */
export function findFreePlaces(
  path: string,
  text: string,
  { workload, container, limit, request }: Suggestion,
  sections: readonly Section[],
  parser: Parser,
): FreePlace[] {
  const { kind } = workload;
  if (!text.includes(kind) || !text.includes(container)) return [];
  const parsed = parser.parse(text);
  if (!isParsed(parsed)) return [];
  const wanted = {
    ...(sections.includes('limits') ? { limit: limit?.to } : {}),
    ...(sections.includes('requests') ? { request: request?.to } : {}),
  };
  return findObjects(parsed).flatMap((found): FreePlace[] => {
    if (found.kind !== kind) return [];
    return ['containers', 'initContainers'].flatMap((list): FreePlace[] => {
      const at = [...found.at, ...podSpecPath(kind), list];
      const containers = valueAt(parsed.values[found.document], at);
      if (!Array.isArray(containers)) return [];
      const number = containers.findIndex((item: Json) => isObject(item) && item.name === container);
      const resources = valueAt(containers[number] as Json | undefined, ['resources']);
      if (number < 0 || sections.some((section) => memoryOf(resources, section).state !== 'absent')) return [];
      const target = { document: found.document, holder: [...at, number], key: 'resources', ...wanted };
      const plan = planEdit(text, parsed, target);
      return 'reason' in plan ? [] : [{ path, splices: plan.splices }];
    });
  });
}
