import type { ContainerObservation } from '../model/finding.ts';
import type { ContainerMeasurement, Sample } from '../model/measurement.ts';
import { spacing } from './statistics.ts';

/** What tells of restarts. */
export type RestartSeries = Pick<ContainerMeasurement, 'starts' | 'restarts'>;

/** Consecutive averages of one run of a container. Times are unix seconds. */
export interface Stretch {
  readonly samples: readonly Sample[];
  /** When the run ended in a restart; `undefined` for the one that goes on. */
  readonly endedAt?: number;
  /** Whether that restart was for an OOMKill. */
  readonly killed: boolean;
}

/** Seconds between two averages of the window. */
export function slotLength(container: ContainerObservation): number {
  return spacing(container.measured?.averages ?? [], container.windows.window / 48);
}

/**
 * When the container was restarted in the window, oldest first: the start times seen, or where those are missing the
 * slots at which the exporter's counter had risen. Starts before the window's first average are no restart in it.
 */
export function restartTimes(measured: RestartSeries, windowStart: number): number[] {
  const starts = [...new Set(measured.starts.map(({ v }) => v))].sort((a, b) => a - b);
  const seen = starts.slice(1).filter((start) => start > windowStart);
  if (seen.length > 0) return seen;
  const times: number[] = [];
  for (const [index, sample] of measured.restarts.entries()) {
    const before = measured.restarts[index - 1];
    if (before !== undefined && sample.v > before.v && sample.t > windowStart) times.push(sample.t);
  }
  return times;
}

/**
 * Cuts the window's averages at the restarts, because a leak that ends in a kill every few hours looks flat from outside.
 * A slot in which a restart lies mixes two runs and is left out.
 */
export function cutIntoStretches(container: ContainerObservation): Stretch[] {
  const { measured } = container;
  if (measured === undefined) return [];
  const slot = slotLength(container);
  const cuts = restartTimes(measured, container.at - container.windows.window);
  const ends: (number | undefined)[] = [...cuts, undefined];
  return ends.map((end, index) => {
    const begin = cuts[index - 1] ?? Number.NEGATIVE_INFINITY;
    const samples = measured.averages.filter(({ t }) => t - slot >= begin && t <= (end ?? Number.POSITIVE_INFINITY));
    return {
      samples,
      endedAt: end,
      killed: end !== undefined && endedByKill(container, begin, end, cuts.length, slot),
    };
  });
}

function endedByKill(container: ContainerObservation, begin: number, end: number, cuts: number, slot: number): boolean {
  const { oomKills } = container;
  if (oomKills.some(({ at }) => at !== undefined && at > begin && at <= end + slot / 2 && at >= end - slot))
    return true;
  // Kills without a time can be told to belong to restarts only when there is one for each.
  return oomKills.filter(({ at }) => at === undefined).length >= cuts;
}
