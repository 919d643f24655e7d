import type { Location, NewFile, NotLocatedReason, TextEdit } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import type { TemplateContainer } from '../../model/workload.ts';
import { findConflict, findDrift } from '../compare-live.ts';
import { isRaise, reachedPlaces, sayLowered } from '../deployed/reached-places.ts';
import { lineOf } from '../edit-memory.ts';
import { sayUnknown } from '../find-definitions.ts';
import type { Section } from '../memory.ts';
import { type Miss, sayOf } from '../readable.ts';
import { differencesAsDiff, resourcesOf } from '../rendering/prove-change.ts';
import { type RenderedObject, resourcesPath } from '../rendering/rendered.ts';
import { type Effects, effectOf, type TriedChange } from './effect.ts';
import { findHits, sayRenderedMore } from './find-hits.ts';
import type { Root } from './find-roots.ts';
import { sayLeftOut } from './leave-out.ts';
import { editableFiles, findFreePlaces, findGenerated } from './places.ts';
import {
  type Candidate,
  editOf,
  editsOf,
  jointChanges,
  type KustomizeContext,
  lastChanges,
  placesOf,
  sectionsOf,
  type TextOf,
  withPatch,
} from './plan-changes.ts';
import type { Roots } from './roots.ts';

/** A container of the one root that renders its workload, with how to say that it is not edited. */
interface Case extends Candidate {
  /** Other roots of the kustomization that may as well be what the cluster runs. */
  readonly twins: readonly Root[];
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
  const [first, ...more] = hits;
  // Of one folder in several clusters, what the inspected one runs tells more than the order.
  const agreeing = hits.filter(({ object }) => agrees(object, live, suggestion));
  const hit = agreeing[0] ?? first;
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
  const twins = agreeing.flatMap(({ root }) => (root === hit.root ? [] : [root]));
  return { ...hit, resources, suggestion, live, miss, twins };
}

function agrees(object: RenderedObject, live: TemplateContainer, suggestion: Suggestion): boolean {
  const resources = resourcesPath(object, live);
  return resources !== undefined && findDrift(resourcesOf({ object, resources }), live, suggestion) === undefined;
}

function overBudget(path: string, why: string): Miss {
  return { reason: 'over budget', why: `${path}: ${why}`, lookedAt: [path] };
}

/** First all values at once where they stand; then one by one, and what cannot be set anywhere in a patch of its own. */
async function findChange(aimed: Case, kustomize: KustomizeContext): Promise<Location | Miss> {
  const { suggestion, miss, root } = aimed;
  const sections = sectionsOf(suggestion);
  const files = await editableFiles(root, kustomize.roots, kustomize.index);
  const shared = new Set<string>();
  const reached = new Set<string>();
  for (const change of await jointChanges(aimed, sections, files, kustomize)) {
    const effects = await effectOf(change, aimed, sections, kustomize.roots);
    if (effects.effect === 'over') return overBudget(effects.root, effects.why);
    // Of a change in two files it is not known which one others load.
    const paths = new Set(change.edits.map(({ path }) => path));
    if (effects.effect === 'elsewhere' && paths.size === 1) for (const path of paths) shared.add(path);
    if (effects.effect === 'elsewhere') reached.add(effects.root);
    if (effects.effect === 'only this') return locatedBy(change, aimed, effects, kustomize);
  }
  const edits: TextEdit[] = [];
  const left: Section[] = [];
  for (const section of sections) {
    const found = await findPlace(aimed, section, files, shared, kustomize);
    if ('reason' in found) return found;
    const alone = sections.length === 1 && found.proved;
    if (alone) return locatedBy({ edits: found.edits, newFiles: [] }, aimed, alone, kustomize);
    if (found.edits.length === 0) left.push(section);
    edits.push(...found.edits);
  }
  const apart = left.length === 0 ? [{ edits, newFiles: [] }] : await withPatch(aimed, edits, left, kustomize);
  for (const change of [...apart, ...(await lastChanges(aimed, left, files, kustomize))]) {
    const effects = await effectOf(change, aimed, sections, kustomize.roots);
    if (effects.effect === 'over') return overBudget(effects.root, effects.why);
    if (effects.effect === 'elsewhere') reached.add(effects.root);
    if (effects.effect === 'only this') return locatedBy(change, aimed, effects, kustomize);
  }
  const generated = findGenerated(root, suggestion.workload, kustomize.index);
  if (generated) return miss('generated', sayOf(generated.path, generated.why));
  return miss('rendered', sayNoneAlone(root.kustomization.path, [...reached]));
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

function sayNoneAlone(path: string, reached: readonly string[]): string {
  const none = `no edit of the files that ${path} loads changes this value alone`;
  return reached.length === 0
    ? none
    : `${none}, ${reached.join(' and ')} would change, too: give it an overlay of its own`;
}

/** What the renderings of a root did not have. */
async function sayWithout(root: Root, roots: Roots): Promise<string> {
  const { leftOut } = root.closure;
  if (leftOut.length === 0) return '';
  const rendering = await roots.rendered(root);
  const patches = rendering.state === 'rendered' ? (rendering.without ?? []) : [];
  const lost = patches.length === 0 ? '' : `, with their patches in ${sayLeftOut(patches)}`;
  return ` What comes from elsewhere was left out: ${sayLeftOut(leftOut)}${lost}.`;
}

/** The location of a change that has been proved by what its rendering showed. */
async function locatedBy(
  change: TriedChange,
  { root, suggestion, miss, twins }: Case,
  { differences, others, alike }: Proved,
  { roots, clusterName }: KustomizeContext,
): Promise<Location | Miss> {
  if (twins.some((one) => !alike.includes(one))) {
    return miss('ambiguous', sayRenderedMore(suggestion, [root, ...twins]));
  }
  const reaches = reachedPlaces([root, ...alike], clusterName);
  if (reaches.length > 1 && !isRaise(suggestion)) return miss('not editable', sayLowered(reaches));
  const first = change.edits[0];
  const added: NewFile | undefined = change.newFiles[0];
  const folder = root.kustomization.folder.replace(/\/$/, '');
  const beside =
    others === 0
      ? ''
      : ` ${others} other ${others === 1 ? 'root loads' : 'roots load'} an edited file and render as before.`;
  const how = `${folder || 'The root folder'} was rendered with kubectl kustomize before and after: 1 container changed, nothing else.${beside}${await sayWithout(root, roots)}`;
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
    ...(reaches.length > 1 ? { reaches } : {}),
  };
}
