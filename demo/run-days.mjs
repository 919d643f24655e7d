// The days after the first run: its pull request for nacos is merged and applied, and later runs follow it.
import { recordLater, timeOf } from './later-days.mjs';
import { git } from './run-demo.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const MERGED_AFTER = 3 * HOUR + 60;
const APPLIED_AFTER = 4 * HOUR;
const MANIFEST = 'k8s/pigo-rel/nacos.yaml';
/** A schedule runs daily; what the days between have to tell is not shown. */
const DAYS = [2, 3, 9];

/**
 * @typedef {import('./run-demo.mjs').Ended & { day: number, comments: string[] }} Day `comments`: those of the action on the
 *   merged pull request
 */

/**
 * @param {import('./run-demo.mjs').Demo} demo
 * @param {Uint8Array} recording of the first day
 * @param {number} number of the pull request
 * @param {(day: Day) => void} onDay
 * @returns {Promise<Day>} the last one
 */
export async function runDays(demo, recording, number, onDay) {
  const began = timeOf(recording);
  demo.setTime(began + MERGED_AFTER);
  await demo.merge(number);
  const applied = {
    namespace: 'pigo-rel',
    name: 'nacos',
    pod: 'nacos-7c9d5f4b8d-k2m4x',
    at: began + APPLIED_AFTER,
    ...readSizes(git('-C', demo.bare, 'show', `main:${MANIFEST}`)),
  };
  /** @type {Day | undefined} */
  let last;
  for (const day of DAYS) {
    demo.setTime(began + (day - 1) * DAY);
    const ended = await demo.run(recordLater(recording, day - 1, applied));
    const merged = ended.pulls.find((pull) => pull.number === number);
    last = { ...ended, day, comments: (merged?.comments ?? []).map(({ body }) => body) };
    onDay(last);
  }
  if (last === undefined) throw new Error('no day was played');
  return last;
}

/** Of a manifest of one container, in Mi. @param {string} manifest */
function readSizes(manifest) {
  const memory = (/** @type {string} */ field) => {
    const found = new RegExp(`${field}:\\s+(?:cpu: \\S+\\s+)?memory: (\\d+)Mi`).exec(manifest);
    if (found === null) throw new Error(`no memory among the ${field} of ${MANIFEST}`);
    return Number(found[1]);
  };
  return { limit: memory('limits'), request: memory('requests') };
}
