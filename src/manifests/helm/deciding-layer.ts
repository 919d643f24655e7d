import type { DecidedBy } from '../../model/declared.ts';
import type { Path } from '../documents.ts';
import { lineOf } from '../edit-memory.ts';
import { valueOffset } from '../value-line.ts';
import { holds } from './choose-layers.ts';
import type { LoadedRelease } from './load-release.ts';
import { splicesInBlock } from './text-in-yaml.ts';
import type { LoadedLayer } from './values.ts';

/** Where the topmost layer that sets a key has its value; `undefined` where no file of the repository shows it. */
export function lineOfKey({ layers, defaults, below }: LoadedRelease, key: Path): DecidedBy | undefined {
  const own = [...layers.toReversed(), ...(defaults ? [defaults] : [])].map((layer) => ({ layer, path: key }));
  const lower = below.toReversed().flatMap(({ mount, layer }) => {
    const isBelow = mount.every((step, index) => key[index] === step);
    return isBelow ? [{ layer, path: key.slice(mount.length) }] : [];
  });
  const deciding = [...own, ...lower].find(({ layer, path }) => holds(layer, path));
  const offset = deciding && offsetIn(deciding.layer, deciding.path);
  if (!deciding || offset === undefined) return undefined;
  const { file } = deciding.layer;
  return { state: 'line', path: file.path, line: lineOf(file.text, offset) };
}

function offsetIn({ file, inner, document, at }: LoadedLayer, path: Path): number | undefined {
  const outer = file.parsed?.documents[document];
  if (!inner) return outer && valueOffset(outer, [...at, ...path]);
  const [values] = inner.parsed.documents;
  const start = values && valueOffset(values, path);
  if (!outer || start === undefined) return undefined;
  // An empty splice goes to the same place of the file as one that replaced the value.
  const splices = splicesInBlock(file.text, outer, at, inner.text, [{ start, end: start, replacement: '' }]);
  return Array.isArray(splices) ? splices[0]?.start : undefined;
}
