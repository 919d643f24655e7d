import { code, escapeMarkdown } from './markdown.ts';

/** A piece of a sentence: plain text, the numbers that matter, or a name from the cluster. */
type Part = string | { readonly strong: string } | { readonly name: string };

/** A sentence, or part of one, before it is written for a place. */
export type Phrase = readonly Part[];

/** The numbers that matter. */
export function strong(text: string): Phrase {
  return [{ strong: text }];
}

/** A name from the cluster, as code where the place has it. */
export function name(text: string): Phrase {
  return [{ name: text }];
}

/** Puts a phrase together: say`uses ${strong('2017Mi')} of 2000Mi`. */
export function say(texts: TemplateStringsArray, ...values: readonly (string | Phrase)[]): Phrase {
  const parts = texts.flatMap((text, index): Part[] => {
    const value = values[index];
    return [text, ...(value === undefined ? [] : typeof value === 'string' ? [value] : value)];
  });
  return parts.filter((part) => part !== '');
}

/** The phrases with a text between each two. */
export function join(phrases: readonly Phrase[], between: string): Phrase {
  return phrases
    .filter(({ length }) => length > 0)
    .flatMap((phrase, index) => (index === 0 ? phrase : [between, ...phrase]));
}

/** For a job log, an annotation or JSON: unescaped text without markup. */
export function toPlain(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === 'string' ? part : 'strong' in part ? part.strong : part.name)).join('');
}

/** For Markdown, escaped. */
export function toMarkdown(phrase: Phrase): string {
  return phrase
    .map((part) => {
      if (typeof part === 'string') return escapeWithin(part);
      return 'strong' in part ? `**${escapeMarkdown(part.strong)}**` : code(part.name);
    })
    .join('');
}

/** Escaping trims a text, which is only right at the ends of a sentence. */
function escapeWithin(text: string): string {
  const line = text.replace(/\s+/gu, ' ');
  const inner = line.trim();
  if (inner === '') return line;
  return line.replace(inner, () => escapeMarkdown(inner));
}
