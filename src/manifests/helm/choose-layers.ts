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
 * The ways to set the keys, the best first: in the highest layers that set them already, then in the release's own
 * highest layer, where other releases are not touched. Lists are replaced as a whole, so what is in one stays there.
 */
export function* chooseLayers(
  loaded: Pick<LoadedRelease, 'layers' | 'defaults'>,
  changes: readonly KeyChange[],
): Generator<LayerChoice> {
  const layers = [...loaded.layers.toReversed(), ...(loaded.defaults ? [loaded.defaults] : [])];
  const setting = changes.map((change) => layers.find((layer) => holds(layer, change.key.path)));
  const top = layers.find(({ fixed }) => fixed === undefined);
  const placed = setting.flatMap((layer) => layer ?? []);
  if (placed.length > 0) {
    // What no layer sets yet goes beside its counterpart.
    const first = placed[0];
    yield edit(changes.map((change, index) => [setting[index] ?? first, change] as const));
  }
  const aside = changes.some((change, index) => setting[index] !== top && !inList(change.key.path));
  if (top && (placed.length === 0 || aside)) yield edit(changes.map((change) => [top, change] as const));
  if (!top) yield { reason: 'no manifest', why: 'the release has no values file in the repository' };
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
