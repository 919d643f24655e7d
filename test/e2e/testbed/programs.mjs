import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const cache =
  process.env.MEMORY_INSPECTOR_TESTBED ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'memory-inspector-testbed');

/** Where `install.sh` puts what it builds. */
export const binDirectory = join(cache, 'bin');

/** Where it puts the definitions of the Prometheus Operator's resources. */
export const operatorDefinitions = join(cache, 'operator-crds');

/**
 * The path of a program: the testbed's own, else the machine's.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function findProgram(name) {
  const folders = [binDirectory, ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * The paths of several programs; says what to do when one is missing.
 *
 * @template {string} N
 * @param {N[]} names
 * @returns {Record<N, string>}
 */
export function requirePrograms(names) {
  const found = names.map((name) => /** @type {const} */ ([name, findProgram(name)]));
  const missing = found.filter(([, path]) => !path).map(([name]) => name);
  if (missing.length > 0) {
    throw new Error(`Missing: ${missing.join(', ')}. Run test/e2e/install.sh first.`);
  }
  return /** @type {Record<N, string>} */ (Object.fromEntries(found));
}

/** An environment in which the testbed's programs come first on the PATH. */
export function withPrograms(env = process.env) {
  return { ...env, PATH: [binDirectory, env.PATH ?? ''].join(delimiter) };
}
