import { formatBytes } from '../bytes.ts';
import type { UsageFacts } from '../model/finding.ts';
import { count, formatPercent, formatWindow } from '../text/format.ts';
import { type Phrase, say, strong } from '../text/phrase.ts';
import { type Scene, sayPod } from './scene.ts';
import type { Words } from './words.ts';

/** A peak that is less above what is used now says nothing new. */
const NOTABLE = 1.03;

export const USAGE_WORDS: Words<'usage'> = {
  clause(facts, scene) {
    const amount = sayAmount(facts);
    if (facts.oomKill !== undefined) return sayKill(facts, scene);
    if (amount === undefined) return [sayMeaning(facts)];
    return say`uses ${strong(amount)}${sayPod(scene)}${sayPeak(facts)}${joinMeaning(facts)}${sayPressure(facts)}`;
  },
  names: ({ level, facts }) => [{ level, text: nameOf(facts) }],
  cell(facts) {
    const usage = facts.percent === undefined ? undefined : formatPercent(facts.percent);
    if (facts.oomKill !== undefined) return usage === undefined ? 'OOM-killed' : `OOM-killed, ${usage}`;
    if (usage !== undefined && facts.swap !== undefined) return `${usage}, ${formatBytes(facts.swap)} in swap`;
    return usage ?? CELLS[facts.reason] ?? 'not measured';
  },
};

const CELLS: Partial<Record<UsageFacts['reason'], string>> = {
  'no limit': 'no limit',
  'limit not known': 'limit not known',
  'not running': 'not running',
};

/** "2017Mi of 2000Mi (100.8 %)" */
function sayAmount({ used, limit, percent, sharesLimit }: UsageFacts): string | undefined {
  if (used === undefined) return undefined;
  const of = limit === undefined ? '' : ` of ${sharesLimit ? "its pod's " : ''}${formatBytes(limit)}`;
  return `${formatBytes(used)}${of}${percent === undefined ? '' : ` (${formatPercent(percent)})`}`;
}

function sayKill(facts: UsageFacts, scene: Scene): Phrase {
  const { oomKill } = facts;
  const over = scene.windows === undefined ? 'in the window' : `in ${formatWindow(scene.windows.window)}`;
  const when = oomKill?.at === undefined ? over : `on ${scene.calendar.dayAndTime(oomKill.at)}`;
  const limit = oomKill?.limit === undefined ? '' : ` at a limit of ${formatBytes(oomKill.limit)}`;
  const amount = sayAmount(facts);
  const now = amount === undefined ? '' : `; it now uses ${amount}`;
  return say`was ${strong('OOM-killed')} ${when}${limit}${now}${sayPod(scene)}`;
}

/** What confirms that the limit is felt, and what the working set does not show. */
function sayPressure({ waiting, swap }: UsageFacts): string {
  const waits = waiting === undefined ? '' : `; it waits for memory ${formatPercent(waiting * 100)} of the time`;
  return swap === undefined
    ? waits
    : `${waits}; ${formatBytes(swap)} more are in swap, so the working set understates the need`;
}

/** The peak where it is notable and the meaning does not tell it. */
function sayPeak({ used, peak, reason }: UsageFacts): string {
  if (peak === undefined || used === undefined || peak <= used * NOTABLE || reason === 'peak near the limit') return '';
  return `, with a peak of ${formatBytes(peak)}`;
}

function joinMeaning(facts: UsageFacts): string {
  const meaning = sayMeaning(facts);
  if (facts.reason === 'over the yellow line') return `: ${meaning}`;
  if (facts.reason === 'page cache' || facts.reason === 'peak near the limit') return `, ${meaning}`;
  return `${sayPeak(facts) === '' ? '' : ','} and ${meaning}`;
}

/** "tight, but flat for 10 days" */
export function sayFlat(days: number | undefined): string {
  return `tight, but flat${days === undefined ? '' : ` for ${count(days, 'day')}`}`;
}

function sayMeaning({ reason, used, peak, cache, percentWithoutCache, flatDays }: UsageFacts): string {
  switch (reason) {
    case 'OOM-killed':
      return 'was OOM-killed';
    case 'over the limit':
      return 'is over its limit: the next allocation can get it OOM-killed';
    case 'close to the limit':
      return 'is close to its limit: a little more gets it OOM-killed';
    case 'tight but flat':
      return `is ${sayFlat(flatDays)}`;
    case 'page cache': {
      const without = percentWithoutCache === undefined ? '' : ` (${formatPercent(percentWithoutCache)} without it)`;
      return `of which ${formatBytes(cache ?? 0)} is page cache, which the kernel reclaims first${without}`;
    }
    case 'peak near the limit':
      return `${used === undefined ? 'is not measured now, ' : ''}but peaked at ${formatBytes(peak ?? 0)}, over the red line`;
    case 'over the yellow line':
      return 'watch it';
    case 'room':
      return 'has room below its limit';
    case 'no limit':
      return 'has no limit to compare its usage with';
    case 'limit not known':
      return 'has an unknown limit';
    case 'not running':
      return 'is not running now';
    case 'not measured':
      return 'has no usage data';
  }
}

function nameOf({ reason, yellowLine, flatDays }: UsageFacts): string {
  switch (reason) {
    case 'over the limit':
      return 'over its limit';
    case 'close to the limit':
      return 'close to its limit';
    case 'tight but flat':
      return sayFlat(flatDays);
    case 'page cache':
      return 'close to its limit because of page cache';
    case 'peak near the limit':
      return 'peaked near its limit';
    case 'over the yellow line':
      return `over ${formatPercent(yellowLine)} of its limit`;
    default:
      return reason;
  }
}
