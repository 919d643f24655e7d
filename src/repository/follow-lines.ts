import { MIB } from '../bytes.ts';
import { splitLines } from '../text/line-edits.ts';
import { type LineMap, mapLines } from '../text/line-map.ts';
import type { TreeFiles } from './git-tree.ts';
import { MissingObject, type Objects } from './objects.ts';

/** Larger than anything that somebody looks at by lines. */
const LARGEST_FILE = 4 * MIB;

/** Follows lines from one tree to another; every two contents are compared once. */
export interface LineFollower {
  /** Undefined for a file that cannot be compared: one tree has it not, it is too large, or its content is missing. */
  map(from: TreeFiles, to: TreeFiles, path: string): Promise<LineMap | undefined>;
  /** Whether a file has a line; of one that is too large, every line is believed. */
  hasLine(tree: TreeFiles, path: string, line: number): Promise<boolean>;
}

export function followLines(sizes: ReadonlyMap<string, number>, objects: Objects): LineFollower {
  const known = new Map<string, Promise<LineMap | undefined>>();

  async function textOf(sha: string): Promise<string | undefined> {
    if ((sizes.get(sha) ?? 0) > LARGEST_FILE) return undefined;
    try {
      const content = await objects.read(sha);
      return content.length > LARGEST_FILE ? undefined : content.toString('utf8');
    } catch (thrown) {
      if (thrown instanceof MissingObject) return undefined;
      throw thrown;
    }
  }

  async function compare(from: string, to: string): Promise<LineMap | undefined> {
    const [before, after] = [await textOf(from), await textOf(to)];
    return before === undefined || after === undefined ? undefined : mapLines(before, after);
  }

  return {
    async map(from, to, path) {
      const [before, after] = [from.get(path)?.sha, to.get(path)?.sha];
      if (before === undefined || after === undefined) return undefined;
      const key = `${before} ${after}`;
      const map = known.get(key) ?? compare(before, after);
      known.set(key, map);
      return map;
    },
    async hasLine(tree, path, line) {
      const sha = tree.get(path)?.sha;
      if (sha === undefined || !Number.isInteger(line) || line < 1) return false;
      const text = await textOf(sha);
      return text === undefined || line <= splitLines(text).length;
    },
  };
}
