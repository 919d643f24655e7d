import { addTo } from '../../text/add-to.ts';
import { applyEdits } from '../../text/apply-edits.ts';
import type { Path } from '../documents.ts';
import type { Parser } from '../parser.ts';
import { markOf, marksIn } from '../rendering/marks.ts';
import { objectsOf, type RenderedText, textLeaves } from '../rendering/rendered.ts';
import type { ValuePlace } from './find-values.ts';

/** A leaf of a rendered object. */
export interface RenderedLeaf {
  /** The object's id, `namespace/group/kind/name`. */
  readonly id: string;
  readonly path: Path;
}

/** Which place decides which leaf, as one rendering showed. */
export interface PlaceProbe {
  /** The places that decide a leaf; more than one where a text is put together. */
  placesOf(leaf: RenderedLeaf): readonly ValuePlace[];
}

/** Texts in which every place has a value of its own, by which its trace is found in what they render to. */
export interface Marked {
  readonly texts: ReadonlyMap<string, string>;
  readonly marks: ReadonlyMap<string, ValuePlace>;
}

/** A file with the places in it. */
export interface FileWithPlaces {
  readonly path: string;
  readonly text: string;
  readonly places: readonly ValuePlace[];
}

export function markPlaces(files: readonly FileWithPlaces[]): Marked {
  const texts = new Map<string, string>();
  const marks = new Map<string, ValuePlace>();
  for (const { path, text, places } of files) {
    const splices = places.map((place) => {
      const mark = markOf(marks.size);
      marks.set(mark, place);
      return { start: place.start, end: place.end, replacement: `${place.quote}${mark}${place.quote}` };
    });
    texts.set(path, applyEdits(text, splices));
  }
  return { texts, marks };
}

/** Reads the marks in what the marked texts render to; `undefined` where a document cannot be read. */
export function readProbe(
  documents: readonly RenderedText[],
  marks: Marked['marks'],
  parser: Parser,
): PlaceProbe | undefined {
  const places = new Map<string, ValuePlace[]>();
  for (const text of documents) {
    if (![...marksIn(text)].some((mark) => marks.has(mark))) continue;
    const objects = objectsOf(text, '', parser);
    if (objects === undefined) return undefined;
    for (const { id, value } of objects) {
      for (const leaf of textLeaves(value)) {
        for (const mark of marksIn(leaf.text)) {
          const place = marks.get(mark);
          if (place !== undefined) addTo(places, keyOf({ id, path: leaf.path }), place);
        }
      }
    }
  }
  return { placesOf: (leaf) => places.get(keyOf(leaf)) ?? [] };
}

function keyOf({ id, path }: RenderedLeaf): string {
  return JSON.stringify([id, path]);
}
