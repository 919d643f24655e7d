import { type Bytes, bytes } from '../bytes.ts';
import type { ContainerEvidence } from '../model/gate.ts';
import type { Setting } from '../model/workload.ts';
import { sizeOf } from '../plausible.ts';
import type { ReportJsonContainer } from '../report/report-json.ts';

/** A container as a report of some time (unix seconds) has it; `window` is the report's, in seconds. */
export interface DatedContainer {
  readonly container: ReportJsonContainer;
  readonly at: number;
  readonly window: number;
}

const DAY = 86_400;

/** What reports, the newest first, tell of a container. Those of earlier versions tell less. */
export function useOfReports(
  history: readonly DatedContainer[],
  pods: number,
  { now, gateWindow }: { readonly now: number; readonly gateWindow: number },
): ContainerEvidence {
  const newest = history[0]?.container;
  const peaks = history.map((one, index) => peakOf(one, index === 0));
  const top = peaks.reduce((a, b) => (b.peak > a.peak ? b : a), { peak: 0 });
  const oldest = history.at(-1);
  const spanned = oldest === undefined ? 0 : Math.round((now - oldest.at + oldest.window) / DAY);
  const days = Math.min(Math.max(spanned, newest?.use?.days ?? 1, 1), Math.max(1, Math.round(gateWindow / DAY)));
  const known: { readonly [Name in keyof ContainerEvidence]?: ContainerEvidence[Name] | undefined } = {
    used: sizeIn(newest?.used),
    peak: top.peak > 0 ? sizeIn(top.peak) : undefined,
    cacheShare: top.cacheShare,
    requestBase: sizeIn(newest?.use?.average ?? newest?.used),
    flatDays: newest?.use?.flatDays,
    waits: newest?.use?.waits,
    leak: newest && leakOf(newest),
    actual: newest && actualOf(newest),
    heap: newest && heapOf(newest),
    suggested: newest && suggestedOf(newest),
  };
  return {
    pods,
    days,
    killed: killedAt(history),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}

interface Peak {
  readonly peak: number;
  readonly cacheShare?: number;
}

/** What an earlier report knew of days before its own may lie before the gate's window. */
function peakOf({ container: { used = 0, peak = 0, use } }: DatedContainer, isNewest: boolean): Peak {
  const ofAll = isNewest || use?.days === undefined ? (use?.peak ?? 0) : 0;
  const { cacheShare } = use ?? {};
  return { peak: Math.max(used, peak, ofAll), ...(cacheShare !== undefined && { cacheShare }) };
}

function killedAt(history: readonly DatedContainer[]): ContainerEvidence['killed'] {
  const told = history.flatMap(({ container: { use, oomKills = 0 } }, index) => {
    if (index > 0 && oomKills === 0) return [];
    return use?.killedAt ?? (oomKills > 0 ? 'unknown' : []);
  });
  const limits = told.flatMap((one) => (one === 'unknown' ? [] : (sizeIn(one) ?? [])));
  if (limits.length > 0) return { kind: 'at', limit: bytes(Math.max(...limits)) };
  return { kind: told.length > 0 ? 'unknown' : 'no' };
}

function leakOf({ checks, bytesPerHour }: ReportJsonContainer): ContainerEvidence['leak'] {
  return checks.trend.level === 'red' && bytesPerHour !== undefined ? { bytesPerHour } : undefined;
}

function actualOf({ limit, request, drifts }: ReportJsonContainer): ContainerEvidence['actual'] {
  const drift = drifts?.find(({ how }) => how === 'in place');
  if (drift === undefined) return undefined;
  const inForce = (change: { readonly to?: number | undefined } | undefined, size: number | undefined) =>
    settingOf(change === undefined ? size : change.to);
  return { limit: inForce(drift.limit, limit), request: inForce(drift.request, request) };
}

function heapOf({ use }: ReportJsonContainer): ContainerEvidence['heap'] {
  if (use?.heap === undefined) return undefined;
  const { live, maximum, nonHeap } = use.heap;
  const entries = Object.entries({ live: sizeIn(live), maximum: sizeIn(maximum), nonHeap: sizeIn(nonHeap) });
  return Object.fromEntries(entries.filter(([, size]) => size !== undefined));
}

function suggestedOf({ suggestion }: ReportJsonContainer): ContainerEvidence['suggested'] {
  const [limit, request] = [sizeIn(suggestion?.limit), sizeIn(suggestion?.request)];
  if (limit === undefined && request === undefined) return undefined;
  return { ...(limit !== undefined && { limit }), ...(request !== undefined && { request }) };
}

/** A size in a report; one that is absent there is none or not known. */
export function settingOf(size: number | undefined): Setting {
  const known = sizeIn(size);
  return known === undefined ? { state: 'unknown' } : { state: 'set', bytes: known };
}

function sizeIn(size: number | undefined): Bytes | undefined {
  return size === undefined ? undefined : sizeOf(size);
}
