import type { Outcome } from '../model/inspection.ts';
import { isFailing, type Level } from '../model/level.ts';
import type { QualityNote } from '../model/workload.ts';

/** Which of the ends of a run that did its work applies: the strongest of findings, incomplete and ok. */
export function decideOutcome(
  inspection: { readonly verdict: Level; readonly notes: readonly QualityNote[] },
  failOn: 'red' | 'yellow' | 'never',
): Outcome {
  const { verdict, notes } = inspection;
  if (isFailing(verdict, failOn)) return 'findings';
  return notes.some((note) => note.kind === 'incomplete') ? 'incomplete' : 'ok';
}
