import { addTo } from '../../text/add-to.ts';
import type { Path } from '../documents.ts';
import { valueAt } from '../documents.ts';
import type { WhyNot } from '../readable.ts';
import { editLayer, type KeyChange, type ValuesEdit } from './edit-values.ts';
import type { LoadedRelease } from './load-release.ts';
import type { LoadedLayer } from './values.ts';

/** A way to make a change: the files' edits, or why that way is closed. */
export type LayerChoice = { readonly edits: readonly ValuesEdit[] } | WhyNot;

/**
 * The ways to set the keys, the best first: in the highest layers that set them already, then in each layer that none
 * above hides, from the top: one that only this release has moves no other. Lists are replaced as a whole, so what is in
 * one stays there.
 */
export function* chooseLayers(
  loaded: Pick<LoadedRelease, 'layers' | 'defaults'>,
  changes: readonly KeyChange[],
): Generator<LayerChoice> {
  const layers = [...loaded.layers.toReversed(), ...(loaded.defaults ? [loaded.defaults] : [])];
  const setting = changes.map((change) => layers.find((layer) => holds(layer, change.key.path)));
  const placed = setting.flatMap((layer) => layer ?? []);
  if (placed.length > 0) {
    // What no layer sets yet goes beside its counterpart.
    const first = placed[0];
    yield edit(changes.map((change, index) => [setting[index] ?? first, change] as const));
  }
  const free = changes.every((change, index) => setting[index] === undefined || !inList(change.key.path));
  const deciding = Math.min(...setting.map((layer) => (layer ? layers.indexOf(layer) : layers.length)));
  const tried = new Set(placed.length === changes.length ? placed : []);
  const others = free ? layers.slice(0, deciding + 1).filter((layer) => !isOnly(layer, tried)) : [];
  for (const layer of others.filter(({ fixed }) => fixed === undefined).slice(0, MOST_TRIED)) {
    yield edit(changes.map((change) => [layer, change] as const));
  }
  if (layers.every(({ fixed }) => fixed)) {
    yield { reason: 'no manifest', why: 'the release has no values file in the repository' };
  }
}

/** Each is proved by rendering. */
const MOST_TRIED = 4;

/** Whether a layer has been tried for all the keys. */
function isOnly(layer: LoadedLayer, tried: ReadonlySet<LoadedLayer>): boolean {
  return tried.size === 1 && tried.has(layer);
}

/** Whether a layer sets a path, or the list on its way, which is replaced as a whole. */
export function holds(layer: Pick<LoadedLayer, 'values'>, path: Path): boolean {
  const list = path.findIndex((step) => typeof step === 'number');
  const value = valueAt(layer.values, list < 0 ? path : path.slice(0, list));
  return value !== undefined && value !== null;
}

function inList(path: Path): boolean {
  return path.some((step) => typeof step === 'number');
}

function edit(changes: readonly (readonly [LoadedLayer | undefined, KeyChange])[]): LayerChoice {
  const byLayer = new Map<LoadedLayer, KeyChange[]>();
  for (const [layer, change] of changes) {
    if (layer) addTo(byLayer, layer, change);
  }
  const edits: ValuesEdit[] = [];
  for (const [layer, own] of byLayer) {
    const planned = editLayer(layer, own);
    if ('reason' in planned) return planned;
    edits.push(planned);
  }
  if (new Set(edits.map(({ path }) => path)).size < edits.length) {
    return { reason: 'not editable', why: `${edits[0]?.path} would be edited in two layers at once` };
  }
  return { edits };
}
