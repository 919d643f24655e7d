import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The helm that the tests run: on the PATH, or where the testbed installs it. */
export const helmBinary: string | undefined = [
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'helm')),
  join(homedir(), '.cache', 'memory-inspector-testbed', 'bin', 'helm'),
].find((path) => existsSync(path));

/** Goes into the names of tests, so that a run without helm says why they were skipped. */
export const whyNoHelm = helmBinary === undefined ? ' (skipped: no helm on PATH or in the testbed)' : '';
