import { MIB } from '../bytes.ts';
import { byteLength } from '../text/format.ts';

/** What a commit adds and removes. */
export interface FileChanges {
  /** In the order in which they are committed where one commit does not hold them all. */
  readonly additions: readonly { readonly path: string; readonly text: string }[];
  /** Paths to remove; what is not there is passed over. */
  readonly deletions: readonly string[];
}

/**
 * GitHub publishes no limit of one request that makes a commit. Users were refused at 40 MB, and saw requests time out
 * from a few megabytes or two hundred files on; this stays below.
 */
const LARGEST_REQUEST = 4 * MIB;
const MOST_FILES = 100;

/**
 * The same changes as a series that GitHub takes one by one: additions in their order, then deletions. Throws for a file
 * that is too large on its own.
 */
export function splitCommit({ additions, deletions }: FileChanges): readonly FileChanges[] {
  const series: { additions: FileChanges['additions'][number][]; deletions: string[]; bytes: number }[] = [];
  const roomFor = (bytes: number) => {
    const last = series.at(-1);
    const files = last === undefined ? 0 : last.additions.length + last.deletions.length;
    if (last !== undefined && files < MOST_FILES && last.bytes + bytes <= LARGEST_REQUEST) {
      last.bytes += bytes;
      return last;
    }
    const next = { additions: [], deletions: [], bytes };
    series.push(next);
    return next;
  };
  for (const addition of additions) {
    const bytes = sizeOf(addition);
    if (!fitsCommit(addition))
      throw new Error(`${addition.path} is too large to commit (${bytes} bytes). Inspect fewer namespaces.`);
    roomFor(bytes).additions.push(addition);
  }
  for (const path of deletions) roomFor(byteLength(path)).deletions.push(path);
  return series.map((commit) => ({ additions: commit.additions, deletions: commit.deletions }));
}

/** Whether a commit can be made that holds the file. */
export function fitsCommit(addition: FileChanges['additions'][number]): boolean {
  return sizeOf(addition) <= LARGEST_REQUEST;
}

function sizeOf({ path, text }: FileChanges['additions'][number]): number {
  return byteLength(path) + base64Length(text);
}

function base64Length(text: string): number {
  return 4 * Math.ceil(byteLength(text) / 3);
}
