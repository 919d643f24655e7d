import type { Unread } from '../../model/declared.ts';
import type { RepositoryFiles } from '../../model/repository-files.ts';
import { decode, LARGEST_FILE } from '../readable.ts';
import type { ContainerPair } from './pair-containers.ts';

/** What of both sides could not be read. */
export interface UnreadSides {
  readonly before: readonly Unread[];
  readonly after: readonly Unread[];
  readonly pairs: readonly ContainerPair[];
  readonly changed: ReadonlySet<string>;
  /** Of the changed files those that are loaded by what is described in a path; `undefined` where the change does not reach it. */
  loadedBy(path: string): readonly string[] | undefined;
  readonly files: { readonly base: RepositoryFiles; readonly head: RepositoryFiles };
}

/**
 * What may hide a change of memory. What could not be read on both sides for the same reason hides none by itself: it counts
 * where a changed file that it loads speaks of memory and no container explains that.
 */
export async function findUnexplained(sides: UnreadSides): Promise<readonly Unread[]> {
  const { before, after, pairs, changed, loadedBy } = sides;
  const known = new Set(before.map(sayUnread));
  const explained = new Set(pairs.map((pair) => (pair.after ?? pair.before).application.path));
  const found: Unread[] = [];
  for (const one of after) {
    const loaded = one.path === '' ? [...changed] : loadedBy(one.path);
    if (loaded === undefined) continue;
    const isOld = known.has(sayUnread(one));
    const looked = loaded.length === 0 ? [...changed] : loaded;
    if (isOld && (explained.has(one.path) || !(await speaksOfMemory(looked, sides)))) continue;
    found.push(one);
  }
  return found;
}

function sayUnread({ path, reason, why }: Unread): string {
  return JSON.stringify([path, reason, why]);
}

const MEMORY = /memory|resources|Xmx|MaxRAMPercentage|MaxHeapSize/;
/** Files that are looked into; more of them speak of something. */
const MOST_READ = 200;

async function speaksOfMemory(paths: readonly string[], { files }: UnreadSides): Promise<boolean> {
  if (paths.length > MOST_READ) return true;
  for (const side of [files.head, files.base]) {
    const sizes = new Map((await side.list()).map(({ path, size, type }) => [path, type === 'file' ? size : 0]));
    for (const path of paths) {
      const size = sizes.get(path) ?? 0;
      if (size === 0 || size > LARGEST_FILE) continue;
      if (MEMORY.test(decode(await side.read(path)) ?? 'memory')) return true;
    }
  }
  return false;
}
