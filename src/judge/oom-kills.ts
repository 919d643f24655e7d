import type { Bytes } from '../bytes.ts';
import { spacing } from '../checks/statistics.ts';
import { type RestartSeries, restartTimes } from '../checks/stretches.ts';
import type { OomKill } from '../model/finding.ts';
import type { ContainerMeasurement, Sample } from '../model/measurement.ts';
import type { Windows } from '../model/observation.ts';
import type { PodContainer } from '../model/workload.ts';

/** The longest that the exporter's series usually lag behind, in seconds. */
const SCRAPE = 60;

/** How the exporter and the start times tell of restarts and their reasons, over any time. */
export interface RestartEvidence extends RestartSeries {
  readonly oomReason: readonly Sample[];
  /** Seconds between the evaluation times. */
  readonly slot: number;
}

/** The limit at a time, where one is known; `ofThisPod` says that it is the present pod's own. */
export type LimitAt = (time: number | undefined, ofThisPod?: boolean) => Bytes | undefined;

interface KillEvidence {
  readonly at: number;
  readonly windows: Windows;
  readonly live?: PodContainer;
  readonly measured?: ContainerMeasurement;
  /** The limit that the pod had at a time. */
  readonly limitAt: LimitAt;
}

/**
 * The OOMKills of one container in the window, oldest first; those without a time (cAdvisor's) come first. The exporter's
 * reason stays set for weeks, so it counts only where a restart lies in the window and the reason is set after it.
 */
export function gatherOomKills({ at, windows, live, measured, limitAt }: KillEvidence): OomKill[] {
  const begin = at - windows.window;
  const slot = spacing(measured?.averages ?? [], windows.window / 48);
  const timed: OomKill[] = measured === undefined ? [] : killsFromExporter({ ...measured, slot }, begin, limitAt);
  const last = live?.lastTermination;
  const finishedAt = last?.finishedAt;
  if (last?.reason === 'OOMKilled' && finishedAt !== undefined && finishedAt > begin && finishedAt <= at) {
    const same = timed.findIndex((kill) => Math.abs((kill.at ?? 0) - finishedAt) <= slot);
    const kill: OomKill = { at: finishedAt, source: 'pod status', limit: limitAt(finishedAt, true) };
    timed.splice(same < 0 ? timed.length : same, same < 0 ? 0 : 1, kill);
  }
  timed.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const counted = Math.min(1000, Math.round(measured?.oomEvents ?? 0));
  const untimed: OomKill[] = Array.from({ length: Math.max(0, counted - timed.length) }, () => ({
    source: 'cAdvisor',
    limit: limitAt(undefined),
  }));
  return [...untimed, ...timed];
}

/** The OOMKills after `begin` that the exporter's reason together with a restart shows, oldest first. */
export function killsFromExporter(evidence: RestartEvidence, begin: number, limitAt: LimitAt): OomKill[] {
  const { oomReason, restarts: counter, slot } = evidence;
  if (oomReason.length === 0) return [];
  const restarts = restartTimes(evidence, begin);
  return restarts.flatMap((restart, index): OomKill[] => {
    const end = Math.max(restarts[index + 1] ?? Number.POSITIVE_INFINITY, restart + slot);
    const slots = counter.filter(({ t }) => t >= restart && t < end).map(({ t }) => t);
    const reasons = oomReason.filter(({ t }) => t >= restart && t < end).map(({ t }) => t);
    // The reason of an earlier kill can still stand in the first slot after a restart for another cause.
    const settled = slots.some((t) => t >= restart + SCRAPE) ? restart + SCRAPE : restart;
    return reasons.some((t) => t >= settled) ? [{ at: restart, source: 'exporter', limit: limitAt(restart) }] : [];
  });
}

/** Restarts in the window: the increase of the exporter's counter, the start times seen, or at least one that the pod's status tells of. */
export function countRestarts(
  at: number,
  window: number,
  measured: ContainerMeasurement | undefined,
  live: PodContainer | undefined,
): number {
  let increase = 0;
  for (const [index, sample] of (measured?.restarts ?? []).entries()) {
    const before = measured?.restarts[index - 1]?.v ?? sample.v;
    // A counter that fell belongs to a new pod of the same name and began at 0.
    increase += sample.v >= before ? sample.v - before : sample.v;
  }
  const seen = measured === undefined ? 0 : restartTimes(measured, at - window).length;
  const finishedAt = live?.lastTermination?.finishedAt;
  const told = finishedAt !== undefined && finishedAt > at - window && finishedAt <= at ? 1 : 0;
  return Math.max(increase, seen, told);
}
