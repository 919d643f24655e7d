/** An odd number of Mi that nobody writes. */
const FIRST = 7_340_033;

/** The nth of the sizes that are put in place of values, to see in what is rendered where each of them arrives. */
export function markOf(n: number): string {
  return `${FIRST + 2 * n}Mi`;
}

/** What in a text may be marks, each once. */
export function marksIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/[78]\d{6}Mi/g));
}
