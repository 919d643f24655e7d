import type { Location, NewFile, NotLocatedReason, TextEdit } from '../../model/delivery.ts';
import type { Suggestion } from '../../model/inspection.ts';
import { type TemplateContainer, type Workload, workloadKey } from '../../model/workload.ts';
import { narrow } from '../applied.ts';
import { findConflict, findDrift } from '../compare-live.ts';
import { lineOf } from '../edit-memory.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { type Miss, namespacesWith } from '../locate-plain.ts';
import { refuseText } from '../readable.ts';
import type { Place } from './find-values.ts';
import { findBaseNames, planPatch } from './new-patch.ts';
import { jointPlaces, placesOf } from './places.ts';
import type { Renderer } from './render.ts';
import {
  findRendered,
  findRenderedContainer,
  namesBefore,
  renderDiff,
  resourcesOf,
  type Sections,
} from './rendered.ts';
import { type Aimed, type Effects, editedTexts, type Root, renderEffect, textOf } from './roots.ts';

export interface Kustomize {
  readonly index: ManifestIndex;
  readonly roots: readonly Root[];
  readonly renderer: Renderer;
  readonly workloads: readonly Workload[];
}

interface Change {
  readonly edits: readonly TextEdit[];
  readonly newFiles: readonly NewFile[];
}

type Section = 'limits' | 'requests';

/**
 * The edit in the files of the one root that renders the workload: the place whose change moves the rendered value and
 * nothing else, in this root and in every other that loads the file; else a new patch in the overlay. `undefined` where
 * no root renders the workload.
 */
export async function locateKustomize(
  suggestion: Suggestion,
  live: TemplateContainer,
  kustomize: Kustomize,
): Promise<Location | Miss | undefined> {
  const wildcard = namespacesWith(suggestion.workload, kustomize.workloads).length === 1;
  const all = kustomize.roots.flatMap((root) =>
    root.rendered && !root.outside
      ? findRendered(root.rendered, suggestion.workload, wildcard).map((found) => ({ root, found }))
      : [],
  );
  const key = workloadKey(suggestion.workload);
  const workload = kustomize.workloads.find((one) => workloadKey(one.ref) === key);
  const hits = narrow(all, ({ root }) => root.kustomization.path, workload, kustomize.index.applied);
  const [hit, ...more] = hits;
  if (!hit?.root.rendered) return undefined;
  const paths = [...new Set(hits.map(({ root }) => root.kustomization.path))];
  const miss = (reason: NotLocatedReason, why: string): Miss => ({ reason, why, lookedAt: paths });
  const { kind, name } = suggestion.workload;
  if (more.length > 0) return miss('ambiguous', `${kind} ${name} is rendered more than once: ${paths.join(', ')}`);

  const { root, found } = hit;
  const container = findRenderedContainer(hit.root.rendered, found, live);
  if (!container) return miss('drift', `${paths[0]} renders no container ${live.name}, which the cluster runs`);
  const resources = resourcesOf(hit.root.rendered, container);
  const drift = findDrift(resources, live, suggestion);
  if (drift) return miss('drift', `${paths[0]}: ${drift}`);
  const conflict = findConflict(resources, suggestion);
  if (conflict) return miss('not editable', `${paths[0]}: ${conflict}`);
  const sections = (['limits', 'requests'] as const).filter((section) => sizeOf(suggestion, section) !== undefined);
  return findChange({ root, container, suggestion, sections }, live, kustomize, miss);
}

function sizeOf(suggestion: Suggestion, section: Section) {
  return section === 'limits' ? suggestion.limit?.to : suggestion.request?.to;
}

async function findChange(
  aimed: Aimed,
  live: TemplateContainer,
  kustomize: Kustomize,
  miss: (reason: NotLocatedReason, why: string) => Miss,
): Promise<Location | Miss> {
  const shared = new Set<string>();
  for (const place of jointPlaces(aimed, kustomize.index)) {
    const change = { edits: editsOf(place), newFiles: [] };
    const { effect, ...effects } = await effectOf(change, aimed, kustomize);
    if (effect === 'elsewhere') shared.add(place.path);
    const proved = effect === 'only this' && locatedBy(change, aimed, effects);
    if (proved) return proved;
  }
  const edits: TextEdit[] = [];
  const left: Section[] = [];
  for (const section of aimed.sections) {
    const place = await findPlace({ ...aimed, sections: [section] }, section, kustomize, shared);
    if ('reason' in place) return miss(place.reason, place.why);
    if (place.edits.length === 0) left.push(section);
    edits.push(...place.edits);
  }
  for (const change of left.length === 0 ? [{ edits, newFiles: [] }] : withPatch(aimed, live, edits, left, kustomize)) {
    const proved = await prove(change, aimed, kustomize);
    if (proved) return proved;
  }
  return miss('rendered', `no edit of the files that ${aimed.root.kustomization.path} loads changes this value alone`);
}

/** The first place, overlay first, that moves one section's value and nothing else; without edits where there is none. */
async function findPlace(
  aimed: Aimed,
  section: Section,
  kustomize: Kustomize,
  shared: ReadonlySet<string>,
): Promise<{ edits: TextEdit[] } | { reason: NotLocatedReason; why: string }> {
  for (const place of placesOf(aimed, section, kustomize.index)) {
    if (shared.has(place.path)) continue;
    const edits = editsOf(place);
    const { effect } = await effectOf({ edits, newFiles: [] }, aimed, kustomize);
    if (effect === 'nothing') continue;
    if (place.handsOff) return { reason: 'hands off', why: `${place.path}: a comment says "memory-inspector: ignore"` };
    if (effect === 'only this') return { edits };
    if (effect === 'more here') {
      return { reason: 'rendered', why: `${place.path} sets this value together with others: change it there by hand` };
    }
  }
  return { edits: [] };
}

function editsOf(place: Place): TextEdit[] {
  return place.splices.map((splice) => ({ path: place.path, ...splice }));
}

function withPatch(
  aimed: Aimed,
  live: TemplateContainer,
  edits: readonly TextEdit[],
  left: Sections,
  kustomize: Kustomize,
): Change[] {
  const { root, suggestion } = aimed;
  const { path, folder } = root.kustomization;
  const text = textOf(root, path);
  if (text === undefined || !kustomize.index.editable(path) || refuseText(text, false)) return [];
  const texts = [...root.closure.files].map((file) => textOf(root, file) ?? '');
  const before = root.rendered ? namesBefore(root.rendered, aimed.container) : [];
  return findBaseNames(texts, suggestion).flatMap((base): Change[] => {
    const patch = planPatch({ path, folder, text }, base, { suggestion, live, sections: left, before });
    if (!patch || kustomize.index.paths.includes(patch.newFile.path)) return [];
    return [{ edits: [...edits, ...patch.edits], newFiles: [patch.newFile] }];
  });
}

async function effectOf(change: Change, aimed: Aimed, kustomize: Kustomize): Promise<Effects> {
  const texts = editedTexts(aimed.root, change.edits);
  if (!texts) return { effect: 'nothing', others: 0 };
  const all = new Map([...texts, ...change.newFiles.map((file) => [file.path, file.text] as const)]);
  return renderEffect(all, aimed, kustomize.roots, kustomize.renderer);
}

async function prove(change: Change, aimed: Aimed, kustomize: Kustomize): Promise<Location | undefined> {
  const { effect, ...effects } = await effectOf(change, aimed, kustomize);
  return effect === 'only this' ? locatedBy(change, aimed, effects) : undefined;
}

/** The location of a change that has been proved by what its rendering showed. */
function locatedBy(change: Change, aimed: Aimed, { after, others }: Omit<Effects, 'effect'>): Location | undefined {
  const { root, suggestion, container } = aimed;
  const [first] = change.edits;
  if (!after || !root.rendered || !first) return undefined;
  const folder = root.kustomization.folder.replace(/\/$/, '');
  const beside =
    others === 0
      ? ''
      : ` ${others} other ${others === 1 ? 'root loads' : 'roots load'} an edited file and render as before.`;
  const how = `${folder || 'The root folder'} was rendered with kubectl kustomize before and after: 1 container changed, nothing else.${beside}`;
  const added = change.newFiles[0];
  return {
    state: 'located',
    suggestion,
    path: added?.path ?? first.path,
    line: added ? 1 : lineOf(textOf(root, first.path) ?? '', first.start),
    edits: change.edits,
    newFiles: change.newFiles,
    proof: { kind: 'kustomize', how, renderDiff: renderDiff(folder, root.rendered, after, container.document) },
  };
}
