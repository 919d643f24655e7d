import type { Location, NewFile, NotLocatedReason, TextEdit } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import type { TemplateContainer, Workload, WorkloadRef } from '../../model/workload.ts';
import { parseQuantity } from '../../quantity.ts';
import { findConflict, findDrift } from '../compare-live.ts';
import type { Deployed } from '../deployed/deployed.ts';
import { inCluster, isMadeBy } from '../deployed/find-makers.ts';
import { type InNamespace, judgeNamespace } from '../deployed/find-namespace.ts';
import { isObject, type Json, type Path, valueAt } from '../documents.ts';
import { lineOf } from '../edit-memory.ts';
import { sayUnknown } from '../find-definitions.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { memoryOf, SECTIONS, type Section } from '../memory.ts';
import type { Parser } from '../parser.ts';
import { type Miss, refuseText } from '../readable.ts';
import { differencesAsDiff, resourcesOf } from '../rendering/prove-change.ts';
import { objectsOf, type RenderedObject, resourcesPath } from '../rendering/rendered.ts';
import { type Aimed, type Effects, effectOf, type TriedChange } from './effect.ts';
import { findPlaces, type ValuePlace, writeAt } from './find-values.ts';
import { findBaseNames, hasTwin, planPatch, takenBy } from './new-patch.ts';
import { editableFiles, findFreePlaces } from './places.ts';
import type { Root, Roots } from './roots.ts';

export interface KustomizeContext {
  readonly index: ManifestIndex;
  readonly roots: Roots;
  readonly workloads: readonly Workload[];
  /** The applications that made the workload, where the live object says so. */
  readonly makers?: readonly Deployed[];
  readonly clusterName?: string;
}

/** A container of the one root that renders its workload, with how to say that it is not edited. */
interface Case extends Aimed {
  readonly live: TemplateContainer;
  readonly miss: (reason: NotLocatedReason, why: string) => Miss;
}

/**
 * The edit in the files of the one root that renders the workload: the place whose change moves the rendered value and
 * nothing else, in this root and in every other that loads the file; else a new patch in the overlay. `undefined` where
 * no root renders the workload.
 */
export async function locateInRoots(
  suggestion: Suggestion,
  live: TemplateContainer,
  kustomize: KustomizeContext,
): Promise<Location | Miss | undefined> {
  const aimed = await aim(suggestion, live, kustomize);
  return aimed === undefined || 'reason' in aimed ? aimed : findChange(aimed, kustomize);
}

/** The container in what the one root that renders its workload renders to. */
export async function aim(
  suggestion: Suggestion,
  live: TemplateContainer,
  kustomize: KustomizeContext,
): Promise<Case | Miss | undefined> {
  const { hits, over } = await findHits(suggestion, kustomize);
  const [hit, ...more] = hits;
  const paths = [...new Set(hits.map(({ root }) => root.kustomization.path))];
  const miss = (reason: NotLocatedReason, why: string): Miss => ({ reason, why, lookedAt: paths });
  // One that only might render it, by a name that it makes up, does not stand against one that does.
  const unsure = hit === undefined ? over[0] : over.find(({ named }) => named);
  if (unsure && more.length === 0) return overBudget(unsure.root.kustomization.path, unsure.why);
  // An edit of what they share could not be shown to leave the others alone.
  if (kustomize.roots.over !== undefined) return miss('over budget', kustomize.roots.over);
  if (!hit) return undefined;
  const unknown = hits.find(({ root }) => root.unknown)?.root.unknown;
  if (unknown) return miss('not applied', `${hit.root.kustomization.path}: ${sayUnknown(unknown)}`);
  if (paths.length > 1 || new Set(hits.map(({ root }) => root)).size < hits.length) {
    return miss(
      'ambiguous',
      sayRenderedMore(
        suggestion,
        hits.map(({ root }) => root),
      ),
    );
  }

  const resources = resourcesPath(hit.object, live);
  if (!resources) return miss('drift', `${paths[0]} renders no container ${live.name}, which the cluster runs`);
  const rendered = resourcesOf({ object: hit.object, resources });
  const drift = findDrift(rendered, live, suggestion);
  if (drift) return miss('drift', `${paths[0]}: ${drift}`);
  const conflict = findConflict(rendered, suggestion);
  if (conflict) return miss('not editable', `${paths[0]}: ${conflict}`);
  return { ...hit, resources, suggestion, live, miss };
}

function overBudget(path: string, why: string): Miss {
  return { reason: 'over budget', why: `${path}: ${why}`, lookedAt: [path] };
}

interface RenderedHit {
  readonly root: Root;
  readonly before: readonly string[];
  readonly object: RenderedObject;
}

/**
 * Every object of a root that is the workload, and the roots of which that could not be told within the budget. One that a
 * namespace was written for counts before one that only a folder's name gives it to.
 */
async function findHits({ workload: ref }: Suggestion, { roots, makers, clusterName }: KustomizeContext) {
  const hits: (RenderedHit & { readonly place: InNamespace })[] = [];
  const over: { root: Root; named: boolean; why: string }[] = [];
  for (const { root, named } of await roots.holding(ref)) {
    if (!isMadeBy(root.appliedBy, makers)) continue;
    const rendering = await roots.rendered(root);
    if (rendering.state === 'over') over.push({ root, named, why: rendering.why });
    if (rendering.state !== 'rendered') continue;
    const { path } = root.kustomization;
    for (const object of namedObjects(rendering.documents, ref, roots.parser)) {
      const place = judgeNamespace(object.found.namespace, { appliedBy: root.appliedBy, path }, ref.namespace);
      hits.push({ root, before: rendering.documents, object, place });
    }
  }
  const sure = hits.filter(({ place }) => place === 'here');
  const own = sure.length > 0 ? sure : hits.filter(({ place }) => place === 'by folder');
  return { hits: ofCluster(own, clusterName), over };
}

/** Objects of a rendering of a workload's group, kind and name, in whatever namespace. */
export function namedObjects(documents: readonly string[], ref: WorkloadRef, parser: Parser): RenderedObject[] {
  const candidates = documents.filter((text) => text.includes(ref.name) && text.includes(ref.kind));
  const objects = candidates.flatMap((text) => objectsOf(text, '', parser) ?? []);
  return objects.filter(({ found }) => found.group === ref.group && found.kind === ref.kind && found.name === ref.name);
}

function ofCluster(hits: readonly RenderedHit[], clusterName: string | undefined): readonly RenderedHit[] {
  const appliers = hits.flatMap(({ root }) => root.appliedBy);
  const own = inCluster(appliers, clusterName);
  if (own.length === appliers.length) return hits;
  return hits.filter(({ root }) => root.appliedBy.some((one) => own.includes(one)));
}

function sayRenderedMore({ workload: { kind, name } }: Suggestion, roots: readonly Root[]): string {
  const paths = [...new Set(roots.map(({ kustomization }) => kustomization.path))].join(', ');
  const clusters = roots.some(({ appliedBy }) => appliedBy.length > 0) ? 'cluster-name, ' : '';
  return `${kind} ${name} is rendered more than once: ${paths}; ${clusters}a namespace or a mapping tells which one is meant`;
}

function sizeOf(suggestion: Suggestion, section: Section) {
  return section === 'limits' ? suggestion.limit?.to : suggestion.request?.to;
}

/** The sections in which a suggestion sets a value. */
export function sectionsOf(suggestion: Suggestion): Section[] {
  return SECTIONS.filter((section) => sizeOf(suggestion, section) !== undefined);
}

/** First all values at once where they stand; then one by one, and what cannot be set anywhere in a patch of its own. */
async function findChange(aimed: Case, kustomize: KustomizeContext): Promise<Location | Miss> {
  const { suggestion, miss, root } = aimed;
  const sections = sectionsOf(suggestion);
  const files = await editableFiles(root, kustomize.roots, kustomize.index);
  const shared = new Set<string>();
  for (const change of await jointChanges(aimed, sections, files, kustomize)) {
    const effects = await effectOf(change, aimed, sections, kustomize.roots);
    if (effects.effect === 'over') return overBudget(effects.root, effects.why);
    // Of a change in two files it is not known which one others load.
    const paths = new Set(change.edits.map(({ path }) => path));
    if (effects.effect === 'elsewhere' && paths.size === 1) for (const path of paths) shared.add(path);
    if (effects.effect === 'only this') return locatedBy(change, aimed, effects, kustomize.roots);
  }
  const edits: TextEdit[] = [];
  const left: Section[] = [];
  for (const section of sections) {
    const found = await findPlace(aimed, section, files, shared, kustomize);
    if ('reason' in found) return found;
    const alone = sections.length === 1 && found.proved;
    if (alone) return locatedBy({ edits: found.edits, newFiles: [] }, aimed, alone, kustomize.roots);
    if (found.edits.length === 0) left.push(section);
    edits.push(...found.edits);
  }
  const changes = left.length === 0 ? [{ edits, newFiles: [] }] : await withPatch(aimed, edits, left, kustomize);
  for (const change of changes) {
    const effects = await effectOf(change, aimed, sections, kustomize.roots);
    if (effects.effect === 'over') return overBudget(effects.root, effects.why);
    if (effects.effect === 'only this') return locatedBy(change, aimed, effects, kustomize.roots);
  }
  return miss('rendered', `no edit of the files that ${root.kustomization.path} loads changes this value alone`);
}

type TextOf = readonly [path: string, text: string];

/** Changes of both values together: where each stands now, or in one container that has neither. */
async function jointChanges(
  aimed: Case,
  sections: readonly Section[],
  files: readonly TextOf[],
  { roots }: KustomizeContext,
): Promise<TriedChange[]> {
  if (sections.length < 2) return [];
  const states = sections.map((section) => memoryOf(resourcesOf(aimed), section).state);
  if (states.every((state) => state === 'absent')) {
    return files.flatMap(([path, text]) =>
      findFreePlaces(path, text, aimed.suggestion, sections, roots.parser).map((place) => ({
        edits: editsOf(place),
        newFiles: [],
      })),
    );
  }
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
async function placesOf(
  { root, object, resources, suggestion }: Case,
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

type Proved = Effects & { readonly effect: 'only this' };

/** The edits that set one section's value and move nothing else; none where that takes a patch. */
async function findPlace(
  aimed: Case,
  section: Section,
  files: readonly TextOf[],
  shared: ReadonlySet<string>,
  kustomize: KustomizeContext,
): Promise<{ readonly edits: TextEdit[]; readonly proved?: Proved } | Miss> {
  const { suggestion, miss } = aimed;
  const { known, places } = await placesOf(aimed, section, files, kustomize.roots);
  const handsOff = (path: string) => miss('hands off', `${path}: a comment says "memory-inspector: ignore"`);
  const forbidden = known ? places.find((place) => place.handsOff) : undefined;
  if (forbidden) return handsOff(forbidden.path);
  const usable = places.filter(({ path }) => files.some(([file]) => file === path) && !shared.has(path));
  const free = files.flatMap(([path, text]) =>
    findFreePlaces(path, text, suggestion, [section], kustomize.roots.parser).map(editsOf),
  );
  const tries = [
    ...usable.map((place) => ({ place, edits: editOf(suggestion, section, place) })),
    ...free.map((edits) => ({ place: undefined, edits })),
  ];
  for (const { place, edits } of tries) {
    const effects = await effectOf({ edits, newFiles: [] }, aimed, [section], kustomize.roots);
    if (effects.effect === 'over') return overBudget(effects.root, effects.why);
    if (effects.effect === 'nothing') continue;
    if (place?.handsOff) return handsOff(place.path);
    if (effects.effect === 'elsewhere') continue;
    if (effects.effect === 'only this') return { edits, proved: effects };
    const path = edits[0]?.path ?? '';
    return miss('rendered', `${path} sets this value together with others: change it there by hand`);
  }
  return { edits: [] };
}

function editOf(suggestion: Suggestion, section: Section, place: ValuePlace | undefined): TextEdit[] {
  const size = sizeOf(suggestion, section);
  if (!place || size === undefined) return [];
  return [{ path: place.path, start: place.start, end: place.end, replacement: writeAt(place, size) }];
}

function editsOf(place: { readonly path: string; readonly splices: readonly Omit<TextEdit, 'path'>[] }): TextEdit[] {
  return place.splices.map((splice) => ({ path: place.path, ...splice }));
}

async function withPatch(
  aimed: Case,
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

/** The location of a change that has been proved by what its rendering showed. */
async function locatedBy(
  change: TriedChange,
  { root, suggestion }: Case,
  { differences, others }: Proved,
  roots: Roots,
): Promise<Location> {
  const first = change.edits[0];
  const added: NewFile | undefined = change.newFiles[0];
  const folder = root.kustomization.folder.replace(/\/$/, '');
  const beside =
    others === 0
      ? ''
      : ` ${others} other ${others === 1 ? 'root loads' : 'roots load'} an edited file and render as before.`;
  const how = `${folder || 'The root folder'} was rendered with kubectl kustomize before and after: 1 container changed, nothing else.${beside}`;
  const path = added?.path ?? first?.path ?? root.kustomization.path;
  const line = added || !first ? 1 : lineOf((await roots.textOf(root, first.path)) ?? '', first.start);
  const renderDiff = differencesAsDiff(differences, () => `rendered/${folder || '.'}`);
  return {
    state: 'located',
    suggestion,
    path,
    line,
    edits: change.edits,
    newFiles: change.newFiles,
    proof: { kind: 'kustomize', how, renderDiff },
  };
}
