import { type Bytes, bytes } from '../bytes.ts';
import type {
  Check,
  ContainerObservation,
  SizeDrift,
  SizingFacts,
  SizingProblem,
  Thresholds,
} from '../model/finding.ts';
import { worst } from '../model/level.ts';
import type { ContainerMeasurement } from '../model/measurement.ts';
import { bytesOf } from '../model/workload.ts';
import { cacheByQuarter, pageCacheNow } from './cache.ts';
import { countDays } from './days.ts';
import { countFlatDays } from './flat-near-limit.ts';
import { killFloorOf } from './kill-floor.ts';
import { swapInUse } from './pressure.ts';

/** A peak of which half more still fits into this share of the limit makes the limit too large. */
const ROOMY_SHARE = 0.75;
const ROOMY_FACTOR = 1.5;
/** Days of data without which no limit is called too large. */
export const DAYS_FOR_TIGHTENING = 7;
/** A request below this share of what is used is too low. */
export const LOW_REQUEST_SHARE = 0.5;

/** Whether limit and request fit what the window saw, wherever in it the run happens. */
export const checkSizing: Check<'sizing'> = (container, thresholds) => {
  const bases = sizingBases(container.measured);
  const flatDays = countFlatDays(container, thresholds);
  const problems = [
    ...limitProblems(container, thresholds, bases, flatDays !== undefined),
    ...requestProblems(container, bases.requestBase),
    ...resizeProblems(container),
  ];
  const facts: SizingFacts = {
    problems,
    limit: bytesOf(container.limit),
    ...(container.drift && { drift: container.drift }),
    ...(container.resize && { resize: container.resize }),
    redLine: thresholds.usageRed,
    ...bases,
    ...(flatDays !== undefined && problems.some(({ kind }) => kind === 'near limit') && { flatDays }),
    ...(roominess(container, thresholds, bases) === 'to be confirmed' && { candidate: 'over-provisioned' }),
  };
  if (problems.length > 0) return { level: worst(problems.map(({ level }) => level)), facts };
  const missing = whatIsMissing(container, bases);
  return missing === undefined ? { level: 'green', facts } : { level: 'unknown', facts: { ...facts, missing } };
};

/** What a new limit and request start from: the window's peak without page cache, and the highest average of half an hour. */
export function sizingBases(measured: ContainerMeasurement | undefined): SizingBases {
  if (measured === undefined) return {};
  const highestAverage = Math.max(Number.NEGATIVE_INFINITY, ...measured.averages.map(({ v }) => v));
  const peak = peakWithoutCache(measured, highestAverage);
  return {
    ...(peak === undefined ? {} : { limitBase: bytes(peak.own) }),
    ...(Number.isFinite(highestAverage) ? { requestBase: bytes(highestAverage) } : {}),
    ...(peak !== undefined && peak.own < peak.whole && { cacheShare: 1 - peak.own / peak.whole }),
  };
}

type SizingBases = Pick<SizingFacts, 'limitBase' | 'requestBase' | 'cacheShare'>;

/**
 * The peak less the page cache of the time it lies in. That time is not measured: it is taken to be now, or the quarter
 * with the highest average. No quarter's own memory is above the result.
 */
function peakWithoutCache(
  measured: ContainerMeasurement,
  highestAverage: number,
): { readonly whole: number; readonly own: number } | undefined {
  const now = measured.now?.workingSet;
  const peak = Math.max(measured.peak ?? 0, now ?? 0, highestAverage);
  if (measured.peak === undefined && now === undefined && !Number.isFinite(highestAverage)) return undefined;
  const quarters = cacheByQuarter(measured);
  const points = quarters.map(({ workingSet, cache }): { workingSet: number; cache?: number } => ({
    workingSet,
    cache,
  }));
  if (now !== undefined) points.push({ workingSet: now, cache: pageCacheNow(measured) });
  const highest = points.reduce((a, b) => (b.workingSet >= a.workingSet ? b : a), { workingSet: 0, cache: 0 });
  const own = points.map(({ workingSet, cache }) => workingSet - (cache ?? 0));
  return { whole: peak, own: Math.max(peak - (highest.cache ?? 0), 0, ...own) };
}

function limitProblems(
  container: ContainerObservation,
  thresholds: Thresholds,
  bases: SizingBases,
  flat: boolean,
): SizingProblem[] {
  const { limitBase } = bases;
  const problems: SizingProblem[] = [];
  const { limit, oomKills, measured } = container;
  if (oomKills.length > 0) problems.push({ kind: 'OOMKilled', level: 'red', used: limitBase });
  // What containers share is judged by their sum, which stands for the pod as a whole.
  if (container.sharesLimit) return problems;
  if (limit.state === 'absent') problems.push({ kind: 'no limit', level: 'yellow', used: limitBase });
  if (limit.state !== 'set' || limitBase === undefined) return problems;
  const redLine = (limit.bytes * thresholds.usageRed) / 100;
  if (limitBase > redLine) {
    const now = (measured?.now?.workingSet ?? 0) - (pageCacheNow(measured) ?? 0);
    problems.push({ kind: 'near limit', level: now > redLine && !flat ? 'red' : 'yellow', used: limitBase });
  } else if (container.kind !== 'pod' && roominess(container, thresholds, bases) === 'confirmed') {
    problems.push({ kind: 'over-provisioned', level: 'yellow', used: container.highest?.limitBase ?? limitBase });
  }
  return problems;
}

/**
 * Whether a limit is larger than needed. The window alone shows only that it may be: the sizing window has to confirm it,
 * with no kill at such a limit, because scrapes do not see a container's last seconds.
 */
function roominess(
  container: ContainerObservation,
  thresholds: Thresholds,
  { limitBase }: SizingBases,
): 'confirmed' | 'to be confirmed' | 'no' {
  const { at, limit, highest, measured, history, oomKills } = container;
  if (limit.state !== 'set' || limitBase === undefined || oomKills.length > 0) return 'no';
  // What is in swap is needed as well, and the working set does not show it.
  if (swapInUse(container) !== undefined) return 'no';
  const used = Math.max(limitBase, highest?.limitBase ?? 0);
  const isLarge = limit.bytes > thresholds.overProvisionedAbove;
  if (!isLarge || used >= (limit.bytes * thresholds.overProvisionedBelow) / 100) return 'no';
  const holds = (peak: number) => peak * ROOMY_FACTOR <= limit.bytes * ROOMY_SHARE;
  if (!holds(Math.max(measured?.peak ?? limitBase, highest?.peak ?? 0))) return 'no';
  if (history === undefined || history.dailyPeaks.length === 0) return 'to be confirmed';
  const floor = killFloorOf(container);
  if (floor.kind === 'unknown') return 'no';
  if (floor.kind === 'above' && floor.limit >= limit.bytes * ROOMY_SHARE) return 'no';
  const enough = countDays(at, history.dailyPeaks, measured?.slowAverages.length ?? 0) >= DAYS_FOR_TIGHTENING;
  return enough && history.dailyPeaks.every(({ v }) => holds(v)) ? 'confirmed' : 'no';
}

function requestProblems(container: ContainerObservation, requestBase: Bytes | undefined): SizingProblem[] {
  const { request, kind, sharesRequest } = container;
  // The API server gives a pod as a whole the request that it lacks.
  if (request.state === 'absent' && (sharesRequest || kind === 'pod')) return [];
  if (request.state === 'absent') return [{ kind: 'no request', level: 'yellow', used: requestBase }];
  if (request.state !== 'set' || requestBase === undefined) return [];
  if (request.bytes >= requestBase * LOW_REQUEST_SHARE) return [];
  return [{ kind: 'low request', level: 'yellow', used: requestBase }];
}

/** A raise that only lives in the pods goes with them, unless what made it makes it again. */
function resizeProblems({ drift, resize }: ContainerObservation): SizingProblem[] {
  const problems: SizingProblem[] = [];
  const raised = [drift?.limit, drift?.request].some((one) => one !== undefined && isRaise(one));
  if (drift?.how === 'in place' && raised && !drift.steered) problems.push({ kind: 'sized in place', level: 'yellow' });
  if (resize !== undefined && resize.state !== 'in progress') {
    problems.push({ kind: 'resize not made', level: 'yellow' });
  }
  return problems;
}

function isRaise({ from, to }: SizeDrift): boolean {
  return from.state === 'set' && to.state === 'set' && to.bytes > from.bytes;
}

function whatIsMissing({ limit, request }: ContainerObservation, { limitBase }: SizingBases): SizingFacts['missing'] {
  if (limitBase === undefined) return 'usage';
  if (limit.state === 'unknown') return 'limit';
  return request.state === 'unknown' ? 'request' : undefined;
}
