import { formatBytes } from '../bytes.ts';
import type { HeapSplit } from '../model/suggestion.ts';
import { code, escapeMarkdown, escapeTableCell, fence } from '../text/markdown.ts';
import { toMarkdown } from '../text/phrase.ts';
import { diffFlag, listParts, sayFlag, sayGrowth } from '../words/heap-split.ts';

/** Where the memory of a JVM named `who` is, what of it grows, and the diff of the flag that is better changed: Markdown. */
export function writeHeap(who: string, split: HeapSplit): string | undefined {
  const parts = listParts(split);
  const { used, heapMaximum, grows, betterFlag } = split;
  const row = (part: string, size: string) => `| ${escapeTableCell(part)} | ${escapeTableCell(size)} |`;
  const table = [
    `| where the memory of ${code(who)} is | |`,
    '|---|--:|',
    ...parts.map(({ part, size }) => row(part, size)),
    ...(used === undefined ? [] : [row('all that is used, in the pod that uses most', formatBytes(used))]),
    ...(heapMaximum === undefined ? [] : [row('what its heap can become', formatBytes(heapMaximum))]),
  ].join('\n');
  const paragraphs = [
    ...(parts.length === 0 ? [] : [table]),
    ...(grows === undefined ? [] : [`${escapeMarkdown(sayGrowth(grows))}.`]),
    ...(betterFlag === undefined
      ? []
      : [`${toMarkdown(sayFlag(betterFlag))}.\n\n${fence('diff', diffFlag(betterFlag))}`]),
  ];
  return paragraphs.length === 0 ? undefined : paragraphs.join('\n\n');
}
