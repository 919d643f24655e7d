import { escapeMarkdown } from '../text/markdown.ts';

/** The job summary of a gate that could not do its work. `sentence` says why. */
export function explainGateError(sentence: string): string {
  return `# ❌ The memory gate could not run\n\n${escapeMarkdown(sentence)}\n\nNothing was judged, so this says nothing about the change.\n`;
}
