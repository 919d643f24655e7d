import type { z } from 'zod';
import { notesOf, optionNames } from './schema.ts';

const LONGEST_NAME = 60;
const LONGEST_VALUE = 100;

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
  const accepts = issue.message.replaceAll('`', '');
  return `Option ${first}${cut(key, LONGEST_NAME)}${place} ${whatIsWrong(issue, accepts, secret)}.`;
}

function whatIsWrong(issue: z.core.$ZodIssue, accepts: string, secret: boolean): string {
  if (issue.code === 'unrecognized_keys')
    return `has the unknown key "${cut(issue.keys[0] ?? '', LONGEST_NAME)}"; it must be ${accepts}`;
  if (issue.input === undefined) return `is missing; it must be ${accepts}`;
  if (secret) return `must be ${accepts}. Its value is not shown, because it may be a secret`;
  const value = hideCredentials(JSON.stringify(issue.input) ?? String(issue.input));
  return `must be ${accepts}, not ${cut(value, LONGEST_VALUE)}`;
}

/** A user and a password in an address, a mistyped one too: up to the last `@`, with or without `http://`. */
function hideCredentials(json: string): string {
  return json.replace(/[^\s"]+/g, (word, offset: number) => {
    const end = word.lastIndexOf('@');
    if (end < 0) return word;
    const slashes = word.slice(0, end).indexOf('//');
    if (slashes >= 0) return `${word.slice(0, slashes + 2)}***${word.slice(end)}`;
    return json[offset - 1] === '"' && word.slice(0, end).includes(':') ? `***${word.slice(end)}` : word;
  });
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
