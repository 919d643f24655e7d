import { failsUnknown } from '../gate-report/headline.ts';
import type { GateVerdict } from '../model/gate.ts';
import type { Outcome } from '../model/inspection.ts';
import { isFailing } from '../model/level.ts';

/** What of the options decides how the gate ends. */
export interface GateEndOptions {
  readonly failOn: 'red' | 'yellow' | 'never';
  readonly gateOnMissingData: 'pass' | 'fail';
}

/**
 * Which of the ends of a run that did its work applies: the strongest of findings, incomplete and ok. What could not be
 * rendered makes it incomplete, and so does what is not known of a container's use where the options ask for that.
 */
export function decideGateOutcome(verdict: GateVerdict, options: GateEndOptions): Outcome {
  if (isFailing(verdict.verdict, options.failOn)) return 'findings';
  return verdict.unread.length > 0 || failsUnknown(verdict, options) ? 'incomplete' : 'ok';
}
