import { isParsed, type ParsedFile, parseManifest } from './documents.ts';
import type { Effort } from './effort.ts';
import type { WhyNot } from './readable.ts';
import { createShelf } from './remember.ts';

/** Parses manifests; a text that is asked for again soon is not parsed again. */
export interface Parser {
  /** Throws `OverEffort` when the repository has taken too much already. */
  parse(text: string): ParsedFile | WhyNot;
}

/** Values of the parsed texts that are kept; one takes up to half a kilobyte with its nodes. */
const MOST_KEPT = 50_000;

export function createParser(effort: Effort, most: number = MOST_KEPT): Parser {
  const shelf = createShelf<string, ParsedFile | WhyNot>(most);
  return {
    parse(text) {
      const before = shelf.get(text);
      if (before) return before;
      const parsed = parseManifest(text);
      const size = sizeOf(text, parsed);
      effort.spend(size);
      shelf.put(text, parsed);
      shelf.weigh(text, size);
      return parsed;
    },
  };
}

/** Comments are read, too. */
function sizeOf(text: string, parsed: ParsedFile | WhyNot): number {
  return (isParsed(parsed) ? parsed.size : 0) + Math.ceil(text.length / 50);
}
