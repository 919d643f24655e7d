import { parseQuantity } from '../../quantity.ts';
import type { Path } from '../documents.ts';
import { isObject, type Json, valueAt } from '../documents.ts';

/**
 * A key of a chart's values that may set a container's memory. `block` is a path to `resources` whose `limits.memory` or
 * `requests.memory` is meant; `value` is any other single value.
 */
export interface MemoryKey {
  readonly path: Path;
  readonly form: 'block' | 'value';
}

const MAX_KEYS = 2000;
const LEAST_MEMORY = 4 * 1024 * 1024;

/**
 * The keys that may set memory: those of all `resources`-like maps, single values that equal one of the `sizes`, and, with
 * `withUnset`, those of `resources` that are empty, that templates mention or that stand beside an image.
 */
export function findMemoryKeys(
  merged: Json,
  mentions: readonly Path[],
  sizes: ReadonlySet<number>,
  withUnset: boolean,
): MemoryKey[] {
  const keys = new Map<string, MemoryKey>();
  const add = (path: Path, form: MemoryKey['form']) => {
    const key = JSON.stringify(path);
    if (keys.size < MAX_KEYS && !keys.has(key)) keys.set(key, { path, form });
  };
  const addBlock = (path: Path) => {
    for (const section of ['limits', 'requests']) add([...path, section, 'memory'], 'block');
  };
  walk(merged, [], (value, path) => {
    if (isResources(value, path)) addBlock(path);
    else if (isMemory(value, sizes) && !insideBlock(path, keys)) add(path, 'value');
    if (!withUnset || !isObject(value)) return;
    if (isEmptyResources(value, path)) addBlock(path);
    if (path.length > 0 && path.length <= 4 && 'image' in value && !('resources' in value))
      addBlock([...path, 'resources']);
  });
  for (const path of withUnset ? mentions : []) if (isFree(merged, path)) addBlock(path);
  return [...keys.values()];
}

function walk(value: Json, path: Path, visit: (value: Json, path: Path) => void): void {
  visit(value, path);
  if (path.length > 20) return;
  if (Array.isArray(value))
    value.forEach((item: Json, index) => {
      walk(item, [...path, index], visit);
    });
  else if (isObject(value)) for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key], visit);
}

function isResources(value: Json, path: Path): boolean {
  if (!isObject(value) || path.length === 0) return false;
  const sections = [value.limits, value.requests].filter((section) => section !== undefined && section !== null);
  return sections.length > 0 && sections.every((section) => isObject(section));
}

function isEmptyResources(value: Json, path: Path): boolean {
  const name = path.at(-1);
  return typeof name === 'string' && /resources$/i.test(name) && isObject(value) && !isResources(value, path);
}

function isMemory(value: Json, sizes: ReadonlySet<number>): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const size = parseQuantity(String(value));
  return size !== undefined && size >= LEAST_MEMORY && sizes.has(size);
}

function insideBlock(path: Path, keys: ReadonlyMap<string, MemoryKey>): boolean {
  return keys.has(JSON.stringify(path));
}

/** Whether nothing, or a map, stands at a path and at all that lead to it. */
function isFree(merged: Json, path: Path): boolean {
  return path.every((_, index) => {
    const value = valueAt(merged, path.slice(0, index + 1));
    return value === undefined || value === null || isObject(value);
  });
}
