import type { RunEnvironment } from '../environment.ts';

/** The command `inspect` and its like, as typed: `words` are what follows the program's name. Resolves to the exit code. */
export async function runTerminal(_words: readonly string[], _environment: RunEnvironment): Promise<number> {
  return 1;
}
