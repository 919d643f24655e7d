#!/usr/bin/env node
/**
 * Prints how fast and how large the built action is, as ratios of one run (`npm run bench`, under Node 24):
 *
 *   node bench/run.mjs [--pods 1000] [--many 10000]
 *
 * Needs the programs of test/e2e/install.sh. `--many 0` leaves out the large cluster.
 */
import { parseArgs } from 'node:util';
import { startUp } from './action.mjs';
import { benchGate } from './gate.mjs';
import { benchInspection } from './inspection.mjs';
import { benchLarge, benchPlain, benchRendered } from './locating.mjs';

const { values } = parseArgs({
  options: { pods: { type: 'string', default: '1000' }, many: { type: 'string', default: '10000' } },
});
const log = (/** @type {string} */ line) => console.log(line);
try {
  log(`start-up to the first bad option: ${Math.round((await startUp()) * 1000)} ms`);
  await benchPlain(log);
  await benchRendered(log);
  await benchLarge(log);
  await benchGate(log);
  await benchInspection({ log, pods: Number(values.pods), many: Number(values.many) });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
