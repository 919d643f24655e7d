import type { Backtest, Effect, ProposedValue } from '../model/suggestion.ts';
import { bytesOf } from '../model/workload.ts';
import type { Evidence, SizingCase } from './case.ts';

/** How a new limit (bytes) would have done on the days of the sizing window; `undefined` where none of them is known. */
export function tryBackwards({ histories }: SizingCase, limit: number): Backtest | undefined {
  const byDay = new Map<number, number>();
  for (const { t, v } of histories.flatMap(({ dailyPeaks }) => dailyPeaks)) {
    byDay.set(t, Math.max(v, byDay.get(t) ?? 0));
  }
  const peaks = [...byDay.values()];
  const highest = Math.max(0, ...peaks);
  if (highest === 0) return undefined;
  return {
    days: peaks.length,
    passed: peaks.filter((peak) => peak > limit).length,
    headroom: (limit / highest - 1) * 100,
  };
}

/** What new values take, or free where they are lower, over all pods that the workload wants. */
export function sumEffect(
  { workload, pods }: SizingCase,
  { template, guaranteed }: Evidence,
  values: { readonly limit?: ProposedValue; readonly request?: ProposedValue },
): Effect {
  const number = Math.max(1, workload.replicas ?? pods.length);
  const limits = changeOf(values.limit);
  // A request that the manifest leaves out is the limit's own value.
  const isImplied = values.request === undefined && guaranteed && template?.request.state === 'absent';
  const requests = isImplied ? limits : changeOf(values.request);
  return {
    pods: number,
    ...(limits !== undefined && { limits: limits * number }),
    ...(requests !== undefined && { requests: requests * number }),
  };
}

function changeOf(value: ProposedValue | undefined): number | undefined {
  return value === undefined || value.from.state === 'unknown' ? undefined : value.to - (bytesOf(value.from) ?? 0);
}
