import { type Bytes, bytes } from '../../bytes.ts';
import { FLAT_DAYS_NEEDED, HIGHEST_FLAT_SHARE } from '../../checks/flat-near-limit.ts';
import type { Thresholds } from '../../model/finding.ts';
import type { ContainerEvidence, GateFinding, LimitReason } from '../../model/gate.ts';
import type { Level } from '../../model/level.ts';
import { bytesOf } from '../../model/workload.ts';
import { roundToStep, SMALLEST, stepUpTo } from '../../suggest/round.ts';
import { type Need, neededOf } from '../need.ts';
import type { Rule, WeighedCase } from '../rule.ts';

/** As the action itself leaves between a peak and a limit. */
const SAFE_MARGIN = 1.1;

/** Whether a new limit leaves room for what was used, and for what killed. */
export const weighLimit: Rule = (one) => {
  const { touched, evidence } = one;
  const limit = bytesOf(one.after.limit);
  if (!touched.limit || limit === undefined || evidence === undefined) return [];
  return [...compareLimit(limit, evidence, one), ...weighUnknownKill(limit, evidence, one)];
};

function compareLimit(limit: Bytes, evidence: ContainerEvidence, one: WeighedCase): readonly GateFinding[] {
  const need = neededOf(evidence);
  const { killed } = evidence;
  const isKilling = killed.kind === 'at' && limit <= killed.limit;
  const found = isKilling ? KILLED : judgeLimit(limit, need, one);
  if (found === undefined) return [];
  const isFlat = found.reason === 'tight but flat';
  return [
    {
      level: found.level,
      fact: {
        kind: 'limit',
        limit,
        reason: found.reason,
        ...(need !== undefined && { peak: bytes(need.whole), percent: limit === 0 ? 100 : (need.whole / limit) * 100 }),
        ...(killed.kind === 'at' && BY_KILLS.has(found.reason) && { killedAt: killed.limit }),
        ...(isFlat && { flatDays: evidence.flatDays }),
        ...(found.level !== 'green' && { enough: leastGreen(need, one) }),
      },
    },
  ];
}

interface Found {
  readonly level: Level;
  readonly reason: LimitReason;
}

const BY_KILLS: ReadonlySet<LimitReason> = new Set([
  'at or below a limit that killed',
  'barely above a limit that killed',
]);
const KILLED: Found = { level: 'red', reason: 'at or below a limit that killed' };

/** What the lines say, milder where the limit is what the action itself would set, and red wherever an inspection would be. */
function judgeLimit(limit: Bytes, need: Need | undefined, one: WeighedCase): Found | undefined {
  const wouldBeRed = one.live?.usageAt?.(limit) === 'red';
  const byLines = (need && compareWithLines(limit, need, one)) ?? compareWithKills(limit, one);
  if (wouldBeRed) return byLines?.level === 'red' ? byLines : { level: 'red', reason: 'over the red line' };
  return byLines && need && limit >= leastRoomy(need, one) ? { ...byLines, level: 'green' } : byLines;
}

/** What was killed at a limit had reached it, though scrapes may not have seen that. */
function compareWithKills(limit: number, { evidence, thresholds }: WeighedCase): Found | undefined {
  const reached = killedAt(evidence);
  const isNear = reached > 0 && reached * 100 > limit * thresholds.usageRed;
  return isNear ? { level: 'yellow', reason: 'barely above a limit that killed' } : undefined;
}

function compareWithLines(limit: number, { whole, own }: Need, one: WeighedCase): Found | undefined {
  const { usageYellow, usageRed } = one.thresholds;
  if (own > limit) return { level: 'red', reason: 'below what was used' };
  if (own * 100 > limit * usageRed) {
    return isFlat(limit, whole, one)
      ? { level: 'yellow', reason: 'tight but flat' }
      : { level: 'red', reason: 'over the red line' };
  }
  if (whole * 100 > limit * usageRed) return { level: 'yellow', reason: 'page cache' };
  if (own * 100 > limit * usageYellow) return { level: 'yellow', reason: 'over the yellow line' };
  return undefined;
}

/** As databases and JVMs are by design; not where the pull request lowers the limit to that. */
function isFlat(limit: number, whole: number, { evidence, before, thresholds }: WeighedCase): boolean {
  if (evidence === undefined || thresholds.flatNearLimit !== 'yellow') return false;
  const { flatDays = 0, killed, waits } = evidence;
  const isLowered = before.limit.state !== 'set' || limit < before.limit.bytes;
  return (
    !isLowered && flatDays >= FLAT_DAYS_NEEDED && killed.kind === 'no' && !waits && whole <= limit * HIGHEST_FLAT_SHARE
  );
}

/** From where on a limit is what the action itself would set, by its suggestion or by its way to one. */
function leastRoomy(need: Need, { evidence, thresholds }: WeighedCase): number {
  const suggested = evidence?.suggested?.limit ?? Number.POSITIVE_INFINITY;
  return Math.min(suggested, raisedFor(need, killedAt(evidence), thresholds));
}

function raisedFor({ whole, own }: Need, above: number, { usageRed, limitFactor }: Thresholds): number {
  const line = usageRed / 100;
  const wanted = Math.max(own, above) * Math.max(limitFactor, SAFE_MARGIN / line);
  return stepUpTo(roundToStep(wanted), Math.max(whole * SAFE_MARGIN, own / line + 1, above + 1));
}

/** The highest limit that killed; 0 where none is known. */
function killedAt(evidence: ContainerEvidence | undefined): number {
  return evidence?.killed.kind === 'at' ? evidence.killed.limit : 0;
}

/** The least limit, in the action's own steps, of which nothing would be said. */
function leastGreen(need: Need | undefined, one: WeighedCase): Bytes {
  const { evidence, live, thresholds } = one;
  const killed = killedAt(evidence);
  const { whole, own } = need ?? { whole: 0, own: 0 };
  const { usageYellow, usageRed } = thresholds;
  const underLines = Math.max((own * 100) / usageYellow, (Math.max(whole, killed) * 100) / usageRed);
  const least = Math.min(leastRoomy({ whole, own }, one), stepUpTo(SMALLEST, underLines));
  const enough = stepUpTo(bytes(least), killed + 1);
  if (live?.usageAt?.(enough) !== 'red') return enough;
  return stepUpTo(enough, ((evidence?.used ?? 0) * 100) / usageRed);
}

/** A raise can only help; of any other limit it is not known whether it is enough. */
function weighUnknownKill(limit: Bytes, evidence: ContainerEvidence, { before }: WeighedCase): readonly GateFinding[] {
  if (evidence.killed.kind !== 'unknown') return [];
  const isRaised = before.limit.state === 'set' && limit > before.limit.bytes;
  const isSuggested = evidence.suggested?.limit !== undefined && limit >= evidence.suggested.limit;
  return [{ level: isRaised || isSuggested ? 'green' : 'yellow', fact: { kind: 'killed at an unknown limit', limit } }];
}
