import { podSpecPath } from '../../model/kinds.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { WHOLE_POD } from '../../model/workload.ts';
import type { Splice } from '../../text/apply-edits.ts';
import { findObjects, isObject, isParsed, type Json, type Path, valueAt } from '../documents.ts';
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
  const whole = container === WHOLE_POD;
  if (!text.includes(kind) || !(whole || text.includes(container))) return [];
  const parsed = parser.parse(text);
  if (!isParsed(parsed)) return [];
  const wanted = {
    ...(sections.includes('limits') ? { limit: limit?.to } : {}),
    ...(sections.includes('requests') ? { request: request?.to } : {}),
  };
  return findObjects(parsed).flatMap((found): FreePlace[] => {
    if (found.kind !== kind) return [];
    const spec = [...found.at, ...podSpecPath(kind)];
    const value = parsed.values[found.document];
    const holders = whole ? [spec] : findContainers(value, spec, container);
    return holders.flatMap((holder): FreePlace[] => {
      const resources = valueAt(value, [...holder, 'resources']);
      const isFree =
        isObject(valueAt(value, holder)) && sections.every((one) => memoryOf(resources, one).state === 'absent');
      if (!isFree) return [];
      const target = { document: found.document, holder, key: 'resources', ...wanted };
      const plan = planEdit(text, parsed, target);
      return 'reason' in plan ? [] : [{ path, splices: plan.splices }];
    });
  });
}

function findContainers(value: Json | undefined, spec: Path, name: string): Path[] {
  return ['containers', 'initContainers'].flatMap((list): Path[] => {
    const containers = valueAt(value, [...spec, list]);
    if (!Array.isArray(containers)) return [];
    const number = containers.findIndex((item: Json) => isObject(item) && item.name === name);
    return number < 0 ? [] : [[...spec, list, number]];
  });
}
