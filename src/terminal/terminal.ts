import { setTimeout as wait } from 'node:timers/promises';
import type { RunEnvironment } from '../environment.ts';
import { messageOf, UserError } from '../errors.ts';
import { EXIT, type ExitCode, inspectOnce, type TerminalRun } from './inspect-once.ts';
import { showProgress } from './progress.ts';
import { readWords, type TypedCommand } from './read-words.ts';
import { chooseColours, columnsOf, type Screen } from './screen.ts';

/** What a command is given beside its words. */
export interface TerminalGiven {
  readonly environment: RunEnvironment;
  readonly screen: Screen;
  readonly version: string;
  /** Listens from then on for a person who has had enough: then the signal is aborted. */
  listenForStop(): AbortSignal;
}

/** A command as typed: `words` are what follows the program's name. Resolves to the exit code. */
export async function runTerminal(words: readonly string[], given: TerminalGiven): Promise<number> {
  const { environment, screen, version } = given;
  let command: TypedCommand;
  try {
    command = await readWords(words, version, columnsOf(screen.out));
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    screen.err.write(`${messageOf(thrown)}\n`);
    return EXIT.error;
  }
  if (command.kind === 'print') {
    screen.out.write(command.text);
    return EXIT.ok;
  }
  const { values, own } = command;
  const colours = {
    out: chooseColours(screen.out, own.color, environment.inherited),
    err: chooseColours(screen.err, own.color, environment.inherited),
  };
  const run = { values, own, environment, screen, colours };
  if (own.watch === undefined) return inspectOnce({ ...run, progress: showProgress(screen.err, colours.err) });
  return watch(run, own.watch, given);
}

const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/** Inspects until it is stopped; resolves to the exit code of the last inspection that ended. */
async function watch(
  run: Omit<TerminalRun, 'progress'>,
  seconds: number,
  { screen, listenForStop }: TerminalGiven,
): Promise<number> {
  const stop = listenForStop();
  const isRedrawn = screen.out.isTTY === true && !run.own.json && !run.own.diff;
  const beforeResult = () => {
    if (isRedrawn) screen.out.write(CLEAR);
  };
  let last: ExitCode | undefined;
  const stopped = new Promise<undefined>((resolve) => stop.addEventListener('abort', () => resolve(undefined)));
  while (!stop.aborted) {
    const progress = showProgress(screen.err, run.colours.err);
    // A person who stops does not wait for the inspection under way.
    const code = await Promise.race([inspectOnce({ ...run, progress, beforeResult }), stopped]);
    progress.end();
    if (code === undefined) break;
    last = code;
    screen.err.write(
      run.colours.err.dim(
        `Again in ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}; Ctrl-C ends.\n`,
      ),
    );
    await wait(seconds * 1000, undefined, { signal: stop }).catch(() => undefined);
  }
  return last ?? EXIT.error;
}
