import { type Document, isMap, isSeq } from 'yaml';
import { keyText, nodeAt, type Path } from './documents.ts';
import { rangeOf } from './memory-style.ts';

/**
 * Where in its text the value at a path begins, at the alias where it is written as one; `undefined` where it does not
 * stand there by itself, such as what comes through a merge key.
 */
export function valueOffset(document: Document.Parsed, path: Path): number | undefined {
  const holder = nodeAt(document, path.slice(0, -1));
  const last = path.at(-1);
  if (isSeq(holder)) return typeof last === 'number' ? rangeOf(holder.items[last])?.[0] : undefined;
  if (!isMap(holder)) return undefined;
  return rangeOf(holder.items.find(({ key }) => keyText(key) === String(last))?.value)?.[0];
}
