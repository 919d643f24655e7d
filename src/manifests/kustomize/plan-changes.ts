import type { TextEdit } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import type { TemplateContainer, Workload } from '../../model/workload.ts';
import { parseQuantity } from '../../quantity.ts';
import type { Deployed } from '../deployed/deployed.ts';
import { isObject, type Json, type Path, valueAt } from '../documents.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { memoryOf, SECTIONS, type Section } from '../memory.ts';
import { refuseText } from '../readable.ts';
import { resourcesOf } from '../rendering/prove-change.ts';
import type { Aimed, TriedChange } from './effect.ts';
import { findPlaces, type ValuePlace, writeAt } from './find-values.ts';
import { findBaseNames, hasTwin, planPatch, takenBy } from './new-patch.ts';
import { findFreePlaces } from './places.ts';
import type { Roots } from './roots.ts';

export interface KustomizeContext {
  readonly index: ManifestIndex;
  readonly roots: Roots;
  readonly workloads: readonly Workload[];
  /** The applications that made the workload, where the live object says so. */
  readonly makers?: readonly Deployed[];
  readonly clusterName?: string;
}

/** A container of the one root that renders its workload, and what the cluster runs of it. */
export interface Candidate extends Aimed {
  readonly live: TemplateContainer;
}

function sizeOf(suggestion: Suggestion, section: Section) {
  return section === 'limits' ? suggestion.limit?.to : suggestion.request?.to;
}

/** The sections in which a suggestion sets a value. */
export function sectionsOf(suggestion: Suggestion): Section[] {
  return SECTIONS.filter((section) => sizeOf(suggestion, section) !== undefined);
}

/** Where values that are set apart do not come together: both in one container that has neither, or in a new patch. */
export async function lastChanges(
  aimed: Candidate,
  left: readonly Section[],
  files: readonly TextOf[],
  kustomize: KustomizeContext,
): Promise<TriedChange[]> {
  const sections = sectionsOf(aimed.suggestion);
  if (sections.length === left.length) return [];
  const free = sections.length < 2 ? [] : freeChanges(aimed, sections, files, kustomize);
  return [...free, ...(await withPatch(aimed, [], sections, kustomize))];
}

function freeChanges(
  { suggestion }: Candidate,
  sections: readonly Section[],
  files: readonly TextOf[],
  { roots }: KustomizeContext,
): TriedChange[] {
  const places = files.flatMap(([path, text]) => findFreePlaces(path, text, suggestion, sections, roots.parser));
  return places.map((place) => ({ edits: editsOf(place), newFiles: [] }));
}

export type TextOf = readonly [path: string, text: string];

/** Changes of both values together: where each stands now, or in one container that has neither. */
export async function jointChanges(
  aimed: Candidate,
  sections: readonly Section[],
  files: readonly TextOf[],
  kustomize: KustomizeContext,
): Promise<TriedChange[]> {
  const { roots } = kustomize;
  if (sections.length < 2) return [];
  const states = sections.map((section) => memoryOf(resourcesOf(aimed), section).state);
  if (states.every((state) => state === 'absent')) return freeChanges(aimed, sections, files, kustomize);
  const places: ValuePlace[] = [];
  for (const section of sections) {
    const [place, ...more] = (await placesOf(aimed, section, files, roots)).places;
    const editable = place && !place.handsOff && files.some(([path]) => path === place.path);
    if (!editable || more.length > 0) return [];
    places.push(place);
  }
  const edits = sections.flatMap((section, index) => editOf(aimed.suggestion, section, places[index]));
  return [{ edits, newFiles: [] }];
}

interface Places {
  /** Whether the one place is known to decide the value; else each of them may. */
  readonly known: boolean;
  readonly places: readonly ValuePlace[];
}

const MOST_TRIED = 10;

/**
 * The place that decides a section's value. Where marks cannot show it, every place of the files that looks like it, those
 * that win first.
 */
export async function placesOf(
  { root, object, resources, suggestion }: Candidate,
  section: Section,
  files: readonly TextOf[],
  roots: Roots,
): Promise<Places> {
  const probed = await roots.probed(root);
  if (probed.state === 'probed') {
    const places = probed.probe.placesOf({ id: object.id, path: [...resources, section, 'memory'] });
    return { known: true, places: places.length === 1 ? places : [] };
  }
  const now = memoryOf(resourcesOf({ object, resources }), section);
  const places = files.flatMap(([path, text]) =>
    findPlaces(path, text, roots.parser)
      .filter(
        (place) =>
          (place.section ?? section) === section && (place.container ?? suggestion.container) === suggestion.container,
      )
      .filter(({ written }) => now.state === 'set' && parseQuantity(written) === now.bytes)
      .toReversed(),
  );
  const own = ({ object: name }: ValuePlace) => name !== undefined && suggestion.workload.name.includes(name);
  const ordered = [...places.filter(own), ...places.filter((place) => !own(place))];
  return { known: false, places: ordered.slice(0, MOST_TRIED) };
}

export function editOf(suggestion: Suggestion, section: Section, place: ValuePlace | undefined): TextEdit[] {
  const size = sizeOf(suggestion, section);
  if (!place || size === undefined) return [];
  return [{ path: place.path, start: place.start, end: place.end, replacement: writeAt(place, size) }];
}

export function editsOf(place: {
  readonly path: string;
  readonly splices: readonly Omit<TextEdit, 'path'>[];
}): TextEdit[] {
  return place.splices.map((splice) => ({ path: place.path, ...splice }));
}

export async function withPatch(
  aimed: Candidate,
  edits: readonly TextEdit[],
  left: readonly Section[],
  { roots, index, workloads }: KustomizeContext,
): Promise<TriedChange[]> {
  const { root, suggestion, live } = aimed;
  const { path, folder } = root.kustomization;
  const text = await roots.textOf(root, path);
  if (text === undefined || !index.editable(path) || refuseText(text, false)) return [];
  const texts: string[] = [];
  for (const file of root.closure.files) texts.push((await roots.textOf(root, file)) ?? '');
  const wanted = {
    suggestion,
    live,
    sections: left,
    before: namesBefore(aimed),
    hasTwin: hasTwin(suggestion, workloads),
  };
  const isTaken = takenBy(index.paths);
  return findBaseNames(texts, suggestion, roots.parser).flatMap((base): TriedChange[] => {
    const patch = planPatch({ path, folder, text }, base, wanted, isTaken);
    if (!patch) return [];
    return [{ edits: [...edits, ...patch.edits], newFiles: [patch.newFile] }];
  });
}

/** The names of the containers that stand before this one in its list. */
function namesBefore({ object, resources }: Aimed): string[] {
  const at: Path = resources.slice(0, -1);
  const list = valueAt(object.value, at.slice(0, -1));
  const containers = Array.isArray(list) ? (list as readonly Json[]).slice(0, Number(at.at(-1))) : [];
  return containers.flatMap((item) => (isObject(item) && typeof item.name === 'string' ? [item.name] : []));
}
