import type { z } from 'zod';
import { notesOf, optionNames } from './schema.ts';

/** Where a value was given. */
export type Source = 'input' | { readonly file: string };

/** What is wrong with an option, as one sentence that names it, its value and what is accepted. */
export function explainIssue(issue: z.core.$ZodIssue, sourceOf: (name: string) => Source | undefined): string {
  const [first = '', ...below] = issue.path.map(String);
  const option = optionNames.find((name) => name === first);
  const source = sourceOf(first);
  const place = source === undefined || source === 'input' ? '' : ` in ${source.file}`;
  const at = below.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
  const accepted = issue.message.replaceAll('`', '');
  const secret = option !== undefined && notesOf(option).secret;
  const value = secret ? 'what was given' : shown(issue);
  return `Option ${first}${at}${place}: ${value} is not accepted; give ${accepted}.`;
}

function shown(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `the key "${issue.keys.join('", "')}"`;
  if (issue.input === undefined) return 'nothing';
  const text = JSON.stringify(issue.input) ?? String(issue.input);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
