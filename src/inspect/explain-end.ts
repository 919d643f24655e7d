import { escapeMarkdown } from '../text/markdown.ts';
import type { InspectionContext } from './context.ts';
import { decideOutcome } from './decide-outcome.ts';

/** The job summary of a run that could not do its work. `sentence` says why. */
export function explainError(sentence: string): string {
  return `# ❌ The memory inspection could not run\n\n${escapeMarkdown(sentence)}\n\nNothing was judged, so this says nothing about the cluster.\n`;
}

/** What the sentence is about. */
export interface Ended {
  readonly outcome: InspectionContext['outcome'];
  readonly options: Pick<InspectionContext['options'], 'failOn' | 'allowIncomplete'>;
  readonly inspection: Pick<InspectionContext['inspection'], 'totals' | 'verdict' | 'notes'> & {
    readonly workloads: readonly Pick<InspectionContext['inspection']['workloads'][number], 'level'>[];
  };
}

/** The sentence with which the job fails; `undefined` where it passes. */
export function explainEnd(context: Ended, reportPath: string, failures: readonly string[]): string | undefined {
  const sentences = [endSentence(context, reportPath), ...failures].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function endSentence({ outcome, options, inspection }: Ended, reportPath: string): string | undefined {
  const { atRisk, attention } = inspection.totals;
  // What could not be delivered makes the end an error, but takes nothing from what was found.
  const found = outcome === 'error' ? decideOutcome(inspection, options.failOn) : outcome;
  if (found === 'findings') {
    const risk =
      atRisk === 0 && inspection.verdict === 'red' ? killedAndGone(inspection.workloads) : `${pods(atRisk)} at risk`;
    const counted = options.failOn === 'yellow' ? `${risk}, ${attention} need attention` : risk;
    return `Memory: ${counted}. The job summary and ${reportPath} say what to do.`;
  }
  if (found !== 'incomplete' || options.allowIncomplete) return undefined;
  const missing = inspection.notes.filter(({ kind }) => kind === 'incomplete').map(({ text }) => text);
  return `The inspection is incomplete: ${missing.join(' ')} To pass anyway, set allow-incomplete.`;
}

/** Red though no pod is: of a workload whose killed pod has been replaced. */
function killedAndGone(workloads: Ended['inspection']['workloads']): string {
  const count = workloads.filter(({ level }) => level === 'red').length;
  return count === 1 ? '1 workload lost a pod to an OOM kill' : `${count} workloads lost pods to OOM kills`;
}

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
