import { type Phrase, toMarkdown } from '../text/phrase.ts';
import type { Inline, Sentence } from './page-data.ts';

/** What the report's own Markdown consists of: everything that came from outside stands in it as entities. */
const TOKENS = /\*\*([^*]+)\*\*|`([^`]+)`|<code>([^<]*)<\/code>|\[([^\][]*)\]\(([^()\s]*)\)/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };
const LONGEST = 4000;

/** A sentence of the report without its Markdown. Only `escapeMarkdown`, `code` and `link` may have made it. */
export function readInline(markdown: string): Sentence {
  const text = markdown.slice(0, LONGEST);
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > end) parts.push(readEntities(text.slice(end, match.index)));
    parts.push(readToken(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(readEntities(text.slice(end)));
  return parts;
}

/** A phrase of the words for the page: bounded and cleaned as the report does it. */
export function inlineOf(phrase: Phrase): Sentence {
  return readInline(toMarkdown(phrase));
}

function readToken([, strong, ticked, code, label, url = '']: RegExpExecArray): Inline {
  if (strong !== undefined) return { b: plainOf(strong) };
  if (label !== undefined) return isWeb(url) ? { a: plainOf(label), to: url } : plainOf(label);
  return { c: readEntities(ticked ?? code ?? '') };
}

/** Whether an address leads to a page of the web: no other is ever linked. */
export function isWeb(url: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(url);
}

/** Without the marks of names within a label. */
function plainOf(label: string): string {
  return readEntities(label.replaceAll('`', '').replaceAll('<code>', '').replaceAll('</code>', ''));
}

/** Without the zero width spaces that keep GitHub from making links: those from outside have been replaced. */
function readEntities(text: string): string {
  return text
    .replaceAll('\u200b', '')
    .replace(/&(?:#(\d{1,7})|(amp|lt|gt));/g, (whole, number?: string, named?: string) =>
      named === undefined ? characterOf(Number(number), whole) : (NAMED[named] ?? whole),
    );
}

function characterOf(point: number, whole: string): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}
