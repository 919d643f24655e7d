/** In characters: a sentence or two. */
const LONGEST_MESSAGE = 300;

/** A message from the cluster on one line, cut short; `undefined` where there is none. */
export function cutMessage(message: unknown): string | undefined {
  if (message === undefined || message === null) return undefined;
  const text = String(message)
    .slice(0, 10 * LONGEST_MESSAGE)
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return undefined;
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}
