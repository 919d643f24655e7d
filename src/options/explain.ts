import type { z } from 'zod';
import { notesOf, optionNames } from './schema.ts';

/** A user and a password in an address, a mistyped one too: up to the last `@`, with or without `http://`. */
const CREDENTIALS = /(\/\/)[^\s"]*@|(?<=")()[^\s"]*:[^\s"]*@/g;

/** Where a value was given. */
export type Source = 'input' | { readonly file: string };

/** What is wrong with an option, as one sentence that names it, its value and what is accepted. */
export function explainIssue(issue: z.core.$ZodIssue, sourceOf: (name: string) => Source | undefined): string {
  const [first = '', ...below] = issue.path.map(String);
  const name = optionNames.find((known) => known === first);
  const secret = name !== undefined && notesOf(name).secret;
  const source = sourceOf(first);
  const place = source === undefined || source === 'input' ? '' : ` (in ${source.file})`;
  const key = below.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
  return `Option ${first}${key}${place} ${whatIsWrong(issue, secret)} ${issue.message.replaceAll('`', '')}.`;
}

function whatIsWrong(issue: z.core.$ZodIssue, secret: boolean): string {
  if (issue.code === 'unrecognized_keys') return `has the unknown key "${issue.keys[0]}"; it takes`;
  if (issue.input === undefined) return 'is missing; it takes';
  if (secret) return 'has a value that it does not accept (not shown, it may be a secret); it takes';
  const value = (JSON.stringify(issue.input) ?? String(issue.input)).replace(CREDENTIALS, '$1***@');
  return `has the value ${value.length > 100 ? `${value.slice(0, 100)}…` : value}; it takes`;
}
