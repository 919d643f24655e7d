/** One line of a comparison: kept, removed from the old text or added by the new one. */
export interface LineEdit {
  readonly kind: ' ' | '-' | '+';
  /** With its line end, where it has one. */
  readonly line: string;
}

/** Beyond this many differing lines the middle is shown as replaced whole, which costs no search. */
const MOST_DIFFERENCES = 2000;

/** The shortest way from one list of lines to another (Myers, "An O(ND) Difference Algorithm", 1986). */
export function compareLines(before: readonly string[], after: readonly string[]): LineEdit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const middle = searchEdits(before.slice(start, before.length - end), after.slice(start, after.length - end));
  const kept = (line: string): LineEdit => ({ kind: ' ', line });
  return [...before.slice(0, start).map(kept), ...middle, ...before.slice(before.length - end).map(kept)];
}

function searchEdits(a: readonly string[], b: readonly string[]): LineEdit[] {
  const replaced = () => [
    ...a.map((line): LineEdit => ({ kind: '-', line })),
    ...b.map((line): LineEdit => ({ kind: '+', line })),
  ];
  if (a.length === 0 || b.length === 0) return replaced();
  const limit = Math.min(a.length + b.length, MOST_DIFFERENCES);
  let reached = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let d = 0; d <= limit; d++) {
    steps.push(reached);
    const next = new Map<number, number>();
    for (let k = -d; k <= d; k += 2) {
      let x = nextX(reached, k, d);
      while (x < a.length && x - k < b.length && x - k >= 0 && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, steps, d);
    }
    reached = next;
  }
  return replaced();
}

function goesDown(reached: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
}

function nextX(reached: ReadonlyMap<number, number>, k: number, d: number): number {
  return goesDown(reached, k, d) ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  steps: readonly ReadonlyMap<number, number>[],
  last: number,
): LineEdit[] {
  const edits: LineEdit[] = [];
  let x = a.length;
  let y = b.length;
  const keep = (until: number) => {
    while (x > until) {
      x--;
      y--;
      edits.push({ kind: ' ', line: a[x] ?? '' });
    }
  };
  for (let d = last; d > 0; d--) {
    const reached = steps[d] ?? new Map<number, number>();
    const k = x - y;
    const down = goesDown(reached, k, d);
    keep(nextX(reached, k, d));
    if (down) edits.push({ kind: '+', line: b[--y] ?? '' });
    else edits.push({ kind: '-', line: a[--x] ?? '' });
  }
  keep(0);
  return edits.reverse();
}

/** Lines with their ends; a text that does not end in a line end has a last line without one. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
