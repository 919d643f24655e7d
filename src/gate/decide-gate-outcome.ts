import type { GateVerdict } from '../model/gate.ts';
import type { Outcome } from '../model/inspection.ts';

/** What of the options decides how the gate ends. */
export interface GateEndOptions {
  readonly failOn: 'red' | 'yellow' | 'never';
  readonly gateOnMissingData: 'pass' | 'fail';
}

/**
 * Which of the ends of a run that did its work applies: the strongest of findings, incomplete and ok. What could not be
 * rendered makes it incomplete, and so does what is not known of a container's use where the options ask for that.
 */
export function decideGateOutcome(verdict: GateVerdict, { failOn, gateOnMissingData }: GateEndOptions): Outcome {
  const { verdict: level, unread, changes } = verdict;
  const asked = failOn === 'yellow' ? level === 'red' || level === 'yellow' : failOn === 'red' && level === 'red';
  if (asked) return 'findings';
  const isUnknown = changes.some(({ findings }) => findings.some((one) => one.level === 'unknown'));
  return unread.length > 0 || (isUnknown && gateOnMissingData === 'fail') ? 'incomplete' : 'ok';
}
