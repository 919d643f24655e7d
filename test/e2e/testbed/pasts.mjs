import { createHash } from 'node:crypto';

/** @typedef {import('./series.mjs').PodPast} PodPast */
/** @typedef {import('./series.mjs').ContainerPast} ContainerPast */
/** @typedef {import('../pigo/stories.mjs').Story} Story */

const MI = 1024 * 1024;
const HOUR = 3600;
const UNITS = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, k: 1e3, M: 1e6, G: 1e9, m: 1e-3 };

/**
 * Gives each real pod the past that its workload's story tells.
 *
 * @param {any[]} pods as the API server lists them
 * @param {any[]} replicaSets
 * @param {{ at: number, stories: Record<string, Story>, healthy: Story }} options `at` in seconds since the epoch
 * @returns {PodPast[]} earlier pods of the same workloads among them
 */
export function podPasts(pods, replicaSets, { at, stories, healthy }) {
  const deployments = new Map(
    replicaSets.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, controllerOf(one)]),
  );
  const counts = new Map();
  const sorted = [...pods].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return sorted.flatMap((pod) => {
    const { namespace, name, uid } = pod.metadata;
    const owner = controllerOf(pod);
    const replicaSetOwner = owner?.kind === 'ReplicaSet' ? deployments.get(`${namespace}/${owner.name}`) : undefined;
    const workload = replicaSetOwner ?? owner ?? { kind: 'Pod', name };
    const key = `${namespace}/${workload.name}`;
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    const main = stories[key] ?? healthy;
    const containers = [
      ...(pod.spec.initContainers ?? []).map((/** @type {any} */ spec) => ({ spec, init: true })),
      ...pod.spec.containers.map((/** @type {any} */ spec) => ({ spec, init: false })),
    ].map(({ spec, init }) => {
      const story = stories[`${key}/${spec.name}`] ?? (init ? healthy : main);
      return containerPast(spec, init, story, { at, key, index });
    });
    /** @type {PodPast} */
    const past = {
      namespace,
      name,
      uid,
      node: pod.spec.nodeName,
      owner,
      replicaSetOwner,
      exporters: main.exporters ?? 1,
      ...lifetime(
        containers.flatMap((one) => one.runs),
        at,
        pod.status.phase === 'Succeeded',
      ),
      containers,
    };
    const former = (main.former ?? []).map(({ suffix, runs }) => ({
      ...past,
      name: suffix ? name.replace(/[^-]+$/, suffix) : name,
      uid: derivedUid(uid),
      ...lifetime(inSeconds(runs, at), at, true),
      containers: containers.map((one) => ({ ...one, runs: inSeconds(runs, at) })),
    }));
    return [...former, past];
  });
}

/**
 * @param {import('./series.mjs').Run[]} runs
 * @param {number} at
 * @param {boolean} over whether the pod is no longer there
 */
function lifetime(runs, at, over) {
  const born = Math.min(at, ...runs.map((run) => run.from));
  return { born, gone: over ? Math.max(born, ...runs.map((run) => run.to)) : at };
}

/**
 * @param {any} spec
 * @param {boolean} init
 * @param {Story} story
 * @param {{ at: number, key: string, index: number }} place
 * @returns {ContainerPast}
 */
function containerPast(spec, init, story, { at, key, index }) {
  const limits = amounts(spec.resources?.limits);
  /** @type {NonNullable<Story['memory']>} */
  const tell = story.memory ?? (() => ({ working: 0 }));
  return {
    name: spec.name,
    image: spec.image,
    init,
    limits,
    requests: amounts(spec.resources?.requests),
    formerLimit: story.formerLimit && {
      memory: quantity(story.formerLimit.limit),
      until: at + story.formerLimit.hours * HOUR,
    },
    runs: inSeconds(story.runs ?? [{ from: -14 * 24, to: 0 }], at),
    formerRestarts: story.formerRestarts ?? 0,
    formerReason: story.formerEnd?.reason,
    memory: story.silent
      ? undefined
      : (time, run) => {
          const { working, active = 0 } = tell({
            hours: (time - at) / HOUR,
            since: (time - run.from) / HOUR,
            index,
            limit: (limits.memory ?? 0) / MI,
            noise: (scale = 1) => (time >= at ? 0 : noise(`${key}/${spec.name}/${index}`, time / 60 / scale)),
          });
          return { working: working * MI, active: active * MI };
        },
  };
}

/**
 * What the kubelet would have written into a pod's status after this past.
 *
 * @param {any} pod
 * @param {PodPast} past
 * @param {{ at: number, stories: Record<string, Story> }} options
 */
export function pastStatus(pod, past, { at, stories }) {
  const workload = (past.replicaSetOwner ?? past.owner)?.name ?? past.name;
  const story = stories[`${past.namespace}/${workload}`];
  const rewrite = (/** @type {any[]} */ statuses = []) =>
    statuses.map((status) => {
      const container = past.containers.find((one) => one.name === status.name);
      return container ? containerStatus(status, container, story, at) : status;
    });
  const { containerStatuses, initContainerStatuses } = pod.status;
  return {
    startTime: stamp(past.born),
    ...(story?.waiting && { conditions: pod.status.conditions.map(unready) }),
    ...(containerStatuses && { containerStatuses: rewrite(containerStatuses) }),
    ...(initContainerStatuses && { initContainerStatuses: rewrite(initContainerStatuses) }),
  };
}

/** @param {any} condition */
const unready = (condition) =>
  ['Ready', 'ContainersReady'].includes(condition.type)
    ? { ...condition, status: 'False', reason: 'ContainersNotReady' }
    : condition;

/**
 * @param {any} status
 * @param {ContainerPast} container
 * @param {Story | undefined} story
 * @param {number} at
 */
function containerStatus(status, container, story, at) {
  const ended = container.runs.filter((run) => run.ended);
  const last = ended.at(-1);
  const end = last
    ? terminated(last.ended ?? '', last.from, last.to)
    : story?.formerEnd &&
      terminated(story.formerEnd.reason, at + (story.formerEnd.hours - 30) * HOUR, at + story.formerEnd.hours * HOUR);
  const current = container.runs.at(-1);
  const waiting = !container.init && story?.waiting;
  return {
    ...status,
    restartCount: container.formerRestarts + ended.length,
    ...(end && { lastState: { terminated: end } }),
    ...(waiting && {
      ready: false,
      started: false,
      state: { waiting: { reason: waiting, message: 'back-off restarting failed container' } },
    }),
    ...(!waiting && status.state?.running && current && { state: { running: { startedAt: stamp(current.from) } } }),
  };
}

/**
 * @param {string} reason
 * @param {number} from
 * @param {number} to
 */
function terminated(reason, from, to) {
  const exitCode = { OOMKilled: 137, Error: 1 }[reason] ?? 0;
  return { reason, exitCode, startedAt: stamp(from), finishedAt: stamp(to) };
}

/** @param {number} seconds */
const stamp = (seconds) => new Date(seconds * 1000).toISOString().replace(/\.\d+/, '');

/**
 * @param {{ from: number, to: number, ended?: any }[]} runs in hours before `at`
 * @param {number} at
 */
const inSeconds = (runs, at) =>
  runs.map((run) => ({ ...run, from: Math.round(at + run.from * HOUR), to: Math.round(at + run.to * HOUR) }));

/** @param {any} object */
function controllerOf(object) {
  const owner = (object.metadata.ownerReferences ?? []).find((/** @type {any} */ one) => one.controller);
  return owner ? { kind: owner.kind, name: owner.name } : undefined;
}

/** @param {Record<string, string> | undefined} resources */
function amounts(resources = {}) {
  /** @type {{ memory?: number, cpu?: number }} */
  const result = {};
  for (const name of /** @type {const} */ (['memory', 'cpu'])) {
    if (resources[name] !== undefined) result[name] = quantity(resources[name]);
  }
  return result;
}

/** @param {string} text a Kubernetes quantity */
function quantity(text) {
  const [, number, unit] = text.match(/^([\d.]+)([A-Za-z]*)$/) ?? [];
  return Number(number) * (unit ? UNITS[/** @type {keyof typeof UNITS} */ (unit)] : 1);
}

/** @param {string} uid */
function derivedUid(uid) {
  const hex = createHash('sha256').update(uid).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/**
 * Smooth noise between -1 and 1, the same for the same seed and position.
 *
 * @param {string} seed
 * @param {number} position
 */
function noise(seed, position) {
  const whole = Math.floor(position);
  const share = position - whole;
  return scatter(seed, whole) * (1 - share) + scatter(seed, whole + 1) * share;
}

/**
 * @param {string} seed
 * @param {number} step
 */
function scatter(seed, step) {
  let hash = Math.imul(step, 0x9e3779b1) ^ 0x811c9dc5;
  for (let index = 0; index < seed.length; index++) hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2147483648 - 1;
}
