import { readFile } from 'node:fs/promises';
import { bringUp } from './bring-up.mjs';

/**
 * Brings the testbed up once for all end-to-end tests and takes it down after
 * them. With MEMORY_INSPECTOR_FACTS set to the facts file of one that is up
 * already (`up.mjs --facts FILE`), that one is used and left alone.
 *
 * @param {import('vitest/node').TestProject} project
 */
export default async function setup(project) {
  const running = process.env.MEMORY_INSPECTOR_FACTS;
  if (running) {
    project.provide('facts', JSON.parse(await readFile(running, 'utf8')));
    return undefined;
  }
  const testbed = await bringUp({ log: (line) => console.log(`testbed ${line}`) });
  project.provide('facts', testbed.facts);
  return testbed.stop;
}
