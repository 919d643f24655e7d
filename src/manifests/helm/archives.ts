import { gunzipSync } from 'node:zlib';
import { MIB } from '../../bytes.ts';
import { isObject, isParsed, type Json, type Path } from '../documents.ts';
import { type Effort, IN_A_UNIT } from '../effort.ts';
import { decode } from '../readable.ts';
import type { Texts } from './texts.ts';

const BLOCK = 512;
const LARGEST = 16 * MIB;
/** Of one archive: a chart has a few charts in it. */
const MOST_CHARTS = 100;

/** A chart within a packed one, by the names of the charts that lead to it, with its own values. */
export interface PackedChart {
  readonly names: Path;
  readonly values: Json;
  /** How many values these are. */
  readonly size: number;
}

/** The values of a packed chart (`.tgz`) and of the charts in it; none where it cannot be read. */
export function readPackedCharts(
  archive: Uint8Array,
  { parser, effort }: Pick<Texts, 'parser' | 'effort'>,
): PackedChart[] {
  const found: PackedChart[] = [];
  for (const [path, content] of filesOf(archive, effort)) {
    const folders = /^([^/]+(?:\/charts\/[^/]+)*)\/values\.yaml$/.exec(path)?.[1]?.split('/charts/');
    const text = folders ? decode(content) : undefined;
    if (!folders || text === undefined) continue;
    if (found.length >= MOST_CHARTS) break;
    const parsed = parser.parse(text);
    const values = isParsed(parsed) ? (parsed.values[0] ?? null) : null;
    if (isObject(values)) found.push({ names: folders, values, size: isParsed(parsed) ? parsed.size : 0 });
  }
  return found.sort((a, b) => b.names.length - a.names.length);
}

/** The plain files of a gzipped tar archive; long names of the later formats are not followed. */
function filesOf(archive: Uint8Array, effort: Effort): [string, Uint8Array][] {
  const files: [string, Uint8Array][] = [];
  const tar = unpacked(archive);
  effort.spend(tar.length / IN_A_UNIT.unpacked);
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = textAt(tar, at, 100);
    const size = Number.parseInt(textAt(tar, at + 124, 12), 8);
    if (name === '' || !Number.isSafeInteger(size)) break;
    const prefix = textAt(tar, at + 257, 5) === 'ustar' ? textAt(tar, at + 345, 155) : '';
    const type = tar[at + 156];
    const start = at + BLOCK;
    if (type === 0x30 || type === 0)
      files.push([prefix ? `${prefix}/${name}` : name, tar.subarray(start, start + size)]);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function unpacked(archive: Uint8Array): Uint8Array {
  try {
    return gunzipSync(archive, { maxOutputLength: LARGEST });
  } catch {
    return new Uint8Array();
  }
}

function textAt(bytes: Uint8Array, from: number, length: number): string {
  const text = Buffer.from(bytes.subarray(from, from + length)).toString('utf8');
  return text.split('\0', 1)[0]?.trim() ?? '';
}
