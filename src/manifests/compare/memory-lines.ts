import type { RepositoryFiles } from '../../model/repository-files.ts';
import { decode, LARGEST_FILE } from '../readable.ts';

/** The texts of files on both sides of a change, and what of them speaks of memory. */
export interface MemoryLines {
  /** Whether lines that speak of memory, or hold a size beside one that does, differ; so in a file that is no text. */
  differ(path: string): Promise<boolean>;
  /** The file of the head; `undefined` where it has none that is read. */
  headText(path: string): Promise<string | undefined>;
  /** Whether the file sets another amount of memory than before, in the way of a container's resources. */
  setOtherwise(path: string): Promise<boolean>;
}

/** The resources of a kustomization or a role are a list. */
const SPEAKS =
  /memory|resourcesPreset|resources["']?[ \t]{0,9}:[ \t]{0,9}[^\s{[]|\/resources(?!.{0,80}\bcpu\b)|(?:^|[^a-z])mem(?:[^a-z]|$)|-xm[xs]|MaxRAMPercentage|MaxHeapSize/i;
/** Of no container. */
const BOUNDS = ['ResourceQuota', 'LimitRange'];
/** A patch and a list of parameters have it on a line of its own, near the name of what it is for. */
const SIZE = /\d\s?[KMGT]i?["',\]}\s]*$|\bvalue["']?\s*:/;
const NEAR = 2;
const VERSION = /[?&]ref=[^\s"',\]]*/g;
const SETS = /(?:^|[{,\s])["']?memory["']?\s*:\s*["']?(?:\d|\$|\{\{)/;

export function openMemoryLines({
  base,
  head,
}: {
  readonly base: RepositoryFiles;
  readonly head: RepositoryFiles;
}): MemoryLines {
  const [before, after] = [openTexts(base), openTexts(head)];
  const linesOf = async (path: string, select: (text: string) => readonly string[]) => {
    const sides = [await before(path), await after(path)];
    return sides.map((text) => (typeof text === 'string' ? select(text).join('\n') : text));
  };
  return {
    async differ(path) {
      const [one, other] = await linesOf(path, speakingLines);
      return one === null || other === null || (one ?? '') !== (other ?? '');
    },
    headText: async (path) => (await after(path)) ?? undefined,
    async setOtherwise(path) {
      const [one, other] = await linesOf(path, settingLines);
      return typeof other === 'string' && one !== null && (one ?? '') !== other;
    },
  };
}

/** Reads a text; `null` where it is none, `undefined` where there is no file, or one that is too large to be a manifest. */
function openTexts(files: RepositoryFiles): (path: string) => Promise<string | null | undefined> {
  let listed: Promise<ReadonlyMap<string, number>> | undefined;
  return async (path) => {
    listed ??= files
      .list()
      .then((all) => new Map(all.map(({ path, size, type }) => [path, type === 'file' ? size : Number.NaN])));
    const size = (await listed).get(path);
    return size !== undefined && size <= LARGEST_FILE ? (decode(await files.read(path)) ?? null) : undefined;
  };
}

function speakingLines(text: string): readonly string[] {
  const kinds = kindsOfObjects(text);
  if (kinds.length > 0 && kinds.every((kind) => BOUNDS.includes(kind))) return [];
  const lines = codeOf(text);
  const speaks = lines.map((line) => SPEAKS.test(line));
  return lines.filter(
    (line, at) => speaks[at] || (SIZE.test(line) && speaks.slice(Math.max(0, at - NEAR), at + NEAR + 1).includes(true)),
  );
}

function settingLines(text: string): readonly string[] {
  return codeOf(text).filter((line) => SETS.test(line));
}

/** The lines without indentation, blank ones and those that only hold a comment. Which version of a remote base is no size. */
function codeOf(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const own = line.trim().replace(VERSION, '');
    return own === '' || own.startsWith('#') ? [] : [own];
  });
}

/** Of an object itself; in JSON, whatever its depth. */
const KIND = /^(?:[ \t{[]*")?kind["']?[ \t]*:[ \t]*["']?(\w+)/gm;

/** The kinds of the objects in a text. */
export function kindsOfObjects(text: string): readonly string[] {
  return [...text.matchAll(KIND)].flatMap(([, kind]) => kind ?? []);
}
