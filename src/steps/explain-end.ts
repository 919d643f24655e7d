import { escapeMarkdown } from '../report/escape.ts';
import type { RunContext } from './context.ts';

/** The job summary of a run that could not do its work. `sentence` says why. */
export function explainError(sentence: string): string {
  return `# ❌ The memory inspection could not run\n\n${escapeMarkdown(sentence)}\n\nNothing was judged: this says nothing about the cluster.\n`;
}

/** The sentence with which the job fails; `undefined` where it passes. */
export function explainEnd(context: RunContext, reportPath: string, failures: readonly string[]): string | undefined {
  const sentences = [endSentence(context, reportPath), ...failures].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function endSentence({ outcome, options, inspection }: RunContext, reportPath: string): string | undefined {
  const { atRisk, attention } = inspection.totals;
  if (outcome === 'findings') {
    const counted =
      options.failOn === 'yellow' ? `${pods(atRisk)} at risk, ${attention} need attention` : `${pods(atRisk)} at risk`;
    return `Memory: ${counted}. What to do is in the job summary and in ${reportPath}.`;
  }
  if (outcome !== 'incomplete' || options.allowIncomplete) return undefined;
  const missing = inspection.notes.filter(({ kind }) => kind === 'incomplete').map(({ text }) => text);
  return `The inspection is incomplete: ${missing.join(' ')} Set allow-incomplete to pass all the same.`;
}

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
