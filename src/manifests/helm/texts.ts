import { MIB } from '../../bytes.ts';
import type { RepositoryFile, RepositoryFiles } from '../../model/repository-files.ts';
import { isParsed, type ParsedFile } from '../documents.ts';
import type { Effort } from '../effort.ts';
import { createParser, type Parser } from '../parser.ts';
import { isKustomization } from '../reach.ts';
import { decode, refuseText, refuseUnread, type WhyNot } from '../readable.ts';
import { rememberSome } from '../remember.ts';
import { type PackedChart, readPackedCharts } from './archives.ts';

/** A file as text; `refusal` where it may be read but not edited, `parsed` where it is YAML. */
export interface RepositoryText {
  readonly path: string;
  readonly text: string;
  readonly refusal?: WhyNot;
  readonly parsed?: ParsedFile;
}

/** The repository's files, each read and parsed once and only when asked for. */
export interface Texts {
  readonly listed: ReadonlyMap<string, RepositoryFile>;
  /** The paths that begin with a prefix, in order. */
  below(prefix: string): readonly string[];
  readonly parser: Parser;
  readonly effort: Effort;
  read(path: string): Promise<RepositoryText | undefined>;
  bytes(path: string): Promise<Uint8Array>;
  /** The charts in a packed one. */
  packed(path: string): Promise<readonly PackedChart[]>;
}

/** Why a path is not edited that something else writes. */
type Generated = (path: string) => WhyNot | undefined;

/** Characters of the texts that are kept, and values of what is packed. */
const MOST_KEPT = 32 * MIB;
const MOST_PACKED = 200_000;
const LARGEST_ARCHIVE = 10 * MIB;

/** Opens the files for reading; what must not be read (links, what is too large) reads as `undefined`. */
export async function openTexts(files: RepositoryFiles, effort: Effort, generated: Generated): Promise<Texts> {
  const parser = createParser(effort);
  const listed = new Map((await files.list()).map((file) => [file.path, file]));

  async function load(path: string): Promise<RepositoryText | undefined> {
    const file = listed.get(path);
    if (!file || refuseUnread(file)) return undefined;
    const text = decode(await files.read(path));
    return text === undefined ? undefined : textOf(path, text, { generated, parser });
  }

  async function loadPacked(path: string): Promise<readonly PackedChart[]> {
    if ((listed.get(path)?.size ?? 0) > LARGEST_ARCHIVE) return [];
    return readPackedCharts(await files.read(path), { parser, effort });
  }

  const sorted = [...listed.keys()].sort();

  return {
    listed,
    parser,
    effort,
    below(prefix) {
      const from = firstAtOrAfter(sorted, prefix);
      let to = from;
      while (sorted[to]?.startsWith(prefix)) to++;
      return sorted.slice(from, to);
    },
    bytes: (path) => files.read(path),
    packed: rememberSome(loadPacked, {
      weigh: (charts) => charts.reduce((sum, { size }) => sum + size, 0),
      most: MOST_PACKED,
    }),
    read: rememberSome(load, { weigh: (file) => file?.text.length ?? 0, most: MOST_KEPT }),
  };
}

/** Where a text stands, or would stand, in a sorted list. */
function firstAtOrAfter(sorted: readonly string[], text: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? '') < text) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Parsed when something asks for it: of most files only the text is looked at. */
function textOf(
  path: string,
  text: string,
  { generated, parser }: { readonly generated: Generated; readonly parser: Parser },
): RepositoryText {
  const parse = (): ParsedFile | WhyNot =>
    /\.(ya?ml|json)$/i.test(path) || isKustomization(path)
      ? parser.parse(text)
      : { reason: 'not editable', why: `${path} is not YAML` };
  return {
    path,
    text,
    get refusal() {
      const parsed = parse();
      return refuseText(text, generated(path)) ?? (isParsed(parsed) ? undefined : parsed);
    },
    get parsed() {
      const parsed = parse();
      return isParsed(parsed) ? parsed : undefined;
    },
  };
}
