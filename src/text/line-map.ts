import { compareLines, type LineEdit, splitLines } from './line-edits.ts';

/** Where the lines of a text are in another one. Lines count from 1. */
export interface LineMap {
  /** The same line over there; `undefined` where it is not there. */
  same(line: number): number | undefined;
  /**
   * The line over there that is the same, or stands in the place of one that is gone: of those that replace it, else the one
   * that follows, else the last one. `undefined` for an empty text.
   */
  inPlace(line: number): number | undefined;
}

/** Compares two texts by their lines, each with its line end. */
export function mapLines(from: string, to: string): LineMap {
  const [before, after] = [splitLines(from), splitLines(to)];
  const places = follow(compareLines(before, after));
  return {
    same: (line) => places[line - 1]?.same,
    inPlace: (line) =>
      after.length === 0 ? undefined : Math.min(places[line - 1]?.place ?? after.length, after.length),
  };
}

interface Target {
  readonly same?: number;
  readonly place: number;
}

/** The target of each old line, block by block: a block is what was removed and added between two kept lines. */
function follow(edits: readonly LineEdit[]): readonly Target[] {
  const targets: Target[] = [];
  let [line, removed, added] = [1, 0, 0];
  const closeBlock = () => {
    for (let index = 0; index < removed; index++) {
      targets.push({ place: line + Math.min(index, Math.max(added - 1, 0)) });
    }
    line += added;
    [removed, added] = [0, 0];
  };
  for (const { kind } of edits) {
    if (kind === '-') removed++;
    else if (kind === '+') added++;
    else {
      closeBlock();
      targets.push({ same: line, place: line });
      line++;
    }
  }
  closeBlock();
  return targets;
}
