import type { Runner } from '../actions.ts';
import { toSingleLine } from '../text/markdown.ts';
import { createRedactor } from '../text/redact.ts';
import { nameFlags } from './name-flags.ts';
import type { Progress } from './progress.ts';
import type { Colours } from './screen.ts';

/** What a terminal shows of a run under way. */
export interface TerminalRunner extends Runner {
  /** A text as one line for the terminal: without what was masked, and with the names that the person knows. */
  line(text: string): string;
  /** Shows a path by another name. */
  rename(path: string, shown: string): void;
}

/** A runner whose log is the progress. It has no inputs, and nothing goes to GitHub. */
export function createTerminalRunner(
  progress: Progress,
  { colours, verbose }: { readonly colours: Colours; readonly verbose: boolean },
): TerminalRunner {
  const secrets: string[] = [];
  let redact = createRedactor(secrets);
  const names = new Map<string, string>();
  const line = (text: string) => {
    let said = nameFlags(redact(text));
    for (const [path, shown] of names) said = said.replaceAll(path, () => shown);
    return toSingleLine(said, 4000);
  };
  return {
    line,
    rename: (path, shown) => {
      names.set(path, shown);
    },
    input: () => '',
    mask(secret) {
      secrets.push(secret);
      redact = createRedactor(secrets);
    },
    output: () => undefined,
    annotate: () => undefined,
    writeSummary: async () => undefined,
    log: {
      step: (text) => progress.say(colours.dim(line(text))),
      debug: (text) => {
        if (verbose) progress.say(colours.dim(line(text)));
      },
      warn: (text) => progress.say(colours.yellow(`! ${line(text)}`)),
      progress: (what, change) => progress.count(what, change),
      group(title, work) {
        progress.begin(line(title));
        return work();
      },
    },
  };
}
