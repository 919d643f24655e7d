import type { Unread } from '../../model/declared.ts';
import type { MemoryLines } from './memory-lines.ts';
import type { ContainerPair } from './pair-containers.ts';

/** What of both sides could not be read. */
export interface UnreadSides {
  readonly before: readonly Unread[];
  readonly after: readonly Unread[];
  readonly pairs: readonly ContainerPair[];
  readonly changed: ReadonlySet<string>;
  /** Of the changed files those that are loaded by what is described in a path; `undefined` where the change does not reach it. */
  loadedBy(path: string): readonly string[] | undefined;
  readonly lines: MemoryLines;
}

/**
 * What may hide a change of memory. What could not be read on both sides for the same reason hides none by itself: it counts
 * where lines of a changed file that it loads speak otherwise of memory and no container explains that.
 */
export async function findUnexplained(sides: UnreadSides): Promise<readonly Unread[]> {
  const { before, after, pairs, changed, loadedBy } = sides;
  const known = new Set(before.map(sayUnread));
  const explained = new Set(pairs.map((pair) => (pair.after ?? pair.before).application.path));
  const found: Unread[] = [];
  for (const one of after) {
    // What no release loads is looked for by its files.
    if (one.reason === 'not applied') continue;
    const loaded = one.path === '' ? [...changed] : loadedBy(one.path);
    if (loaded === undefined) continue;
    const isOld = known.has(sayUnread(one));
    const looked = loaded.length === 0 ? [...changed] : loaded;
    if (isOld && (explained.has(one.path) || !(await speaksOtherwise(looked, sides)))) continue;
    found.push(one);
  }
  return found;
}

/** A renderer names places of its own memory, and the version of what is not here. */
const VARIES = /\b0x[0-9a-f]+\b|[?&]ref=[^\s,]*|\bv?\d+(?:\.\d+)+[\w.+-]*|\b[0-9a-f]{7,64}\b/g;

function sayUnread({ path, reason, why }: Unread): string {
  return JSON.stringify([path, reason, why.replace(VARIES, '')]);
}

/** Files that are looked into; more of them speak of something. */
const MOST_READ = 200;

async function speaksOtherwise(paths: readonly string[], { lines }: UnreadSides): Promise<boolean> {
  if (paths.length > MOST_READ) return true;
  for (const path of paths) if (await lines.differ(path)) return true;
  return false;
}
