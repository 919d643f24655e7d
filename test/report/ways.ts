import { type ContainerSpec, ramp, type WorkloadSpec } from './make-inspection.ts';

/** Every reason that a check gives, each in a workload of its name. */
const CONTAINERS: Readonly<Record<string, Omit<ContainerSpec, 'name'>>> = {
  over: { used: 1010, limit: 1000, request: 900 },
  close: { used: 900, limit: 1000, request: 800 },
  'watch-it': { used: 750, limit: 1000, request: 700 },
  peaked: { used: 600, limit: 1000, request: 500, peak: 920 },
  pressed: { used: 900, limit: 1000, request: 800, cache: { now: 500, quarters: [500, 500, 500, 500] }, waiting: 0.12 },
  swaps: { used: 900, limit: 1000, request: 800, swap: 120, waiting: 0.25 },
  tight: { used: 950, limit: 1000, request: 800, flat: true },
  'page-cache': { used: 900, limit: 1000, request: 800, cache: { now: 500, quarters: [500, 500, 500, 500] } },
  killed: { used: 400, limit: 1000, request: 500, peak: 1000, killedHoursAgo: [1] },
  cut: { used: 500, limit: 1000, request: 500, averages: sawtooth(), killedHoursAgo: [6, 12, 18] },
  leak: { used: 1390, limit: 2048, request: 1024, averages: ramp(1000, 1390) },
  'slow-leak': { used: 900, limit: 1200, request: 800, averages: ramp(880, 900), slowAverages: ramp(600, 900, 56) },
  'rises-over-days': { used: 700, limit: 1200, request: 600, slowAverages: ramp(600, 700, 56) },
  cache: {
    used: 900,
    limit: 2000,
    request: 800,
    averages: ramp(500, 900),
    cache: { now: 500, quarters: [100, 230, 360, 490] },
  },
  wave: { used: 800, limit: 1200, request: 700, averages: ramp(600, 800), slowAverages: Array(56).fill(800) },
  soon: { used: 900, limit: 1200, request: 700, averages: [...Array(42).fill(600), 640, 690, 740, 790, 845, 900] },
  'every-run': {
    used: 900,
    limit: 2000,
    request: 700,
    averages: [...ramp(860, 900, 8), ...ramp(600, 900, 40)],
    slowAverages: Array.from({ length: 56 }, (_, slot) => 580 + 40 * ((slot + 7) % 8)),
    restartedHoursAgo: [20, 44, 68, 92, 116, 140],
  },
  step: { used: 800, limit: 1200, request: 700, averages: [...Array(30).fill(600), ...Array(18).fill(800)] },
  'warming-up': {
    used: 800,
    limit: 1200,
    request: 700,
    averages: ramp(600, 800),
    startedHoursAgo: 20,
    slowAverages: [],
  },
  slow: { used: 690, limit: 1200, request: 600, averages: ramp(600, 690) },
  falling: { used: 700, limit: 1200, request: 600, averages: ramp(900, 700) },
  'few-averages': { used: 800, limit: 1200, request: 700, averages: ramp(600, 800, 47) },
  small: { used: 80, limit: 128, request: 70, averages: ramp(60, 80) },
  jvm: { used: 600, limit: 1500, request: 600, heap: { live: 950, maximum: 1024, nonHeap: 200 } },
  'jvm-misfit': { used: 600, limit: 1000, request: 600, heap: { live: 300, maximum: 1024, nonHeap: 200 } },
  'low-request': { used: 400, limit: 800, request: 100 },
  'no-request': { used: 400, limit: 800, request: null },
  'no-limit': { used: 400, limit: null, request: 400 },
  large: { used: 400, limit: 4096, request: 400 },
  young: { used: 100, limit: 512, request: 100, averages: [90, 95, 100, 100], slowAverages: [], startedHoursAgo: 2 },
  unmeasured: { limit: 512, request: 100 },
  'limit-unknown': { used: 100, request: 100 },
  'request-unknown': { used: 300, limit: 512 },
  'not-running': { limit: 512, request: 100, running: false },
  'peaked-unmeasured': { limit: 1000, request: 500, peak: 920 },
  silent: { limit: 512, request: 100, averages: Array(48).fill(100) },
  'up-and-down': { used: 1400, limit: 4000, request: 1000, averages: wobble(150), slowAverages: Array(56).fill(900) },
  varies: { used: 1400, limit: 4000, request: 1000, averages: wobble(350), slowAverages: Array(56).fill(900) },
  restarted: {
    used: 100,
    limit: 512,
    request: 100,
    averages: Array(48).fill(100),
    killedHoursAgo: [3, 7, 11, 15, 19, 22],
  },
  'over-and-rising': { used: 1010, limit: 1000, request: 900, averages: ramp(700, 1010) },
  'jvm-room': { used: 600, limit: 1500, request: 600, heap: { live: 500, maximum: 1024, nonHeap: 200 } },
  'sized-in-place': {
    used: 500,
    limit: 1000,
    request: 800,
    template: { limit: 600, request: 500 },
    resizedBy: 'kubectl-patch',
  },
  'sized-by-another': {
    used: 500,
    limit: 1000,
    request: 800,
    template: { limit: 600, request: 800 },
    resizedBy: 'sizer_`<b>`',
  },
  'resize-deferred': {
    used: 500,
    limit: 2000,
    request: 500,
    actual: { limit: 1000, request: 500 },
    template: { limit: 1000, request: 500 },
    resizedBy: 'kubectl-edit',
    resize: { state: 'deferred', message: 'Node did not have enough resource: memory' },
  },
  'resize-infeasible': {
    used: 950,
    limit: 90000,
    request: 900,
    actual: { limit: 1000, request: 900 },
    template: { limit: 1000, request: 900 },
    resize: { state: 'infeasible' },
  },
  'jvm-watch': { used: 600, limit: 1500, request: 600, heap: { live: 800, maximum: 1024, nonHeap: 200 } },
};

/** Rises from 1000Mi to 1500Mi, less than it goes up and down. */
function wobble(by: number): number[] {
  const order = [0, 2, 4, 1, 3];
  return ramp(1000, 1500).map((value, index) => value + by * (order[index % 5] ?? 0));
}

/** Rises from 400Mi to 950Mi in each quarter of the window. */
function sawtooth(): number[] {
  return Array.from({ length: 48 }, (_, index) => 400 + 50 * (index % 12));
}

export const WAYS: readonly WorkloadSpec[] = Object.entries(CONTAINERS).map(([name, container]) => ({
  namespace: 'ways',
  name,
  pods: { [`${name}-0`]: [{ name, ...container }] },
}));
