import type { RepositoryFile, RepositoryFiles } from '../../model/delivery.ts';
import { isParsed, type ParsedFile, parseManifest } from '../documents.ts';
import { generatedMatcher } from '../generated.ts';
import { baseName } from '../reach.ts';
import { decode, type Refusal, refuseText, refuseUnread } from '../readable.ts';

/** A file as text; `refusal` where it may be read but not edited, `parsed` where it is YAML. */
export interface RepositoryText {
  readonly path: string;
  readonly text: string;
  readonly refusal?: Refusal;
  readonly parsed?: ParsedFile;
}

/** The repository's files, each read and parsed once and only when asked for. */
export interface Texts {
  readonly listed: ReadonlyMap<string, RepositoryFile>;
  /** The paths that begin with a prefix, in order. */
  below(prefix: string): readonly string[];
  read(path: string): Promise<RepositoryText | undefined>;
  bytes(path: string): Promise<Uint8Array>;
}

/** Opens the files for reading; what must not be read (links, what is too large) reads as `undefined`. */
export async function openTexts(files: RepositoryFiles): Promise<Texts> {
  const listed = new Map((await files.list()).map((file) => [file.path, file]));
  const attributes = new Map<string, string>();
  for (const [path, file] of listed) {
    if (baseName(path) !== '.gitattributes' || refuseUnread(file)) continue;
    attributes.set(path, decode(await files.read(path)) ?? '');
  }
  const generated = generatedMatcher(attributes);
  const known = new Map<string, Promise<RepositoryText | undefined>>();

  async function load(path: string): Promise<RepositoryText | undefined> {
    const file = listed.get(path);
    if (!file || refuseUnread(file)) return undefined;
    const text = decode(await files.read(path));
    return text === undefined ? undefined : textOf(path, text, generated(path));
  }

  const sorted = [...listed.keys()].sort();

  return {
    listed,
    below(prefix) {
      const from = firstAtOrAfter(sorted, prefix);
      let to = from;
      while (sorted[to]?.startsWith(prefix)) to++;
      return sorted.slice(from, to);
    },
    bytes: (path) => files.read(path),
    read(path) {
      const reading = known.get(path) ?? load(path);
      known.set(path, reading);
      return reading;
    },
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

/** Parsed when something first asks for it: of most files only the text is looked at. */
function textOf(path: string, text: string, isGenerated: boolean): RepositoryText {
  let known: ParsedFile | Refusal | undefined;
  const parse = () => {
    known ??= /\.(ya?ml|json)$/i.test(path)
      ? parseManifest(text)
      : { reason: 'not editable', why: `${path} is no YAML` };
    return known;
  };
  return {
    path,
    text,
    get refusal() {
      const parsed = parse();
      return refuseText(text, isGenerated) ?? (isParsed(parsed) ? undefined : parsed);
    },
    get parsed() {
      const parsed = parse();
      return isParsed(parsed) ? parsed : undefined;
    },
  };
}
