import type { CheckName } from '../model/finding.ts';
import type { ContainerView } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { sayFinding } from '../report/explain.ts';
import { endSentence } from '../text/format.ts';
import { toPlain } from '../text/phrase.ts';
import { sayValues } from '../words/suggestion.ts';

/** A check's finding as a sentence of which the container is the subject, without it: plain, unbounded text. */
export function sayProblem(view: ContainerView, check: CheckName, context: Context): string {
  return endSentence(toPlain(sayFinding(view, check, context)));
}

/** "Suggested: limit 2000Mi → 2560Mi."; `undefined` where nothing is. */
export function saySuggested({ container: { suggestion } }: ContainerView): string | undefined {
  return suggestion === undefined ? undefined : `Suggested: ${sayValues(suggestion)}.`;
}
