import { type Bytes, bytes } from '../bytes.ts';
import type { Check, ContainerObservation, SizingFacts, SizingProblem, Thresholds } from '../model/finding.ts';
import { worst } from '../model/level.ts';
import type { ContainerMeasurement } from '../model/measurement.ts';
import { bytesOf } from '../model/workload.ts';
import { cacheByQuarter, pageCacheNow } from './cache.ts';

/** A peak of which half more still fits into this share of the limit makes the limit too large. */
const ROOMY_SHARE = 0.75;
const ROOMY_FACTOR = 1.5;
/** A request below this share of what is used is too low. */
export const LOW_REQUEST_SHARE = 0.5;

/** Whether limit and request fit what the window saw, wherever in it the run happens. */
export const checkSizing: Check<'sizing'> = (container, thresholds) => {
  const bases = sizingBases(container.measured);
  const problems = [...limitProblems(container, thresholds, bases), ...requestProblems(container, bases.requestBase)];
  const facts: SizingFacts = {
    problems,
    limit: bytesOf(container.limit),
    redLine: thresholds.usageRed,
    ...bases,
  };
  if (problems.length > 0) return { level: worst(problems.map(({ level }) => level)), facts };
  const missing = whatIsMissing(container, bases);
  return missing === undefined ? { level: 'green', facts } : { level: 'unknown', facts: { ...facts, missing } };
};

/** What a new limit and request start from: the window's peak without page cache, and the highest average of half an hour. */
export function sizingBases(
  measured: ContainerMeasurement | undefined,
): Pick<SizingFacts, 'limitBase' | 'requestBase'> {
  if (measured === undefined) return {};
  const highestAverage = Math.max(Number.NEGATIVE_INFINITY, ...measured.averages.map(({ v }) => v));
  const limitBase = peakWithoutCache(measured, highestAverage);
  return {
    ...(limitBase === undefined ? {} : { limitBase: bytes(limitBase) }),
    ...(Number.isFinite(highestAverage) ? { requestBase: bytes(highestAverage) } : {}),
  };
}

/**
 * The peak less the page cache of the time it lies in. That time is not measured: it is taken to be now, or the quarter
 * with the highest average. No quarter's own memory is above the result.
 */
function peakWithoutCache(measured: ContainerMeasurement, highestAverage: number): number | undefined {
  const now = measured.now?.workingSet;
  const peak = Math.max(measured.peak ?? 0, now ?? 0, highestAverage);
  if (measured.peak === undefined && now === undefined && !Number.isFinite(highestAverage)) return undefined;
  const quarters = cacheByQuarter(measured);
  const points = quarters.map(({ workingSet, cache }) => ({ workingSet, cache }));
  if (now !== undefined) points.push({ workingSet: now, cache: pageCacheNow(measured) });
  const highest = points.reduce((a, b) => (b.workingSet >= a.workingSet ? b : a), { workingSet: 0, cache: 0 });
  const own = points.map(({ workingSet, cache }) => workingSet - (cache ?? 0));
  return Math.max(peak - (highest.cache ?? 0), 0, ...own);
}

function limitProblems(
  container: ContainerObservation,
  thresholds: Thresholds,
  { limitBase }: Pick<SizingFacts, 'limitBase'>,
): SizingProblem[] {
  const problems: SizingProblem[] = [];
  const { limit, oomKills, measured } = container;
  if (oomKills.length > 0) problems.push({ kind: 'OOMKilled', level: 'red', used: limitBase });
  if (limit.state === 'absent') problems.push({ kind: 'no limit', level: 'yellow', used: limitBase });
  if (limit.state !== 'set' || limitBase === undefined) return problems;
  const redLine = (limit.bytes * thresholds.usageRed) / 100;
  if (limitBase > redLine) {
    const now = (measured?.now?.workingSet ?? 0) - (pageCacheNow(measured) ?? 0);
    problems.push({ kind: 'near limit', level: now > redLine ? 'red' : 'yellow', used: limitBase });
  } else if (oomKills.length === 0 && isOverProvisioned(container, limit.bytes, limitBase, thresholds)) {
    problems.push({ kind: 'over-provisioned', level: 'yellow', used: container.highest?.limitBase ?? limitBase });
  }
  return problems;
}

function isOverProvisioned(
  { highest, measured }: ContainerObservation,
  limit: Bytes,
  limitBase: Bytes,
  thresholds: Thresholds,
): boolean {
  const used = Math.max(limitBase, highest?.limitBase ?? 0);
  const peak = Math.max(measured?.peak ?? limitBase, highest?.peak ?? 0);
  return (
    limit > thresholds.overProvisionedAbove &&
    used < (limit * thresholds.overProvisionedBelow) / 100 &&
    peak * ROOMY_FACTOR <= limit * ROOMY_SHARE
  );
}

function requestProblems({ request }: ContainerObservation, requestBase: Bytes | undefined): SizingProblem[] {
  if (request.state === 'absent') return [{ kind: 'no request', level: 'yellow', used: requestBase }];
  if (request.state !== 'set' || requestBase === undefined) return [];
  if (request.bytes >= requestBase * LOW_REQUEST_SHARE) return [];
  return [{ kind: 'low request', level: 'yellow', used: requestBase }];
}

function whatIsMissing(
  { limit, request }: ContainerObservation,
  { limitBase }: Pick<SizingFacts, 'limitBase'>,
): SizingFacts['missing'] {
  if (limitBase === undefined) return 'usage';
  if (limit.state === 'unknown') return 'limit';
  return request.state === 'unknown' ? 'request' : undefined;
}
