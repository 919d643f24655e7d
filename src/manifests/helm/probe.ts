import { podSpecPath } from '../../model/kinds.ts';
import { WHOLE_POD } from '../../model/workload.ts';
import { parseQuantity } from '../../quantity.ts';
import { isObject, type Json, type Path, valueAt } from '../documents.ts';
import { SECTIONS, type Section } from '../memory.ts';
import { markOf } from '../rendering/marks.ts';
import { objectsOf, type RenderedObject, type RenderedText, textLeaves } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import type { LoadedRelease } from './load-release.ts';
import { findMemoryKeys, type MemoryKey } from './memory-keys.ts';
import type { ReleaseRenderer } from './render.ts';
import { overlayOf } from './values.ts';

/** A place that a key moves: a container's memory, or anything else of an object (`container` is missing then). */
export interface Hit {
  /** The object's id, `namespace/group/kind/name`. */
  readonly id: string;
  readonly container?: string;
  readonly section?: Section;
}

export type Probe =
  | { readonly state: 'probed'; readonly hits: ReadonlyMap<MemoryKey, readonly Hit[]> }
  | Exclude<Rendering, { state: 'rendered' }>;

/**
 * Gives every key a value of its own in one rendering and reads which container got which. Values that are not set yet
 * are tried only `withUnset`, because setting one may hide what another would have given.
 */
export async function probeKeys(
  loaded: LoadedRelease,
  renderer: ReleaseRenderer,
  sizes: ReadonlySet<number>,
  withUnset: boolean,
): Promise<Probe> {
  const keys = findMemoryKeys(loaded.merged, loaded.mentions, sizes, withUnset);
  if (keys.length === 0) return { state: 'probed', hits: new Map() };
  const marks = new Map(keys.map((key, index) => [markOf(index), key]));
  const settings = [...marks].map(([mark, key]) => [key.path, mark] as const);
  const rendering = await renderer.render(loaded, { overlay: overlayOf(loaded.merged, settings) });
  if (rendering.state !== 'rendered') return rendering;
  const hits = new Map<MemoryKey, Hit[]>();
  for (const text of rendering.documents) {
    for (const [key, found] of hitsIn(text, marks, loaded.release.namespace)) {
      hits.set(key, [...(hits.get(key) ?? []), ...found]);
    }
  }
  return { state: 'probed', hits };
}

/** The sizes that a rendering gives to anything called memory, in bytes. */
export function sizesIn(documents: readonly RenderedText[]): ReadonlySet<number> {
  const sizes = new Set<number>();
  for (const text of documents) {
    for (const [, written = ''] of text.matchAll(/\bmemory["']?:[ \t]*["']?(\d[\w.+-]{0,30})/g)) {
      const size = parseQuantity(written);
      if (size !== undefined) sizes.add(size);
    }
  }
  return sizes;
}

function hitsIn(text: RenderedText, marks: ReadonlyMap<string, MemoryKey>, namespace: string): Map<MemoryKey, Hit[]> {
  const hits = new Map<MemoryKey, Hit[]>();
  const present = [...marks].filter(([mark]) => text.includes(mark.slice(0, -2)));
  if (present.length === 0) return hits;
  const objects = objectsOf(text, namespace);
  for (const [mark, key] of present) {
    const found = objects?.flatMap((object) => hitsOf(object, mark)) ?? [];
    // Seen in the text, but not as a value of an object: whatever it is, the key moves it.
    hits.set(key, found.length > 0 ? found : [{ id: 'a text' }]);
  }
  return hits;
}

function hitsOf(object: RenderedObject, mark: string): Hit[] {
  return textLeaves(object.value)
    .filter(({ text }) => text.includes(mark.slice(0, -2)))
    .map(({ path, text }): Hit => (text === mark ? hitAt(object, path) : { id: object.id }));
}

function hitAt({ id, found, value }: RenderedObject, path: Path): Hit {
  const spec = podSpecPath(found.kind);
  const inSpec = spec.every((step, at) => path[at] === step);
  if (inSpec && path.length === spec.length + 3 && path[spec.length] === 'resources' && path.at(-1) === 'memory') {
    const section = SECTIONS.find((one) => one === path[spec.length + 1]);
    return section === undefined ? { id } : { id, container: WHOLE_POD, section };
  }
  const [list, index, resources, section, memory] = path.slice(spec.length);
  const inside = path.length === spec.length + 5 && inSpec;
  if (!inside || resources !== 'resources' || memory !== 'memory') return { id };
  if ((list !== 'containers' && list !== 'initContainers') || (section !== 'limits' && section !== 'requests'))
    return { id };
  const container: Json | undefined = valueAt(value, [...spec, list, index ?? 0]);
  return isObject(container) && typeof container.name === 'string'
    ? { id, container: container.name, section }
    : { id };
}
