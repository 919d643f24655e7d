import type { DecidedBy } from '../../model/declared.ts';
import type { Path } from '../documents.ts';
import { createLineFinder, createValueFinder } from '../value-places.ts';
import { holds } from './choose-layers.ts';
import type { LoadedRelease } from './load-release.ts';
import type { MemoryKey } from './memory-keys.ts';
import { splicesInBlock } from './text-in-yaml.ts';
import type { LoadedLayer } from './values.ts';

/** Finds where the topmost layer that sets a key has its value; `undefined` where no file of the repository shows it. */
export function createKeyFinder(loaded: LoadedRelease): (key: MemoryKey) => DecidedBy | undefined {
  const finders = new Map<LoadedLayer, (path: Path) => DecidedBy | undefined>();
  const findIn = (layer: LoadedLayer, path: Path) => {
    const find = finders.get(layer) ?? createFinder(layer);
    finders.set(layer, find);
    return find(path);
  };
  const found = new Map<MemoryKey, DecidedBy | undefined>();
  return (key) => {
    if (!found.has(key)) {
      const deciding = decidingLayer(loaded, key.path);
      found.set(key, deciding && findIn(deciding.layer, deciding.path));
    }
    return found.get(key);
  };
}

interface Deciding {
  readonly layer: LoadedLayer;
  /** The key's path within the layer. */
  readonly path: Path;
}

function decidingLayer({ layers, defaults, below }: LoadedRelease, key: Path): Deciding | undefined {
  const own = [...layers.toReversed(), ...(defaults ? [defaults] : [])].map((layer) => ({ layer, path: key }));
  const lower = below.toReversed().flatMap(({ mount, layer }) => {
    const isBelow = mount.every((step, index) => key[index] === step);
    return isBelow ? [{ layer, path: key.slice(mount.length) }] : [];
  });
  return [...own, ...lower].find(({ layer, path }) => holds(layer, path));
}

function createFinder({ file, inner, document, at }: LoadedLayer): (path: Path) => DecidedBy | undefined {
  const outer = file.parsed?.documents[document];
  const values = inner ? inner.parsed.documents[0] : outer;
  if (!outer || !values) return () => undefined;
  const find = createValueFinder(values);
  const lineAt = createLineFinder(file.text);
  return (path) => {
    const start = find(inner ? path : [...at, ...path]);
    const offset = start === undefined || !inner ? start : outerOffset(start, inner.text);
    return offset === undefined ? undefined : { state: 'line', path: file.path, line: lineAt(offset) };
  };

  /** An empty splice goes to the same place of the file as one that replaced the value. */
  function outerOffset(start: number, text: string): number | undefined {
    const splices = outer && splicesInBlock(file.text, outer, at, text, [{ start, end: start, replacement: '' }]);
    return Array.isArray(splices) ? splices[0]?.start : undefined;
  }
}
