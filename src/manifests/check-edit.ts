import { isDeepStrictEqual } from 'node:util';
import { visit } from 'yaml';
import { parseQuantity } from '../quantity.ts';
import {
  isObject,
  isParsed,
  type Json,
  type ParsedFile,
  type Path,
  parseManifest,
  plain,
  valueAt,
} from './documents.ts';
import type { MemoryTarget } from './edit-memory.ts';
import type { WhyNot } from './readable.ts';

/**
 * Proves an edit of `text`, parsed as `before`: the new text parses, has as many documents, the targets have their values and everything else is as
 * it was. `undefined` when it holds, else why not.
 */
export function checkEdit(
  before: ParsedFile,
  text: string,
  after: string,
  targets: readonly MemoryTarget[],
): WhyNot | undefined {
  const parsed = parseManifest(after);
  if (!isParsed(parsed)) return { reason: 'not editable', why: 'the file would not parse after the edit' };
  if (isJson(text) && !isJson(after)) return { reason: 'not editable', why: 'the file would no longer be JSON' };
  const expected = plain(before.values) as Json[];
  for (const target of targets) {
    for (const [section, size] of [['limits', target.limit] as const, ['requests', target.request] as const]) {
      if (size === undefined) continue;
      const path = [...target.holder, target.key, section, 'memory'];
      const value = valueAt(parsed.values[target.document], path);
      if (typeof value !== 'string' && typeof value !== 'number') return unproved(before);
      if (parseQuantity(String(value)) !== size) return unproved(before);
      setAt(expected[target.document], path, value);
    }
  }
  return isDeepStrictEqual(expected, parsed.values) ? undefined : unproved(before);
}

function isJson(text: string): boolean {
  if (!/^\uFEFF?\s*\{/.test(text)) return false;
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}

/** Why an edit is not made that changes more, or less, than it shall. */
export function unproved(before: ParsedFile): WhyNot {
  let aliases = 0;
  for (const document of before.documents) visit(document, { Alias: () => void aliases++ });
  if (aliases === 0) return { reason: 'not editable', why: 'the edit could not be shown to change this value alone' };
  return {
    reason: 'shared anchor',
    why: 'the value is shared through an anchor with other places, which would change too',
  };
}

/** Sets a value at a path, with the maps that lead there. */
export function setAt(root: Json | undefined, path: Path, value: Json): void {
  let current = root as Record<string | number, Json> | undefined;
  for (const step of path.slice(0, -1)) {
    if (current === undefined) return;
    const next = current[step];
    if (!isObject(next) && !Array.isArray(next)) current[step] = {};
    current = current[step] as Record<string | number, Json>;
  }
  const last = path.at(-1);
  if (current !== undefined && last !== undefined) current[last] = value;
}
