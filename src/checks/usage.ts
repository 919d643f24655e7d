import type { Bytes } from '../bytes.ts';
import type { Check, ContainerObservation, Thresholds, UsageFacts, UsageReason } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import { bytesOf } from '../model/workload.ts';
import { pageCacheNow } from './cache.ts';
import { countFlatDays } from './flat-near-limit.ts';
import { pressureFelt, swapInUse } from './pressure.ts';

type Numbers = Omit<UsageFacts, 'reason' | 'percentWithoutCache' | 'waiting' | 'flatDays' | 'yellowLine'>;

/** How close the working set is to the limit, and whether it was passed: an OOMKill in the window is red at any usage. */
export const checkUsage: Check<'usage'> = (container, thresholds) => {
  const numbers = gatherNumbers(container);
  const { level, ...why } = compare(numbers, container, thresholds);
  return { level, facts: { ...numbers, ...why, yellowLine: thresholds.usageYellow } };
};

function gatherNumbers(container: ContainerObservation): Numbers {
  const used = container.measured?.now?.workingSet;
  const limit = bytesOf(container.limit);
  const cache = pageCacheNow(container.measured);
  return {
    used,
    limit,
    ...(container.sharesLimit && { sharesLimit: true }),
    percent: used === undefined || !limit ? undefined : (used / limit) * 100,
    peak: container.measured?.peak,
    cache: cache === undefined ? undefined : (Math.round(cache) as Bytes),
    swap: swapInUse(container),
    oomKill: container.oomKills.at(-1),
  };
}

interface Verdict {
  readonly level: Level;
  readonly reason: UsageReason;
  readonly percentWithoutCache?: number;
  readonly waiting?: number;
  readonly flatDays?: number;
}

function compare(numbers: Numbers, container: ContainerObservation, thresholds: Thresholds): Verdict {
  const { used, limit, percent, peak, cache } = numbers;
  if (numbers.oomKill !== undefined) return { level: 'red', reason: 'OOM-killed' };
  if (limit === undefined || limit === 0) {
    return { level: 'unknown', reason: container.limit.state === 'unknown' ? 'limit not known' : 'no limit' };
  }
  const peaked = peak !== undefined && (peak / limit) * 100 > thresholds.usageRed;
  if (used === undefined || percent === undefined) {
    if (peaked) return { level: 'yellow', reason: 'peak near the limit' };
    return { level: 'unknown', reason: container.live?.running === false ? 'not running' : 'not measured' };
  }
  if (percent > thresholds.usageRed) {
    const waiting = pressureFelt(container);
    const withoutCache = cache === undefined ? percent : ((used - cache) / limit) * 100;
    if (withoutCache <= thresholds.usageRed) {
      // The kernel takes cache back before it kills; where that makes tasks wait, it is not enough.
      const level = waiting === undefined ? 'yellow' : 'red';
      return { level, reason: 'page cache', percentWithoutCache: withoutCache, waiting };
    }
    const flatDays = countFlatDays(container, thresholds);
    if (flatDays !== undefined) return { level: 'yellow', reason: 'tight but flat', flatDays };
    return { level: 'red', reason: percent > 100 ? 'over the limit' : 'close to the limit', waiting };
  }
  if (peaked) return { level: 'yellow', reason: 'peak near the limit' };
  if (percent > thresholds.usageYellow) return { level: 'yellow', reason: 'over the yellow line' };
  return { level: 'green', reason: 'room' };
}
