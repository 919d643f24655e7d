import { type Bytes, bytes } from '../bytes.ts';
import type { ContainerObservation } from '../model/finding.ts';
import type { ContainerHistory, ContainerMeasurement, Sample } from '../model/measurement.ts';
import { inForce, type Pod, type PodContainer, type Sizes, WHOLE_POD } from '../model/workload.ts';
import { groupBy } from '../text/format.ts';

type Shares = Pick<ContainerObservation, 'sharesLimit' | 'sharesRequest'>;

/** The sizes in force of a container: without a limit of its own, that of its pod as a whole, which it shares. */
export function sizesInForce(pod: Pod, live: PodContainer): Sizes & { readonly shares: Shares } {
  const own = inForce(live);
  const whole = live.kind === 'pod' ? undefined : pod.containers.find(({ kind }) => kind === 'pod');
  const silent = own.request.state === 'absent';
  if (whole === undefined) {
    return { ...own, shares: { ...(silent && pod.requestsAsWhole && { sharesRequest: true }) } };
  }
  const ofPod = inForce(whole);
  const sharesLimit = own.limit.state === 'absent' && ofPod.limit.state === 'set';
  const sharesRequest = silent && ofPod.request.state !== 'absent';
  return {
    limit: sharesLimit ? ofPod.limit : own.limit,
    request: own.request,
    shares: { ...(sharesLimit && { sharesLimit }), ...(sharesRequest && { sharesRequest }) },
  };
}

/** What was measured of a pod's containers, taken together; `undefined` where it was not of each that runs. */
export function sumOfPod(
  containers: readonly PodContainer[],
  measuredOf: (container: PodContainer) => ContainerMeasurement | undefined,
): ContainerMeasurement | undefined {
  const counted = containers.filter(({ kind, running }) => kind !== 'pod' && running);
  const parts = counted.flatMap((container) => measuredOf(container) ?? []);
  const [first] = parts;
  if (first === undefined || parts.length < counted.length) return undefined;
  const averages = sumSeries(parts.map((part) => part.averages));
  const peak = leastPeak(parts, averages);
  return {
    namespace: first.namespace,
    pod: first.pod,
    container: WHOLE_POD,
    now: sumNow(parts),
    ...(peak === undefined ? {} : { peak }),
    averages,
    slowAverages: sumSeries(parts.map((part) => part.slowAverages)),
    rss: sumSeries(parts.map((part) => part.rss)),
    mappedFile: sumSeries(parts.map((part) => part.mappedFile)),
    activeFile: sumSeries(parts.map((part) => part.activeFile)),
    starts: latestStarts(parts),
    restarts: [],
    oomReason: [],
    ...(first.uid === undefined ? {} : { uid: first.uid }),
  };
}

/** The kernel kills in a container that shares its pod's limit for what all of them use. */
export function withKillsOfPod(containers: readonly ContainerObservation[]): readonly ContainerObservation[] {
  const kills = containers
    .filter(({ sharesLimit }) => sharesLimit)
    .flatMap(({ oomKills }) => oomKills)
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return kills.length === 0
    ? containers
    : containers.map((one) => (one.kind === 'pod' ? { ...one, oomKills: kills } : one));
}

/** The long peaks of pods as a whole: those of their containers added up, which is never too little. */
export function sumHistories(histories: readonly ContainerHistory[]): readonly ContainerHistory[] {
  const pods = groupBy(histories, ({ namespace, pod }) => `${namespace}/${pod}`);
  return [...pods.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const days = new Map<number, number>();
    for (const { t, v } of own.flatMap(({ dailyPeaks }) => dailyPeaks)) days.set(t, (days.get(t) ?? 0) + v);
    const dailyPeaks = [...days].map(([t, v]) => ({ t, v })).sort((a, b) => a.t - b.t);
    const { namespace, pod } = first;
    return [{ namespace, pod, container: WHOLE_POD, dailyPeaks }];
  });
}

type Now = NonNullable<ContainerMeasurement['now']>;

function sumNow(parts: readonly ContainerMeasurement[]): Now | undefined {
  const nows = parts.flatMap(({ now }) => now ?? []);
  if (nows.length < parts.length) return undefined;
  const sum = (read: (now: Now) => number | undefined): Bytes | undefined => {
    const values = nows.flatMap((now) => read(now) ?? []);
    return values.length < nows.length ? undefined : bytes(values.reduce((total, value) => total + value, 0));
  };
  const starts = nows.flatMap(({ startedAt }) => startedAt ?? []);
  const entries = Object.entries({
    workingSet: sum((now) => now.workingSet),
    rss: sum((now) => now.rss),
    mappedFile: sum((now) => now.mappedFile),
    activeFile: sum((now) => now.activeFile),
    swap: nows.some((now) => now.swap !== undefined)
      ? bytes(nows.reduce((total, now) => total + (now.swap ?? 0), 0))
      : undefined,
    // A container that has just started has not grown yet: no trend is told across its start.
    startedAt: starts.length < nows.length ? undefined : Math.max(...starts),
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The sums at the times for which every series has a value. */
function sumSeries(series: readonly (readonly Sample[])[]): Sample[] {
  const sums = new Map<number, { v: number; parts: number }>();
  for (const { t, v } of series.flat()) {
    const before = sums.get(t) ?? { v: 0, parts: 0 };
    sums.set(t, { v: before.v + v, parts: before.parts + 1 });
  }
  return [...sums]
    .filter(([, { parts }]) => parts === series.length)
    .map(([t, { v }]) => ({ t, v }))
    .sort((a, b) => a.t - b.t);
}

/** Containers need not peak at the same time: the sum reached at least one's peak with the others at their lowest. */
function leastPeak(parts: readonly ContainerMeasurement[], averages: readonly Sample[]): Bytes | undefined {
  const lowest = parts.map((part) => Math.min(...part.averages.map(({ v }) => v)));
  const peaks = parts.flatMap(({ peak }, index) => {
    const others = lowest.reduce((sum, value, at) => (at === index || !Number.isFinite(value) ? sum : sum + value), 0);
    return peak === undefined ? [] : [peak + others];
  });
  const highest = Math.max(...peaks, ...averages.map(({ v }) => v));
  return Number.isFinite(highest) ? bytes(highest) : undefined;
}

function latestStarts(parts: readonly ContainerMeasurement[]): Sample[] {
  const latest = new Map<number, number>();
  for (const { t, v } of parts.flatMap(({ starts }) => starts)) latest.set(t, Math.max(latest.get(t) ?? 0, v));
  return [...latest].map(([t, v]) => ({ t, v })).sort((a, b) => a.t - b.t);
}
