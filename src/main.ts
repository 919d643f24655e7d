import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { setFailed } from '@actions/core';
import { createRunner, explainThrown } from './actions.ts';
import { readEnvironment } from './environment.ts';
import { run } from './run.ts';
import { runTerminal } from './terminal/terminal.ts';

// A run's garbage is large answers that die young: left alone, V8 lets the space for them grow to 64 MB.
setFlagsFromString('--semi-space-growth-factor=1');
// And it would let the heap grow to four times what is alive before it looks for what is not.
setFlagsFromString('--heap-growing-percent=30');
const environment = readEnvironment(process.env);
const words = process.argv.slice(2);
// A run that ends on the way, however it does, has not passed.
process.exitCode = 1;
// The runner starts an action without a word.
if (words.length > 0) await runCommand();
else await runAction();

async function runAction(): Promise<void> {
  const runner = createRunner(environment);
  try {
    const failure = await run(runner, environment);
    if (failure === undefined) process.exitCode = 0;
    else setFailed(failure);
  } catch (thrown) {
    setFailed(explainThrown(thrown, runner.log));
  }
}

async function runCommand(): Promise<void> {
  // Who reads only the beginning of what is printed has read enough.
  process.stdout.on('error', () => process.exit());
  const screen = { out: process.stdout, err: process.stderr, folder: process.cwd() };
  const stop = new AbortController();
  const listenForStop = () => {
    // A listener that stays: without one, the progress bar's own would end the process before the exit code is said.
    process.on('SIGINT', () => stop.abort());
    return stop.signal;
  };
  process.exitCode = await runTerminal(words, { environment, screen, version: readVersion(), listenForStop });
  // What an inspection that was stopped still waits for would keep the process alive.
  if (stop.signal.aborted) process.exit();
}

/** As the package beside the bundle has it. */
function readVersion(): string {
  try {
    const folder = dirname(fileURLToPath(import.meta.url));
    const { version } = JSON.parse(readFileSync(resolve(folder, '..', 'package.json'), 'utf8'));
    return String(version);
  } catch {
    return 'unknown';
  }
}
