import type { ContainerObservation, Thresholds } from '../model/finding.ts';
import type { Sample } from '../model/measurement.ts';
import { measureRise } from './rise.ts';
import { mean } from './statistics.ts';
import type { Stretch } from './stretches.ts';
import { SMALLEST_LEAK, type TrendVerdict } from './trend-verdict.ts';

const VALUES_IN_STRETCH = 4;
const KILLS_NEEDED = 3;

/**
 * Three or more runs within the slow window that each grew by more than the yellow line (10 %) and ended in an OOMKill are
 * a leak at any length. `stretches` are those of the window, whose averages are the finer.
 */
export function judgeCutByKills(
  stretches: readonly Stretch[],
  { at, windows, runs = [] }: ContainerObservation,
  { growthYellow }: Thresholds,
): TrendVerdict | undefined {
  const recent = stretches.filter(({ killed }) => killed).map(({ samples }) => samples);
  const killed = runs.filter(({ end }) => end === 'killed');
  const earlier = killed.filter(({ endedAt = at }) => endedAt <= at - windows.window).map(({ samples }) => samples);
  // What began before the window is seen whole only by the longer history.
  const whole = killed.map(({ samples }) => samples);
  const rises = [growing([...earlier, ...recent], growthYellow), growing(whole, growthYellow)].sort(
    (a, b) => b.length - a.length,
  )[0];
  if (rises === undefined || rises.length < KILLS_NEEDED) return undefined;
  const isSmall = rises.every(({ growthBytes }) => growthBytes < SMALLEST_LEAK);
  return {
    level: isSmall ? 'yellow' : 'red',
    pattern: 'leak cut by OOMKills',
    growth: mean(rises.map(({ growth }) => growth)),
    bytesPerHour: mean(rises.map(({ bytesPerHour }) => bytesPerHour)),
    kills: rises.length,
  };
}

function growing(stretches: readonly (readonly Sample[])[], growthYellow: number) {
  return stretches
    .filter(({ length }) => length >= VALUES_IN_STRETCH)
    .map(measureRise)
    .filter(({ growth }) => growth > growthYellow);
}
