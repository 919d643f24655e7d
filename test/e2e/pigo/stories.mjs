/**
 * What the memory of each workload of the "pigo" cluster did, in hours before
 * the time of the inspection (0) and in Mi. A workload without a story here is
 * healthy: see `healthy`.
 */

/** The time of the inspection: the history ends then, to the second. */
export const AT = '2026-11-24T06:00:00Z';

/** The JVM of pigo-api is scraped only from this many hours before the end on. */
export const JVM_FROM = -1;

/**
 * @typedef {object} Moment
 * @property {number} hours before the end: 0 or less
 * @property {number} since hours since the container's start
 * @property {number} index of the pod among those of its workload
 * @property {number} limit in Mi, 0 without one
 * @property {(scale?: number) => number} noise between -1 and 1; the same in every run, and 0 at the end
 */

/** @typedef {{ from: number, to: number, ended?: 'OOMKilled' | 'Error' | 'Completed' }} Stretch */

/**
 * @typedef {object} Story
 * @property {Stretch[]} [runs] the runs of the container, the last one going on (default: one, from two weeks ago)
 * @property {(moment: Moment) => { working: number, active?: number }} [memory]
 * @property {boolean} [silent] cAdvisor has no series of it
 * @property {number} [exporters] replicas of the exporter
 * @property {number} [formerRestarts] restarts before all of this
 * @property {{ reason: 'OOMKilled' | 'Error', hours: number }} [formerEnd] how and when the last of them came
 * @property {{ limit: string, request: string, by?: string, waits?: { reason: string, message: string } }} [resized]
 *   in place to these sizes by this field manager, or why that waits
 * @property {{ limit: string, hours: number }} [formerLimit] until so many hours before the end
 * @property {string} [waiting] the reason for which the container does not run now
 * @property {{ suffix?: string, runs: Stretch[] }[]} [former] earlier pods of the workload; with no `suffix` of the same name
 */

const LONG = -14 * 24;

/** @type {(base: number, spread: number, active?: number) => Story} */
const flat = (base, spread, active = 12) => ({
  memory: ({ noise }) => ({ working: base + spread * noise(), active }),
});

/** A tenth lower on every other day before the last, so that nothing about it is flat by design. */
const earlier = (/** @type {number} */ hours) => (-hours >= 23.5 && (-hours - 23.5) % 48 <= 25 ? 0.9 : 1);

/** @type {(base: number, spread: number, active?: number) => Story} */
const uneven = (base, spread, active = 12) => ({
  memory: ({ hours, noise }) => ({ working: base * earlier(hours) + spread * noise(), active }),
});

const between = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ share) =>
  a + (b - a) * Math.min(1, Math.max(0, share));

/** @type {Story} */
export const healthy = {
  memory: ({ hours, index, limit, noise }) => ({
    working: limit * (0.5 + 0.02 * index + 0.02 * Math.sin((hours / 24) * 2 * Math.PI) + 0.01 * noise()),
    active: limit * 0.03,
  }),
};

/** Kills every five hours, the last one two hours before the end. @type {Stretch[]} */
const killedRuns = Array.from({ length: 14 }, (_, index) => {
  const to = -2 - 5 * index;
  return { from: to - 5, to, ended: /** @type {const} */ ('OOMKilled') };
}).reverse();

/** A crash every six minutes for six hours; each run lives for a minute and a half. @type {Stretch[]} */
const crashes = Array.from({ length: 61 }, (_, index) => {
  const from = -6.1 + index / 10;
  return { from, to: from + 1.5 / 60, ended: /** @type {const} */ ('Error') };
});

/** By `namespace/workload`, or `namespace/workload/container` beside `app`. @type {Record<string, Story>} */
export const stories = {
  'pigo-rel/nacos': {
    memory: ({ hours, noise }) => ({ working: 2017 - between(0, 18, -hours / 24) + 6 * noise(), active: 12 }),
  },
  'pigo-rel/pigo-api': {
    memory: ({ index, noise }) => ({ working: (index === 0 ? 1450 : 1310) + 15 * noise(), active: 30 }),
  },
  'pigo-dev/nacos': flat(1090, 20),
  'pigo-stg/nacos': flat(1120, 20),

  'hard-cases/steady-leak': {
    runs: [{ from: -30, to: 0 }],
    memory: ({ since, noise }) => ({ working: 700 + 19 * since + 8 * noise(), active: 20 }),
  },
  'hard-cases/accepted-leak': {
    runs: [{ from: -30, to: 0 }],
    memory: ({ since, noise }) => ({ working: 700 + 19 * since + 8 * noise(), active: 20 }),
  },
  'hard-cases/slow-leak': {
    runs: [{ from: -8.5 * 24, to: 0 }],
    memory: ({ hours, noise }) => ({ working: 2560 * 1.06 ** (hours / 24) + 15 * noise(), active: 40 }),
  },
  'hard-cases/oom-leak': {
    runs: [...killedRuns, { from: -2, to: 0 }],
    memory: ({ since, noise }) => ({ working: 300 + 42 * since + 2 * noise(), active: 6 }),
  },
  'hard-cases/page-cache-growth': {
    runs: [{ from: -60, to: 0 }],
    memory: ({ hours, noise }) => {
      const active = between(90, 460, (hours + 24) / 24);
      return { working: 320 + active + 4 * noise(), active };
    },
  },
  'hard-cases/page-cache-full': {
    memory: ({ noise }) => ({ working: 972.8 + 3 * noise(), active: 620 + 3 * noise() }),
  },

  'hard-cases/oom-three-weeks-ago': {
    ...flat(230, 6),
    runs: [{ from: -21 * 24, to: 0 }],
    formerRestarts: 1,
    formerEnd: { reason: 'OOMKilled', hours: -21 * 24 },
  },
  'hard-cases/crash-loop': {
    runs: crashes,
    memory: ({ since }) => ({ working: 40 + 400 * since, active: 2 }),
    waiting: 'CrashLoopBackOff',
  },
  'hard-cases/just-restarted': {
    runs: [
      { from: LONG, to: -1 / 60, ended: 'Error' },
      { from: -1 / 60, to: 0 },
    ],
    memory: ({ since, noise }) => ({ working: since > 1 ? 850 + 6 * noise() : 110 + 600 * since, active: 10 }),
  },
  'hard-cases/replaced-after-oom': {
    runs: [{ from: -8, to: 0 }],
    memory: ({ hours, since, noise }) => ({
      working: hours < -8 ? between(250, 508, (since - 150) / 18) : between(200, 250, since / 0.5) + 3 * noise(),
      active: 8,
    }),
    former: [
      {
        suffix: 'q7x2v',
        runs: [
          { from: -8 - 168, to: -8.1, ended: 'OOMKilled' },
          { from: -8.1, to: -8 },
        ],
      },
    ],
  },

  'hard-cases/warm-up': {
    runs: [{ from: -7, to: 0 }],
    memory: ({ since, noise }) => ({ working: between(320, 700, since / 4) + 5 * noise(), active: 15 }),
  },
  'hard-cases/daily-wave': {
    memory: ({ hours, noise }) => {
      const ofDay = (((hours + 24) % 24) + 24) % 24;
      const share = hours === 0 ? 1 : ofDay < 0.5 ? 1 - 2 * ofDay : (ofDay - 0.5) / 23.5;
      return { working: between(560, 860, share) + 6 * noise(), active: 20 };
    },
  },
  'hard-cases/noisy-flat': {
    memory: ({ noise }) => ({ working: 620 + 60 * noise(30) + 120 * noise(), active: 20 }),
  },
  'hard-cases/young-pod': { ...flat(210, 4), runs: [{ from: -2, to: 0 }] },
  'hard-cases/one-high-replica': {
    memory: ({ hours, index, noise }) => ({
      working: (index === 2 ? 900 * earlier(hours) : 300 + 6 * index) + 4 * noise(),
      active: 10,
    }),
  },

  'hard-cases/no-limit': {
    memory: ({ hours, noise }) => ({
      working: hours > -10.5 * 24 && hours < -10 * 24 ? 700 : 420 + 5 * noise(),
      active: 15,
    }),
  },
  'hard-cases/no-request': flat(190, 4),
  'hard-cases/limit-only': flat(300, 4),
  'hard-cases/over-provisioned': flat(500, 10),

  'hard-cases/memory-autoscaled': flat(410, 4),

  'hard-cases/native-sidecar': flat(240, 5),
  'hard-cases/native-sidecar/log-shipper': uneven(115, 1, 3),
  'hard-cases/native-sidecar/migrate': { runs: [] },
  'hard-cases/two-exporters': { ...flat(240, 5), exporters: 2 },
  'hard-cases/no-series': { silent: true },

  'hard-cases/catalog': uneven(470, 2),
  'hard-cases/shop-checkout': uneven(240, 1, 6),

  'hard-cases/ledger': {
    runs: [{ from: -10, to: 0 }],
    memory: ({ hours, since, index, noise }) => ({
      working: (hours < -10 ? 620 : between(300, 480, since)) + 10 * index + 5 * noise(),
      active: 20,
    }),
    former: [{ runs: [{ from: LONG, to: -10 - 1 / 60, ended: 'Completed' }] }],
  },
  'hard-cases/node-agent': flat(60, 1, 3),
  'hard-cases/one-off-tool': flat(100, 2),
  'resized/raised-after-oom': {
    runs: [
      { from: LONG, to: -9, ended: 'OOMKilled' },
      { from: -9, to: 0 },
    ],
    memory: ({ hours, noise }) => ({ working: (hours < -9 ? 940 : 980) + 4 * noise(), active: 6 }),
    resized: { limit: '1536Mi', request: '768Mi' },
    formerLimit: { limit: '1Gi', hours: -8 },
  },
  'resized/outgrown': { ...flat(700, 4, 6), resized: { limit: '1Gi', request: '600Mi' } },
  'resized/no-room': {
    ...uneven(960, 3, 6),
    resized: {
      limit: '8Gi',
      request: '512Mi',
      waits: { reason: 'Deferred', message: 'Node did not have enough resource: memory, requested: 512' },
    },
  },
  'resized/autosized': { ...flat(500, 4, 6), resized: { limit: '1Gi', request: '600Mi', by: 'updater' } },
  'resized/defaulted': flat(250, 4, 6),
  'bounded/together': uneven(780, 3, 6),
  'bounded/together/sidecar': flat(120, 1, 3),
  'bounded/roomy': flat(300, 3, 6),
  'hard-cases/nightly-export': { ...flat(300, 4), runs: [{ from: -4, to: -3 }] },
};
