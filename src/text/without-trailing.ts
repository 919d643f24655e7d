/** The text without `mark` at its end, however often it stands there; an expression for that would be quadratic. */
export function withoutTrailing(text: string, mark: string): string {
  let end = text.length;
  while (text.endsWith(mark, end) && end > 0) end -= mark.length;
  return text.slice(0, end);
}
