/** Replaces `[start, end)` (UTF-16 offsets) of a text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Two edits of a text want the same bytes. */
export class OverlapError extends Error {
  override readonly name = 'OverlapError';
}

/** Splices of one text without those that occur twice; the first of each stays. */
export function distinctSplices<S extends Splice>(splices: readonly S[]): S[] {
  const distinct = new Map<string, S>();
  for (const splice of splices) {
    const key = `${splice.start} ${splice.end} ${splice.replacement}`;
    if (!distinct.has(key)) distinct.set(key, splice);
  }
  return [...distinct.values()];
}

/**
 * Applies splices whose offsets all refer to `text`. The same splice twice counts once, because containers that share a
 * value are changed by one edit; insertions at one place keep their order. `what` names the text in errors. Throws an
 * OverlapError where two touch the same range, and a RangeError for offsets outside the text.
 */
export function applyEdits(text: string, splices: readonly Splice[], what = 'the text'): string {
  const ordered = distinctSplices(splices)
    .map((splice, index) => ({ splice, index }))
    .sort((a, b) => a.splice.start - b.splice.start || a.index - b.index);
  let result = '';
  let position = 0;
  for (const { splice } of ordered) {
    const { start, end, replacement } = splice;
    if (start < 0 || end < start || end > text.length) throw new RangeError(`an edit to ${what} lies outside it`);
    if (start < position) throw new OverlapError(`two changes to ${what} overlap`);
    result += text.slice(position, start) + replacement;
    position = end;
  }
  return result + text.slice(position);
}
