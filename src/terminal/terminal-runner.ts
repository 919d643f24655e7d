import type { Runner } from '../actions.ts';
import { toSingleLine } from '../text/markdown.ts';
import { createRedactor } from '../text/redact.ts';
import type { Progress } from './progress.ts';
import type { Colours } from './screen.ts';

/** What a terminal shows of a run under way. */
export interface TerminalRunner extends Runner {
  /** Takes what was masked out of a text. */
  redact(text: string): string;
}

/** A runner whose log is the progress. It has no inputs, and nothing goes to GitHub. */
export function createTerminalRunner(
  progress: Progress,
  { colours, verbose }: { readonly colours: Colours; readonly verbose: boolean },
): TerminalRunner {
  const secrets: string[] = [];
  let redact = createRedactor(secrets);
  const line = (text: string) => toSingleLine(redact(text), 2000);
  return {
    redact: (text) => redact(text),
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
