import { type Bytes, formatBytes } from '../bytes.ts';
import type { GateFact, LimitReason, SizedField } from '../model/gate.ts';
import { bytesOf, type Setting } from '../model/workload.ts';
import { formatHours, formatPercent, formatSetting } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { name, type Phrase, say, strong } from '../text/phrase.ts';
import { sayFlat } from './usage.ts';

/** What a sentence on a changed container may point at beside the fact. Percentages are in percent. */
export interface GateScene {
  /** How many days the peak looks back on. */
  readonly days?: number;
  readonly usageYellow: number;
  readonly usageRed: number;
  /** The share of the peak that was page cache, 0 to 1. */
  readonly cacheShare?: number;
  /** The limit in the head. */
  readonly limit: Setting;
}

type UnknownKind = 'new' | 'not inspected' | 'unmatched' | 'not measured' | 'ignored';

type FactOf<Kind extends GateFact['kind']> = Extract<GateFact, { readonly kind: Kind }>;

/** Texts from the head and from the cluster have no length that a sentence could count on. */
const LONGEST_NAME = 80;
const LONGEST_WHY = 200;

/**
 * What is to be said of a change, as a clause whose "it" is the container: no capital, no full stop. What is yellow or red
 * ends with what would be enough, where that is known.
 */
export function sayGateFact(fact: GateFact, scene: GateScene): Phrase {
  switch (fact.kind) {
    case 'limit':
      return say`${sayLimit(fact, scene)}${sayEnough(fact)}`;
    case 'killed at an unknown limit':
      return say`it was ${strong('OOM-killed')}${within(scene)} at a limit that is not known: whether ${formatBytes(fact.limit)} is enough is not known either`;
    case 'low request':
      return say`the new request of ${strong(formatBytes(fact.request))} is less than half of the ${strong(formatBytes(fact.used))} it uses, so the scheduler may overcommit the node: set at least ${strong(formatBytes(fact.enough))}`;
    case 'request above limit':
      return say`its request of ${strong(formatBytes(fact.request))} is above its limit of ${strong(formatBytes(fact.limit))}, which the API server refuses: lower the request or raise the limit`;
    case 'no quantity':
      return say`${short(fact.written)} is no quantity, so the API server refuses this ${fact.field}: write one such as ${name('512Mi')}`;
    case 'placeholder':
      return say`${short(fact.written)} looks like a placeholder: this ${fact.field} cannot be judged before something replaces it`;
    case 'removed':
      return sayRemoved(fact, scene);
    case 'demanded':
      return say`it has no ${fact.field}, and the ${fact.demandedBy} of its namespace lets no pod be made without ${DEMANDED[fact.field]}: set one`;
    case 'halved':
    case 'doubled':
      return sayStep(fact);
    case 'heap':
      return sayHeap(fact);
    case 'only postpones':
      return sayLeak(fact);
    case 'memory HPA':
      return say`an HPA scales it by memory in percent of its request, so another ${fact.field} makes another number of pods`;
    case 'steered':
      return say`${short(fact.by)}${fact.mode === undefined ? [] : say` (mode ${short(fact.mode)})`} sets its sizes, and may overwrite what is merged here`;
    case 'in the place of':
      return say`it takes the place of ${short(fact.former)}, and is held against what that used`;
    case 'sized in place':
      return say`its pods run with another ${fact.field} than their manifest says, ${strong(formatSetting(fact.actual))}: the rollout of this change takes that back`;
    case 'other cluster':
      return say`this is for the cluster ${short(fact.cluster)}, which was not looked at`;
    case 'quota':
    case 'LimitRange':
    case 'largest node':
      return sayBound(fact);
    default:
      return sayUnknown(fact);
  }
}

function sayLimit(fact: FactOf<'limit'>, scene: GateScene): Phrase {
  const limit = strong(formatBytes(fact.limit));
  switch (fact.reason) {
    case 'at or below a limit that killed': {
      const killed = fact.killedAt === undefined ? [] : say` at a limit of ${strong(formatBytes(fact.killedAt))}`;
      return say`it was ${strong('OOM-killed')}${killed}${within(scene)}, and the new limit of ${limit} is no higher`;
    }
    case 'barely above a limit that killed': {
      const killed = fact.killedAt === undefined ? [] : say` at a limit of ${strong(formatBytes(fact.killedAt))}`;
      return say`it was ${strong('OOM-killed')}${killed}${within(scene)}, and the new limit of ${limit} is barely higher`;
    }
    case 'below what was used':
      return say`it used up to ${amount(fact.peak)}${within(scene)}, more than the new limit of ${limit}: it would be OOM-killed`;
    case 'over the red line':
      return say`${sayShare(fact, scene)}, over the red line (${formatPercent(scene.usageRed)}): a little more gets it OOM-killed`;
    case 'page cache':
      return say`${sayShare(fact, scene)}, but ${sayCache(fact, scene)} page cache, which the kernel reclaims first`;
    case 'tight but flat':
      return say`${sayShare(fact, scene)}: ${sayFlat(fact.flatDays)}`;
    case 'over the yellow line':
      return say`${sayShare(fact, scene)}, over the yellow line (${formatPercent(scene.usageYellow)}): watch it`;
  }
}

/** "its peak of 2017Mi within 14 days is 94 % of the new limit of 2150Mi" */
function sayShare({ peak, percent, limit }: FactOf<'limit'>, scene: GateScene): Phrase {
  const share = percent === undefined ? 'close to' : say`${strong(formatPercent(percent))} of`;
  return say`its peak of ${amount(peak)}${within(scene)} is ${share} the new limit of ${strong(formatBytes(limit))}`;
}

function sayCache({ peak }: FactOf<'limit'>, { cacheShare }: GateScene): string {
  if (peak === undefined || cacheShare === undefined) return 'much of it is';
  return `${formatBytes(peak * cacheShare)} of it is`;
}

const JOINED: Readonly<Record<LimitReason, string>> = {
  'at or below a limit that killed': ': set',
  'below what was used': '; set',
  'over the red line': '; set',
  'barely above a limit that killed': ': set',
  'page cache': '; for more room, set',
  'tight but flat': '; for more room, set',
  'over the yellow line': ', or set',
};

function sayEnough({ reason, enough }: FactOf<'limit'>): Phrase {
  return enough === undefined ? [] : say`${JOINED[reason]} at least ${strong(formatBytes(enough))}`;
}

const DEMANDED: Readonly<Record<SizedField, string>> = { limit: 'a limit', request: 'a request' };

function sayRemoved({ field, demandedBy, fallback }: FactOf<'removed'>, { limit }: GateScene): Phrase {
  const keep = say`: keep one`;
  if (demandedBy !== undefined)
    return say`its ${field} is removed, and the ${demandedBy} of its namespace lets no pod be made without ${DEMANDED[field]}${keep}`;
  if (fallback !== undefined)
    return say`its ${field} is removed, so that the LimitRange of its namespace gives it ${strong(formatBytes(fallback))}`;
  if (field === 'limit') return say`its limit is removed, so it can take the whole node${keep}`;
  const filled = bytesOf(limit);
  return filled === undefined
    ? say`its request is removed, so the scheduler places it as if it used nothing${keep}`
    : say`its request is removed, so it asks for as much as its limit, ${strong(formatBytes(filled))}`;
}

function sayStep({ kind, field, before, after }: FactOf<'halved' | 'doubled'>): Phrase {
  const values = say`${formatBytes(before)} → ${strong(formatBytes(after))}`;
  if (before === 0) return say`its ${field} is set for the first time: ${values}`;
  return kind === 'halved'
    ? say`its ${field} goes down to ${((after / before) * 100).toFixed(0)} % of what it was: ${values}`
    : say`its ${field} goes up to ${(after / before).toFixed(1)} times what it was: ${values}`;
}

function sayHeap({ reason, maximum, limit, nonHeap, live, share }: FactOf<'heap'>): Phrase {
  const by = share === undefined ? '' : ` (${formatPercent(share)} of its limit)`;
  const heap = say`${strong(formatBytes(maximum))}${by}`;
  const needed = ((nonHeap ?? 0) + maximum) as Bytes;
  switch (reason) {
    case 'above the limit':
      return say`its JVM may take a heap of ${heap}, and its limit is ${strong(formatBytes(limit))}: it can be OOM-killed before the heap is full; give it a smaller heap or a larger limit`;
    case 'does not fit': {
      const rest = nonHeap === undefined ? [] : say` and ${formatBytes(nonHeap)} of non-heap memory`;
      return say`a full JVM heap of ${heap}${rest} would not fit its limit of ${strong(formatBytes(limit))}: set at least ${strong(formatBytes(needed))}, or a smaller heap`;
    }
    case 'full':
      return say`its JVM keeps ${amount(live)} alive of a new maximum heap of ${heap}: expect an OutOfMemoryError or constant garbage collection soon; give it a larger heap`;
    case 'nearly full':
      return say`its JVM keeps ${amount(live)} alive of a new maximum heap of ${heap}: watch it`;
  }
}

function sayLeak({ bytesPerHour, hours }: FactOf<'only postpones'>): Phrase {
  const until = hours === undefined ? '' : `, until the new limit is reached in ${formatHours(hours)}`;
  return say`it leaks ${strong(`${formatBytes(bytesPerHour)} an hour`)}: a higher limit only postpones the OOM kill${until}`;
}

function sayBound(fact: FactOf<'quota' | 'LimitRange' | 'largest node'>): Phrase {
  switch (fact.kind) {
    case 'quota': {
      const pods = fact.pods === 1 ? 'its pod' : `its ${fact.pods} pods`;
      const left = fact.left === 0 ? 'nothing' : say`only ${strong(formatBytes(fact.left))}`;
      return say`with ${pods}, the ${fact.field}s of its namespace go up by ${strong(formatBytes(fact.more))}, and its ResourceQuota has ${left} left: pods could not be made`;
    }
    case 'LimitRange':
      return say`the LimitRange of its namespace allows a ${fact.field} of ${fact.bound} ${strong(formatBytes(fact.value))} for a ${fact.of}: it would not be made`;
    case 'largest node':
      return say`its pod asks for ${strong(formatBytes(fact.request))}, and the largest node has ${strong(formatBytes(fact.node))}: it could not be scheduled`;
  }
}

const UNKNOWN: Readonly<Record<UnknownKind, string>> = {
  new: 'new: nothing to compare with',
  'not inspected': 'its namespace was not looked at, so what it uses is not known',
  unmatched: 'there are several workloads of its name, and its manifest does not say which it is: give it a namespace',
  'not measured': 'what it uses was not measured',
  ignored: 'it is ignored',
};

function sayUnknown({ kind, why }: FactOf<UnknownKind>): Phrase {
  return [why === undefined ? UNKNOWN[kind] : `${UNKNOWN[kind]} (${withoutCapital(toSingleLine(why, LONGEST_WHY))})`];
}

/** A sentence within another one; what begins with more capitals is a name. */
function withoutCapital(text: string): string {
  return text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

/** " within 14 days"; nothing where that is not known. */
function within({ days = 0 }: GateScene): string {
  const whole = Math.round(days);
  if (whole < 1) return '';
  return whole === 1 ? ' within a day' : ` within ${whole} days`;
}

function amount(size: Bytes | undefined): Phrase {
  return size === undefined ? ['an unknown amount'] : strong(formatBytes(size));
}

function short(text: string): Phrase {
  return name(toSingleLine(text, LONGEST_NAME));
}
