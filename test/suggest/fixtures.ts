import { judge } from '../../src/judge/judge.ts';
import type { JudgeSettings } from '../../src/judge/settings.ts';
import type { JudgedWorkloadContainer } from '../../src/model/inspection.ts';
import type { ContainerMeasurement } from '../../src/model/measurement.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { ClusterState, PodContainer, Setting, TemplateContainer, Workload } from '../../src/model/workload.ts';
import { measureOf } from '../checks/fixtures.ts';
import {
  killHistoryOf,
  liveContainer,
  observationOf,
  peaksOf,
  podOf,
  SETTINGS,
  templateOf,
  workloadOf,
} from '../judge/fixtures.ts';

export interface Case {
  /** Working set in Mi by hours before now. */
  readonly used: number | ((hours: number) => number);
  readonly limit: Setting;
  readonly request: Setting;
  readonly days?: number;
  /** The long peak in Mi, where it is above the window's. */
  readonly longPeak?: number;
  /** Whether all days peaked alike. */
  readonly flat?: boolean;
  /** A kill before the window that the long history tells of, at a limit in Mi where that is known. */
  readonly killed?: { readonly daysAgo: number; readonly limit?: number };
  readonly measured?: Partial<ContainerMeasurement>;
  readonly live?: Partial<PodContainer>;
  readonly template?: Partial<TemplateContainer>;
  readonly workload?: Partial<Workload>;
  readonly cluster?: Partial<ClusterState>;
  readonly observation?: Partial<Observation>;
  readonly settings?: Partial<JudgeSettings>;
}

/** Judges one pod with one container, as the whole pipeline does, and gives what came of the container. */
export function judgeCase(one: Case): JudgedWorkloadContainer {
  const { limit, request, days = 14 } = one;
  const { used } = one;
  const at = typeof used === 'number' ? () => used : used;
  const measured = measureOf(at, { limit: undefined, request: undefined, rss: [], activeFile: [], ...one.measured });
  const highest = Math.max(one.longPeak ?? 0, (measured.peak ?? 0) / 1024 ** 2);
  const pod = podOf('cart-0', [liveContainer({ limit, request, ...one.live })]);
  const workload = workloadOf([pod], {
    containers: [templateOf({ limit, request, ...one.template })],
    ...one.workload,
  });
  const since = limit.state === 'set' ? limit.bytes / 1024 ** 2 : undefined;
  const kills = one.killed && killHistoryOf(one.killed.daysAgo, one.killed.limit, since);
  const histories = days > 0 ? [{ ...peaksOf(highest, days, 'cart-0', one.flat), ...kills }] : [];
  const observation = observationOf([workload], [measured], { histories, ...one.observation }, one.cluster);
  const container = judge(observation, { ...SETTINGS, ...one.settings }).workloads[0]?.containers[0];
  if (container === undefined) throw new Error('nothing was judged');
  return container;
}
