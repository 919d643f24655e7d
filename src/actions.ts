import { writeFile } from 'node:fs/promises';
import * as core from '@actions/core';
import type { RunEnvironment } from './environment.ts';
import { failureOf, messageOf, UserError } from './errors.ts';
import type { Log } from './log.ts';

/** What is shown beside a run. */
export interface Note {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** A file of the repository and a line of it, from 1. */
  readonly at?: { readonly path: string; readonly line?: number };
}

/** What a run needs of the runner that it is a step of. */
export interface Runner {
  readonly log: Log;
  input(name: string): string;
  mask(secret: string): void;
  output(name: string, value: string): void;
  /** Shows one line of plain text beside the run, and where it says `at` what, in the changed files too. */
  annotate(note: Note): void;
  /** Shows Markdown on the page of the run, in place of what was shown there before. Throws a `UserError` where that fails. */
  writeSummary(markdown: string): Promise<void>;
}

const SHOW = { error: core.error, warning: core.warning, notice: core.notice } as const;

/** The runner behind the Actions toolkit. */
export function createRunner({ summaryFile }: Pick<RunEnvironment, 'summaryFile'>): Runner {
  return {
    log: createLog(),
    input: (name) => core.getInput(name),
    mask: (secret) => core.setSecret(secret),
    output: (name, value) => core.setOutput(name, value),
    annotate: ({ level, title, message, at }) => SHOW[level](message, { title, file: at?.path, startLine: at?.line }),
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

/** Writes the job summary; gives the sentence that says why that cannot be done. */
export async function showSummary(runner: Runner, markdown: string): Promise<string | undefined> {
  return failureOf(() => runner.writeSummary(markdown));
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
