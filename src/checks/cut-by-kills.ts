import type { ContainerObservation, Run, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { measureRise, type Rise } from './rise.ts';
import { mean } from './statistics.ts';
import type { Stretch } from './stretches.ts';
import { SMALLEST_LEAK, type TrendVerdict } from './trend-verdict.ts';

const VALUES_IN_STRETCH = 4;
const KILLS_NEEDED = 3;
const LATER_SHARE = 0.1;

const DAY = 86_400;

/**
 * Three or more runs within the slow window that each grew by more than the yellow line (10 %), not only at first, and
 * ended in an OOMKill are a leak at any length, unless the container has run for longer since, without growing.
 * `stretches` are those of the window, whose averages are the finer.
 */
export function judgeCutByKills(
  stretches: readonly Stretch[],
  { at, windows, pod, runs = [] }: ContainerObservation,
  { growthYellow }: Thresholds,
): TrendVerdict | undefined {
  const recent = stretches.filter(({ killed }) => killed).map(({ samples }) => samples);
  const own = runs.filter((run) => run.pod === pod);
  const killed = own.filter(({ end }) => end === 'killed');
  const earlier = killed.filter(({ endedAt = at }) => endedAt <= at - windows.window).map(({ samples }) => samples);
  // What began before the window is seen whole only by the longer history.
  const whole = killed.map(({ samples }) => samples);
  const joined = growing([...earlier, ...recent], growthYellow);
  const ofRuns = growing(whole, growthYellow);
  const rises = ofRuns.length > joined.length ? ofRuns : joined;
  if (rises.length < KILLS_NEEDED || isOver(own, growthYellow)) return undefined;
  const inWindow = rises === joined && growing(earlier, growthYellow).length === 0;
  const isSmall = rises.every(({ growthBytes }) => growthBytes < SMALLEST_LEAK);
  return {
    level: isSmall ? 'yellow' : 'red',
    pattern: 'leak cut by OOMKills',
    growth: mean(rises.map(({ growth }) => growth)),
    bytesPerHour: mean(rises.map(({ bytesPerHour }) => bytesPerHour)),
    kills: inWindow ? recent.length : Math.max(rises.length, killed.length),
    ...(inWindow ? {} : { days: Math.round(windows.slowWindow / DAY) }),
  };
}

/** Whether the present run has lasted longer than any that was killed, and is level: something cured it. */
function isOver(runs: readonly Run[], growthYellow: number): boolean {
  const present = runs.find(({ end }) => end === 'goes on')?.samples ?? [];
  const longest = Math.max(...runs.filter(({ end }) => end === 'killed').map(({ samples }) => samples.length));
  return present.length > Math.max(longest, VALUES_IN_STRETCH) && growing([present], growthYellow).length === 0;
}

function growing(stretches: readonly (readonly Sample[])[], growthYellow: number) {
  return stretches
    .filter(({ length }) => length >= VALUES_IN_STRETCH)
    .map(measureRise)
    .filter((rise) => rise.growth > growthYellow && goesOn(rise));
}

/** What has warmed up by its second quarter and stays there is killed by something else, such as a nightly batch. */
function goesOn({ means: [, second, third, last], growthBytes }: Rise): boolean {
  return Math.max(third, last) - second >= growthBytes * LATER_SHARE;
}
