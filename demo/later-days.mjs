// The recording as it would be some days later: everything at the same hours, and one workload in a new pod with new sizes.
import { gunzipSync, gzipSync } from 'node:zlib';

const DAY = 86_400;
const MI = 2 ** 20;
const GONE_WITH_THE_POD = ['now', 'instances'];
const TIMES = new Set(['t', 'at', 'createdAt', 'startedAt', 'finishedAt']);

/**
 * @typedef {{ t: number, v: number }} Sample
 * @typedef {{ namespace: string, pod: string, container: string } & Record<string, unknown>} Told of a pod's container
 * @typedef {{ state: 'set', bytes: number }} Setting
 * @typedef {{ limit: Setting, request: Setting }} Sizes
 * @typedef {{ name: string, createdAt: number, containers: ({ startedAt: number } & Sizes)[] }} Pod
 * @typedef {{ ref: { namespace: string, name: string }, containers: Sizes[], pods: Pod[] }} Workload
 * @typedef {{ head: { at: number }, workloads: Workload[], measurements: Told[], histories: Told[] }} Recording
 */

/**
 * A change of a workload of one pod with one container, as it came into the cluster.
 *
 * @typedef {object} Applied
 * @property {string} namespace
 * @property {string} name of the workload
 * @property {string} pod the new one
 * @property {number} at unix seconds
 * @property {number} limit Mi, as the request
 * @property {number} request
 */

/** When a recording was made, in unix seconds. @param {Uint8Array} recording */
export function timeOf(recording) {
  return read(recording).head.at;
}

/**
 * @param {Uint8Array} recording
 * @param {number} days
 * @param {Applied} change
 */
export function recordLater(recording, days, change) {
  const told = read(recording);
  const later = /** @type {Recording} */ (shift(told, days * DAY));
  const { workloads } = later;
  const changed = workloads.find(({ ref }) => ref.namespace === change.namespace && ref.name === change.name);
  const pod = changed?.pods[0];
  if (changed === undefined || pod === undefined) throw new Error(`no pod of ${change.namespace}/${change.name}`);
  const isIts = (/** @type {Told} */ one) => one.namespace === change.namespace && one.pod === pod.name;
  /** @type {(earlier: Told[], now: Told[]) => Told[]} */
  const split = (earlier, now) =>
    now.flatMap((one, index) => (isIts(one) ? [leave(earlier[index] ?? one, one), renew(one, change)] : [one]));
  const measurements = split(told.measurements, later.measurements).filter(
    ({ averages }) => samplesOf(averages).length > 0,
  );
  const histories = split(told.histories, later.histories);
  const replaced = workloads.map((one) => (one === changed ? replacePod(one, change) : one));
  return gzipSync(JSON.stringify({ ...later, workloads: replaced, measurements, histories }));
}

/** @param {Uint8Array} recording @returns {Recording} */
function read(recording) {
  return JSON.parse(gunzipSync(recording).toString('utf8'));
}

/** Moves every time that stands in a value. @param {unknown} value @param {number} by @returns {unknown} */
function shift(value, by, name = '') {
  if (Array.isArray(value)) return value.map((one) => shift(one, by, name));
  if (typeof value === 'number') return TIMES.has(name) ? value + by : value;
  if (typeof value !== 'object' || value === null) return value;
  // A sample of starts is a time at a time.
  const nameOf = (/** @type {string} */ key) => (name === 'starts' && key === 'v' ? 't' : key);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shift(one, by, nameOf(key))]));
}

/** @param {Workload} workload @param {Applied} change @returns {Workload} */
function replacePod(workload, change) {
  const { at, pod: name } = change;
  const sizes = sizesOf(change);
  const resize = (/** @type {Sizes} */ container) => ({ ...container, ...sizes });
  const pods = workload.pods.map((pod) => ({
    ...pod,
    name,
    uid: `uid-of-${name}`,
    createdAt: at,
    containers: pod.containers.map((one) => ({ ...one, ...sizes, startedAt: at })),
  }));
  return { ...workload, containers: workload.containers.map(resize), pods };
}

/** @param {Applied} change @returns {Sizes} */
function sizesOf({ limit, request }) {
  return { limit: { state: 'set', bytes: limit * MI }, request: { state: 'set', bytes: request * MI } };
}

/** Of what was told of the old pod, that which is not too old by now. @param {Told} told @param {Told} now @returns {Told} */
function leave(told, now) {
  const kept = Object.entries(told).filter(([name]) => !GONE_WITH_THE_POD.includes(name));
  const oldest = (/** @type {string} */ name) => samplesOf(now[name])[0]?.t ?? 0;
  return /** @type {Told} */ (
    Object.fromEntries(kept.map(([name, one]) => [name, pick(one, (t) => t >= oldest(name))]))
  );
}

/** What is told of the new one: it uses what the old one would. @param {Told} told @param {Applied} change @returns {Told} */
function renew(told, { at, pod, limit, request }) {
  const { now, starts, limits, ...rest } = told;
  const kept = Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, pick(one, (t) => t >= at)]));
  const lasts = (/** @type {unknown} */ samples, /** @type {number} */ v) =>
    samplesOf(samples).flatMap(({ t }, index, { length }) =>
      t > at || index === length - 1 ? [{ t: Math.max(t, at), v }] : [],
    );
  return {
    .../** @type {Told} */ (kept),
    pod,
    starts: lasts(starts, at),
    ...(limits !== undefined && { limits: lasts(limits, limit * MI) }),
    ...(typeof now === 'object' && { now: { ...now, startedAt: at }, limit: limit * MI, request: request * MI }),
    ...('uid' in told && { uid: `uid-of-${pod}` }),
  };
}

/** @param {unknown} value @returns {Sample[]} */
function samplesOf(value) {
  return Array.isArray(value) ? value : [];
}

/** The samples of a series that stand at such times; anything else as it is. @param {unknown} value @param {(t: number) => boolean} isKept */
function pick(value, isKept) {
  return Array.isArray(value) ? samplesOf(value).filter(({ t }) => isKept(t)) : value;
}
