import { type Bytes, bytes } from '../bytes.ts';
import { countFlatPeaks } from '../checks/flat-near-limit.ts';
import { highestFloor, killFloorOf } from '../checks/kill-floor.ts';
import { pressureFelt } from '../checks/pressure.ts';
import { sizingBases } from '../checks/sizing.ts';
import type { ContainerObservation } from '../model/finding.ts';
import type { ContainerEvidence } from '../model/gate.ts';
import type { JudgedWorkloadContainer } from '../model/inspection.ts';
import type { ContainerHistory } from '../model/measurement.ts';
import type { Workload } from '../model/workload.ts';

/** A container over all pods that its workload has and had. */
export interface UseOf {
  readonly workload: Workload;
  readonly container: string;
  readonly live: readonly ContainerObservation[];
  readonly gone: readonly ContainerObservation[];
  readonly histories: readonly ContainerHistory[];
  /** How many pods run. */
  readonly pods: number;
  /** What was found out about it; without pods nothing was. */
  readonly judged?: Pick<JudgedWorkloadContainer, 'worst' | 'drifts' | 'suggestion'>;
}

const DAY = 86_400;

/** What is known of a container's use of memory, the highest of its pods counting. */
export function gatherUse(of: UseOf): ContainerEvidence {
  const { workload, live, gone, histories, pods, judged } = of;
  const all = [...live, ...gone];
  const peaks = [
    ...all.flatMap(({ measured }) => [measured?.peak, measured?.now?.workingSet]),
    ...histories.flatMap(({ dailyPeaks }) => dailyPeaks.map(({ v }) => v)),
  ];
  const days = dailyPeaksOf(histories);
  const known: { readonly [Name in keyof ContainerEvidence]?: ContainerEvidence[Name] | undefined } = {
    used: highest(live.map(({ measured }) => measured?.now?.workingSet)),
    peak: highest(peaks),
    cacheShare: cacheShareOf(all),
    // What is asked for serves the pods that run; those that are gone only tell where none does.
    requestBase: highest((live.length > 0 ? live : gone).map(({ measured }) => sizingBases(measured).requestBase)),
    flatDays: (days.at(-1)?.t ?? 0) < (all[0]?.at ?? 0) ? undefined : countFlatPeaks(days),
    waits: live.some((one) => pressureFelt(one) !== undefined) || undefined,
    leak: leakOf(judged),
    actual: actualOf(of),
    heap: heapOf(live),
    suggested: suggestedOf(judged),
  };
  const window = Math.round((all[0]?.windows.window ?? DAY) / DAY);
  return {
    pods: workload.replicas ?? pods,
    days: Math.max(days.length, window, 1),
    killed: killedAt(all),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}

function dailyPeaksOf(histories: readonly ContainerHistory[]) {
  const days = new Map<number, number>();
  for (const { t, v } of histories.flatMap(({ dailyPeaks }) => dailyPeaks)) days.set(t, Math.max(days.get(t) ?? 0, v));
  return [...days].map(([t, v]) => ({ t, v })).sort((a, b) => a.t - b.t);
}

/** Of the pod that needs most without page cache. */
function cacheShareOf(all: readonly ContainerObservation[]): number | undefined {
  const bases = all.map(({ measured }) => sizingBases(measured));
  return bases.sort((a, b) => (b.limitBase ?? 0) - (a.limitBase ?? 0))[0]?.cacheShare;
}

/** A limit that is known says more than that there is another one that is not. */
function killedAt(all: readonly ContainerObservation[]): ContainerEvidence['killed'] {
  const floor = highestFloor(all.map(killFloorOf));
  if (floor.kind === 'none') return { kind: 'no' };
  return floor.limit === undefined ? { kind: 'unknown' } : { kind: 'at', limit: floor.limit };
}

function leakOf(judged: UseOf['judged']): ContainerEvidence['leak'] {
  const trend = judged?.worst.trend?.finding;
  const bytesPerHour = trend?.facts.bytesPerHour;
  return trend?.level === 'red' && bytesPerHour !== undefined ? { bytesPerHour } : undefined;
}

/** As most of the pods that differ from their template are sized. */
function actualOf({ workload, container, judged }: UseOf): ContainerEvidence['actual'] {
  const drift = judged?.drifts?.find(({ how }) => how === 'in place');
  const template = workload.containers.find(({ name }) => name === container);
  if (drift === undefined || template === undefined) return undefined;
  return { limit: drift.limit?.to ?? template.limit, request: drift.request?.to ?? template.request };
}

function heapOf(live: readonly ContainerObservation[]): ContainerEvidence['heap'] {
  const heaps = live.flatMap(({ measured }) => measured?.heap ?? []);
  const entries = Object.entries({
    live: highest(heaps.map(({ liveSet, lowestUsed }) => liveSet ?? lowestUsed)),
    maximum: highest(heaps.map(({ maximum }) => maximum)),
    nonHeap: highest(heaps.map(({ nonHeap }) => nonHeap)),
  }).filter(([, size]) => size !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function suggestedOf(judged: UseOf['judged']): ContainerEvidence['suggested'] {
  const { limit, request } = judged?.suggestion ?? {};
  if (limit === undefined && request === undefined) return undefined;
  return { ...(limit && { limit: limit.to }), ...(request && { request: request.to }) };
}

function highest(values: readonly (number | undefined)[]): Bytes | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : bytes(Math.max(...known));
}
