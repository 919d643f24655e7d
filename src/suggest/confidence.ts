import type { Suggestion } from '../model/suggestion.ts';
import { count, formatHours } from '../text/format.ts';
import type { Evidence } from './case.ts';

const DAYS_FOR_HIGH = 7;

/** How sure a suggestion is, and why: how long and over how many pods was seen, and whether restarts cut what was seen. */
export function rateConfidence(evidence: Evidence, leaks: boolean): Suggestion['confidence'] {
  const { daysSeen, hoursSeen, podsSeen, restarts, kills } = evidence;
  const seen = daysSeen >= 1 ? count(daysSeen, 'day') : formatHours(hoursSeen);
  const parts = [seen, count(podsSeen, 'pod'), restarts === 0 ? 'no restarts' : count(Math.round(restarts), 'restart')];
  if (kills.length > 0) parts.push('its need beyond the limit was never seen');
  if (leaks) parts.push('it leaks');
  const why = parts.join(', ');
  if (leaks || daysSeen < 1) return { level: 'low', why };
  if (daysSeen < DAYS_FOR_HIGH || restarts > 0 || kills.length > 0) return { level: 'medium', why };
  return { level: 'high', why };
}
