import type { TextEdit } from '../model/delivery.ts';

/** Two edits of a file want the same bytes. */
export class OverlapError extends Error {
  override readonly name = 'OverlapError';
}

/**
 * Applies edits whose offsets all refer to `text`. Insertions at the same place keep their order. Throws an OverlapError
 * where two edits touch the same range, and a RangeError for offsets outside the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.index - b.index);
  let result = '';
  let position = 0;
  for (const { edit } of ordered) {
    if (edit.start < 0 || edit.end < edit.start || edit.end > text.length)
      throw new RangeError(`an edit of ${edit.path} lies outside the file`);
    if (edit.start < position) throw new OverlapError(`two changes of ${edit.path} overlap`);
    result += text.slice(position, edit.start) + edit.replacement;
    position = edit.end;
  }
  return result + text.slice(position);
}
