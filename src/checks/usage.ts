import { type Bytes, formatBytes } from '../bytes.ts';
import type { Check, ContainerObservation, Thresholds, UsageFacts } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import { pageCacheNow } from './cache.ts';
import { formatPercent } from './wording.ts';

/** How close the working set is to the limit, and whether it was passed: an OOMKill in the window is red at any usage. */
export const checkUsage: Check = (container, thresholds) => {
  const facts = gatherFacts(container);
  const [level, summary] = container.oomKills.length > 0 ? killed(facts) : compare(facts, container, thresholds);
  return { check: 'usage', level, short: shorten(facts, container), summary, facts };
};

function gatherFacts(container: ContainerObservation): UsageFacts {
  const used = container.measured?.now?.workingSet;
  const limit = container.limit.state === 'set' ? container.limit.bytes : undefined;
  const cache = pageCacheNow(container.measured);
  return {
    check: 'usage',
    used,
    limit,
    percent: used === undefined || !limit ? undefined : (used / limit) * 100,
    peak: container.measured?.peak,
    cache: cache === undefined ? undefined : (Math.round(cache) as Bytes),
    oomKill: container.oomKills.at(-1),
  };
}

function killed(facts: UsageFacts): [Level, string] {
  const at = facts.oomKill?.limit;
  const where = at === undefined ? '' : ` at a limit of ${formatBytes(at)}`;
  const now = facts.percent === undefined ? '' : `; uses ${formatPercent(facts.percent)} of its limit now`;
  return ['red', `was OOM-killed in the window${where}${now}`];
}

function compare(facts: UsageFacts, container: ContainerObservation, thresholds: Thresholds): [Level, string] {
  const { used, limit, percent, peak, cache } = facts;
  if (limit === undefined || limit === 0) {
    const reason = container.limit.state === 'unknown' ? 'its limit is not known' : 'has no limit';
    return ['unknown', `${reason}, so there is nothing to compare its usage with`];
  }
  const peakPercent = peak === undefined ? undefined : (peak / limit) * 100;
  const peaked = peakPercent !== undefined && peakPercent > thresholds.usageRed;
  const peakText = peak === undefined ? '' : `its peak of ${formatBytes(peak)} came within the red line`;
  if (used === undefined || percent === undefined) {
    if (peaked) return ['yellow', `no usage now; ${peakText}`];
    return ['unknown', container.live?.running === false ? 'is not running now' : 'no usage was measured'];
  }
  if (percent > thresholds.usageRed) {
    const withoutCache = cache === undefined ? percent : ((used - cache) / limit) * 100;
    if (withoutCache <= thresholds.usageRed) {
      const numbers = `${formatBytes(cache ?? 0)} of ${formatBytes(used)} are page cache`;
      return ['yellow', `${numbers}, which the kernel takes back first: ${formatPercent(withoutCache)} without it`];
    }
    if (percent > 100) return ['red', 'is over its limit: the next allocation can get it OOM-killed'];
    return ['red', 'is close to its limit: a little more gets it OOM-killed'];
  }
  if (peaked) return ['yellow', `is lower now, but ${peakText}`];
  if (percent > thresholds.usageYellow) {
    return ['yellow', `is between ${thresholds.usageYellow} and ${thresholds.usageRed} % of its limit: watch it`];
  }
  return ['green', 'has room below its limit'];
}

function shorten(facts: UsageFacts, container: ContainerObservation): string {
  const usage = facts.percent === undefined ? undefined : formatPercent(facts.percent);
  if (facts.oomKill !== undefined) return usage === undefined ? 'OOM-killed' : `OOM-killed, ${usage}`;
  if (usage !== undefined) return usage;
  if (container.limit.state === 'absent') return 'no limit';
  if (container.limit.state === 'unknown') return 'limit not known';
  return container.live?.running === false ? 'not running' : 'not measured';
}
