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
    if (text === undefined) return undefined;
    const parsed = /\.(ya?ml|json)$/i.test(path) ? parseManifest(text) : undefined;
    const unparsed = parsed && !isParsed(parsed) ? parsed : undefined;
    const refusal = refuseText(text, generated(path)) ?? unparsed;
    return {
      path,
      text,
      ...(refusal ? { refusal } : {}),
      ...(parsed && isParsed(parsed) ? { parsed } : {}),
    };
  }

  return {
    listed,
    bytes: (path) => files.read(path),
    read(path) {
      const reading = known.get(path) ?? load(path);
      known.set(path, reading);
      return reading;
    },
  };
}
