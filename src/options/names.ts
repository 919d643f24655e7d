/** `over-provisioned-above` as `overProvisionedAbove`. */
export type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Twice the longest name; comparing takes time by the product of the lengths. */
const LONGEST_SLIP = 60;

/** The known name that `name` is most likely a slip of, where one is near enough. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST_SLIP) return undefined;
  const written = name.toLowerCase().replace(/[\s_]+/g, '-');
  const ranked = known
    .map((candidate) => ({ candidate, edits: countEdits(written, candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(candidate.length / 4)))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

/** Insertions, deletions, replacements and swaps of neighbours that make `a` into `b`. */
function countEdits(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + same,
        swapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = above;
    above = current;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
