import { writeFile } from 'node:fs/promises';
import * as core from '@actions/core';
import type { RunEnvironment } from './environment.ts';
import { messageOf, UserError } from './errors.ts';
import type { Log } from './log.ts';

/** What a run needs of the runner that it is a step of. */
export interface Runner {
  readonly log: Log;
  input(name: string): string;
  mask(secret: string): void;
  output(name: string, value: string): void;
  /** Shows one line of plain text beside the run. */
  annotate(note: { readonly level: 'error' | 'warning'; readonly title: string; readonly message: string }): void;
  /** Shows Markdown on the page of the run, in place of what was shown there before. Throws a `UserError` where that fails. */
  writeSummary(markdown: string): Promise<void>;
}

/** The runner behind the Actions toolkit. */
export function createRunner({ summaryFile }: Pick<RunEnvironment, 'summaryFile'>): Runner {
  return {
    log: createLog(),
    input: (name) => core.getInput(name),
    mask: (secret) => core.setSecret(secret),
    output: (name, value) => core.setOutput(name, value),
    annotate: ({ level, title, message }) => (level === 'error' ? core.error : core.warning)(message, { title }),
    writeSummary: async (markdown) => {
      if (summaryFile !== undefined) await writeSummaryFile(summaryFile, markdown);
    },
  };
}

/** Not by the toolkit, which after a write that failed would show what it held twice. */
async function writeSummaryFile(path: string, markdown: string): Promise<void> {
  try {
    await writeFile(path, markdown.endsWith('\n') ? markdown : `${markdown}\n`);
  } catch (cause) {
    throw new UserError(
      `The job summary could not be written to the file that GITHUB_STEP_SUMMARY names (${messageOf(cause)}). ` +
        'The runner sets that variable: let no step change it, and see that the disk has room and the job may write there.',
      { cause },
    );
  }
}

/**
 * The sentence with which the job fails for something thrown. A `UserError` speaks for itself; anything else is a bug,
 * whose stack is shown in debug runs only.
 */
export function explainThrown(thrown: unknown, log: Log): string {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  if (stack) log.debug(stack);
  if (thrown instanceof UserError) return thrown.message;
  return `This is a bug in the memory inspector: ${messageOf(thrown)}. Run again with debug logging to get the stack trace, and report it.`;
}

function createLog(): Log {
  return {
    step: (text) => core.info(harmless(text)),
    debug: (text) => core.debug(text),
    warn: (text) => core.warning(text),
    group: (title, work) => core.group(harmless(title), work),
  };
}

/** The runner takes a line for a command that begins with `::` or holds `##[`. */
function harmless(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/##\[/g, '## [')
    .replace(/^(\s*)::/, '$1: :');
}
