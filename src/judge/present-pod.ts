import { spacing } from '../checks/statistics.ts';
import { type ContainerMeasurement, type Sample, SLOW_STEP } from '../model/measurement.ts';

/** Starts closer than this are told as one. */
const SAME_START = 5;

/**
 * What was measured of the pod with this UID alone, where its series hold an earlier pod of the same name, as a
 * StatefulSet's do over a rollout. Restarts in place are the same pod. All of it where nothing tells the pods apart.
 */
export function keepPresentPod(measured: ContainerMeasurement, uid: string, window: number): ContainerMeasurement {
  const own = measured.instances?.find((instance) => instance.uid === uid);
  if (own?.startedAt === undefined) return measured;
  const begin = own.startedAt;
  const since = (samples: readonly Sample[], slot: number) => samples.filter(({ t }) => t - slot >= begin - SAME_START);
  const quarter = Math.floor(window / 4);
  return {
    ...measured,
    peak: own.peak,
    averages: since(measured.averages, spacing(measured.averages, window / 48)),
    slowAverages: since(measured.slowAverages, SLOW_STEP),
    rss: since(measured.rss, quarter),
    mappedFile: since(measured.mappedFile, quarter),
    activeFile: since(measured.activeFile, quarter),
    ...(measured.pressure && {
      pressure: {
        waiting: since(measured.pressure.waiting, quarter),
        stalled: since(measured.pressure.stalled, quarter),
      },
    }),
    starts: measured.starts.filter(({ v }) => v >= begin - SAME_START),
    restarts: since(measured.restarts, 0),
  };
}
