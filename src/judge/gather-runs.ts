import { restartTimes } from '../checks/stretches.ts';
import type { OomKill, Run } from '../model/finding.ts';
import { type ContainerHistory, type ContainerMeasurement, type Sample, SLOW_STEP } from '../model/measurement.ts';
import type { Windows } from '../model/observation.ts';

/** What the runs of one pod's container are told from. */
export interface RunEvidence {
  readonly at: number;
  readonly windows: Windows;
  readonly pod: string;
  readonly running: boolean;
  readonly measured?: ContainerMeasurement;
  readonly history?: ContainerHistory;
  /** Its kills within the slow window. */
  readonly kills: readonly OomKill[];
}

const HOUR = 3600;

/** The runs of one pod's container within the slow window, oldest first; by the hour where its history has that. */
export function gatherRuns(evidence: RunEvidence): Run[] {
  const { at, windows, pod, running, measured, history, kills } = evidence;
  const hourly = history?.hourlyAverages ?? [];
  const slot = hourly.length > 0 ? HOUR : SLOW_STEP;
  const begin = at - windows.slowWindow;
  const averages = (hourly.length > 0 ? hourly : (measured?.slowAverages ?? [])).filter(({ t }) => t > begin);
  if (averages.length === 0) return [];
  const cuts = restartTimes(seriesOf(measured, history), begin);
  const ends: (number | undefined)[] = [...cuts, undefined];
  return ends.map((end, index): Run => {
    const start = cuts[index - 1] ?? Number.NEGATIVE_INFINITY;
    const samples = averages.filter(({ t }) => t - slot >= start && t <= (end ?? Number.POSITIVE_INFINITY));
    if (end === undefined) {
      return {
        pod,
        samples,
        slot,
        ...(running ? { end: 'goes on' } : { end: 'pod gone', endedAt: averages.at(-1)?.t }),
      };
    }
    return { pod, samples, slot, end: wasKilled(kills, start, end, slot) ? 'killed' : 'restarted', endedAt: end };
  });
}

/** Start times and restart counts of the window and of the time before it. */
function seriesOf(measured: ContainerMeasurement | undefined, history: ContainerHistory | undefined) {
  const first = measured?.restarts[0]?.t ?? Number.POSITIVE_INFINITY;
  const before = (samples: readonly Sample[] = []) => samples.filter(({ t }) => t < first);
  return {
    starts: [...(history?.starts ?? []), ...(measured?.starts ?? [])],
    restarts: [...before(history?.restarts), ...(measured?.restarts ?? [])],
  };
}

function wasKilled(kills: readonly OomKill[], start: number, end: number, slot: number): boolean {
  return kills.some(({ at }) => at !== undefined && at > start && at >= end - slot && at <= end + slot / 2);
}
