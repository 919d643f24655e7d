import { applySplices } from '../check-edit.ts';
import type { Path } from '../documents.ts';
import { objectsOf, type RenderedText, textLeaves } from '../rendering/rendered.ts';
import { findPlaces, type ValuePlace } from './find-values.ts';

/** A leaf of a rendered object that a place decides. */
export interface Hit {
  /** The object's id, `namespace/group/kind/name`. */
  readonly id: string;
  readonly path: Path;
}

/** Which place decides which leaf, as one rendering showed. */
export interface Probe {
  /** The places that decide a leaf; more than one where a text is put together. */
  placesOf(hit: Hit): readonly ValuePlace[];
  hitsOf(place: ValuePlace): readonly Hit[];
}

/** Texts in which every place has a value of its own, by which its trace is found in what they render to. */
export interface Marked {
  readonly texts: ReadonlyMap<string, string>;
  readonly marks: ReadonlyMap<string, ValuePlace>;
}

/** An odd number of Mi that nobody writes. */
const FIRST = 7_340_033;

export function markPlaces(files: ReadonlyMap<string, string>): Marked {
  const texts = new Map<string, string>();
  const marks = new Map<string, ValuePlace>();
  for (const [path, text] of files) {
    const places = findPlaces(path, text);
    if (places.length === 0) continue;
    const splices = places.map((place) => {
      const mark = `${FIRST + 2 * marks.size}Mi`;
      marks.set(mark, place);
      return { start: place.start, end: place.end, replacement: `${place.quote}${mark}${place.quote}` };
    });
    texts.set(path, applySplices(text, splices));
  }
  return { texts, marks };
}

/** Reads the marks in what the marked texts render to; `undefined` where a document cannot be read. */
export function readProbe(documents: readonly RenderedText[], marks: Marked['marks']): Probe | undefined {
  const places = new Map<string, ValuePlace[]>();
  const hits = new Map<ValuePlace, Hit[]>();
  const numbers = /73\d{5}(?=Mi)/g;
  for (const text of documents) {
    if (!(text.match(numbers) ?? []).some((number) => marks.has(`${number}Mi`))) continue;
    const objects = objectsOf(text, '');
    if (objects === undefined) return undefined;
    for (const { id, value } of objects) {
      for (const leaf of textLeaves(value)) {
        for (const number of new Set(leaf.text.match(numbers))) {
          const place = marks.get(`${number}Mi`);
          if (place === undefined) continue;
          const hit = { id, path: leaf.path };
          places.set(keyOf(hit), [...(places.get(keyOf(hit)) ?? []), place]);
          hits.set(place, [...(hits.get(place) ?? []), hit]);
        }
      }
    }
  }
  return { placesOf: (hit) => places.get(keyOf(hit)) ?? [], hitsOf: (place) => hits.get(place) ?? [] };
}

function keyOf({ id, path }: Hit): string {
  return JSON.stringify([id, path]);
}
