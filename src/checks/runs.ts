import type { ContainerObservation } from '../model/finding.ts';
import { type Sample, SLOW_STEP } from '../model/measurement.ts';
import { restartTimes, slotLength } from './stretches.ts';

/** The averages that lie wholly within the present run of a container. Times are unix seconds. */
export interface PresentRun {
  readonly startedAt: number;
  /** Of the window. */
  readonly averages: readonly Sample[];
  /** Three-hour averages of the slow window. */
  readonly slow: readonly Sample[];
}

/** The present run: since the container's start, or the last restart that the window shows. */
export function presentRun(container: ContainerObservation): PresentRun {
  const { measured, at, windows } = container;
  if (measured === undefined) return { startedAt: container.startedAt ?? at, averages: [], slow: [] };
  const restarts = restartTimes(measured, at - windows.window);
  const startedAt = Math.max(container.startedAt ?? Number.NEGATIVE_INFINITY, ...restarts.slice(-1));
  const within = (samples: readonly Sample[], slot: number) =>
    samples.filter(({ t }) => t - slot >= startedAt && t <= at);
  return {
    startedAt,
    averages: within(measured.averages, slotLength(container)),
    slow: within(measured.slowAverages, SLOW_STEP),
  };
}
