import { type Course, noise, pathOf, type Sizes } from './observe-day.ts';
import type { Play } from './play-days.ts';
import type { Stage } from './whole-run.ts';

type Sized = Course & Sizes;

/** Days that have moved by up to `share` of their level, and within each, half hours that differ by up to `within` of it. */
function around(name: string, level: (day: number) => number, share: number, within = share / 10): Course['used'] {
  return (day, slot) => level(day) * (1 + share * noise(name, day) + within * noise(name, day, slot));
}

/**
 * Five workloads that need more: three a larger limit, and the others a larger request, which is close to where none would be
 * needed. What is always the same near its limit would be taken for meant to be there, so the quieter the days are in
 * themselves, the more every other one differs.
 */
function fiveSteady(share: number): Sized[] {
  const [high, low] = share < 0.03 ? [0.95, 0.88] : [0.93, 0.91];
  const full = { high, low };
  const shapes = [
    { name: 'api', limit: 2000, request: 1700, ...full },
    { name: 'worker', limit: 1000, request: 440, ...full },
    { name: 'cache', limit: 512, request: 230, ...full },
    { name: 'batch', limit: 512, request: 96, high: 0.45, low: 0.45 },
    { name: 'big', limit: 4000, request: 1100, high: 0.8, low: 0.78 },
  ];
  return shapes.map(({ name, limit, request, ...day }) => ({
    name,
    limit,
    request,
    used: around(name, (at) => limit * (at % 2 === 0 ? day.high : day.low), share),
  }));
}

/** A container of 2000Mi that is full to `level` (a share) on each day. */
function one(name: string, level: (day: number) => number, more: Partial<Sized> = {}): Sized {
  return { name, limit: 2000, request: 1700, used: around(name, (day) => 2000 * level(day), 0.01), ...more };
}

/** Near its limit, and every other day less so. */
const NEAR = (day: number) => (day % 2 === 0 ? 0.95 : 0.89);

const onFirst = (act: (stage: Stage, number: number) => unknown) => async (stage: Stage) => {
  const pull = stage.server.pulls.find(({ state }) => state === 'open');
  if (pull !== undefined) await act(stage, pull.number);
};

/** What may happen in 30 days in which nobody answers, but where it is said. */
export const PLAYS = {
  two: { name: 'five steady needs, ±2 % a day', courses: fiveSteady(0.02) },
  five: { name: 'five steady needs, ±5 % a day', courses: fiveSteady(0.05) },
  flicker: {
    name: 'one at 84.5 ± 1.5 % of its limit',
    // With a week of such days it would be taken for meant to be there.
    courses: [{ ...one('edge', () => 0.845), used: around('edge', () => 1690, 0.0178), kept: 6 }],
  },
  weekends: {
    name: 'a need of weekdays only',
    courses: [one('office', (day) => ((day - 1) % 7 < 5 ? NEAR(day) : 0.5))],
  },
  ends: {
    name: 'a need that ends on day 10',
    courses: [one('relief', (day) => (day < 10 ? NEAR(day) : 0.6))],
  },
  merged: {
    name: 'merged on day 5',
    courses: [one('merged', NEAR)],
    people: { 5: onFirst((stage, number) => stage.server.mergePull(number)) },
  },
  declined: {
    name: 'declined on day 5',
    courses: [one('declined', NEAR)],
    people: { 5: onFirst((stage, number) => stage.server.closePull(number)) },
  },
  deleted: {
    name: 'deleted on day 10, from the cluster only',
    courses: [one('ghost', NEAR), one('beside', () => 0.5)],
    deletedOn: { ghost: 10 },
  },
  removed: {
    name: 'deleted on day 10, manifest and all',
    courses: [one('gone', NEAR), one('beside', () => 0.5)],
    deletedOn: { gone: 10 },
    people: { 10: (stage: Stage) => stage.server.commitFiles('main', { [pathOf('gone')]: null }) },
  },
  grows: {
    name: 'grows by 3 % a day',
    courses: [
      { name: 'grows', limit: 2048, request: 200, used: around('grows', (day) => 700 * 1.03 ** (day - 1), 0.002) },
    ],
  },
  reddens: {
    name: 'yellow, red from day 10',
    courses: [
      {
        ...one('reddens', () => 0.8),
        // Its peaks come at night until then, and the run sees it in the morning.
        used: (day, slot) => 2000 * (day >= 10 || (slot > 20 && slot < 25) ? NEAR(day) : 0.78),
      },
    ],
  },
} as const satisfies Readonly<Record<string, Play>>;
