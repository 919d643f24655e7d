import { memoryOf } from '../compare-live.ts';
import { findObjects, isObject, isParsed, type Json, parseManifest, podSpecPath, valueAt } from '../documents.ts';
import { planEdit } from '../edit-memory.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { refuseText } from '../readable.ts';
import { findPlaces, type Place } from './find-values.ts';
import { resourcesOf, type Sections } from './rendered.ts';
import { type Aimed, type Root, textOf } from './roots.ts';

/** Places that set both values at once, in one container of one file; none where a single value is wanted. */
export function jointPlaces(aimed: Aimed, index: ManifestIndex): Place[] {
  if (aimed.sections.length < 2) return [];
  const resources = aimed.root.rendered ? resourcesOf(aimed.root.rendered, aimed.container) : undefined;
  const state = aimed.sections.every((section) => memoryOf(resources, section).state === 'absent') ? 'absent' : 'set';
  return editableFiles(aimed.root, index).flatMap(([path, text]) =>
    containerPlaces(path, text, aimed, aimed.sections, state),
  );
}

/** Places that may set one section's value, then those where it could be added; the overlay's own first. */
export function placesOf(aimed: Aimed, section: 'limits' | 'requests', index: ManifestIndex): Place[] {
  const { root, container, suggestion } = aimed;
  const to = section === 'limits' ? suggestion.limit?.to : suggestion.request?.to;
  const from = root.rendered ? memoryOf(resourcesOf(root.rendered, container), section) : undefined;
  if (to === undefined) return [];
  const files = editableFiles(root, index);
  const wanted = { container: suggestion.container, section, to };
  const set =
    from?.state === 'set'
      ? files.flatMap(([path, text]) => findPlaces(path, text, { ...wanted, from: from.bytes }))
      : [];
  return [...set, ...files.flatMap(([path, text]) => containerPlaces(path, text, aimed, [section], 'absent'))];
}

/** The overlay's files first, patches before resources; what is encrypted or generated is left out. */
export function editableFiles(root: Root, index: ManifestIndex): [string, string][] {
  const paths = root.closure.kustomizations.flatMap((one) => [...one.files, one.path].toReversed());
  return [...new Set(paths)].flatMap((path): [string, string][] => {
    const text = index.editable(path) ? textOf(root, path) : undefined;
    return text === undefined || refuseText(text, false) ? [] : [[path, text]];
  });
}

/** Patches and resources that name the container and have all the sections' values, or none, by the edit of them. */
function containerPlaces(
  path: string,
  text: string,
  { suggestion }: Aimed,
  sections: Sections,
  state: 'absent' | 'set',
): Place[] {
  const { kind } = suggestion.workload;
  if (!text.includes(kind) || !text.includes(suggestion.container)) return [];
  const parsed = parseManifest(text);
  if (!isParsed(parsed)) return [];
  const wanted = {
    ...(sections.includes('limits') ? { limit: suggestion.limit?.to } : {}),
    ...(sections.includes('requests') ? { request: suggestion.request?.to } : {}),
  };
  return findObjects(parsed).flatMap((found): Place[] => {
    if (found.kind !== kind) return [];
    return ['containers', 'initContainers'].flatMap((list): Place[] => {
      const at = [...found.at, ...podSpecPath(kind), list];
      const containers = valueAt(parsed.values[found.document], at);
      if (!Array.isArray(containers)) return [];
      const index = containers.findIndex((item: Json) => isObject(item) && item.name === suggestion.container);
      const resources = valueAt(containers[index] as Json | undefined, ['resources']);
      if (index < 0 || sections.some((section) => memoryOf(resources, section).state !== state)) return [];
      const target = { document: found.document, holder: [...at, index], key: 'resources', ...wanted };
      const plan = planEdit(text, parsed, target);
      return 'reason' in plan ? [] : [{ path, splices: plan.splices, handsOff: false }];
    });
  });
}
