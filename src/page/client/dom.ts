import type { Inline, LevelLetter, Sentence } from '../page-data.ts';
import { LEVEL_NAMES } from './columns.ts';

type Child = Node | string | undefined;

/** Attributes by name; `false` and `undefined` leave one out. No event handler is ever an attribute. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with its attributes and children; strings become text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A sentence with its names, numbers and links. */
export function write(sentence: Sentence): Node[] {
  return sentence.map(writePart);
}

function writePart(part: Inline): Node {
  if (typeof part === 'string') return document.createTextNode(part);
  if ('b' in part) return element('strong', {}, part.b);
  if ('c' in part) return element('code', {}, part.c);
  return link(part.a, part.to);
}

/** A link to a page of the web; only its text where the address is none. */
export function link(text: string, address: string): Node {
  if (!/^https?:\/\/[^\s]/i.test(address)) return document.createTextNode(text);
  return element('a', { href: address, rel: 'noopener noreferrer' }, text);
}

const MARKS: Readonly<Record<LevelLetter, string>> = { r: '✕', y: '!', u: '?', g: '✓' };

/** A level by mark, colour and word; the word only for those who hear the page, unless it is to be `shown`. */
export function badge(level: LevelLetter, shown = false): HTMLElement {
  return element(
    'span',
    { class: `badge level-${level}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[level]),
    element('span', { class: shown ? 'word' : 'hidden' }, LEVEL_NAMES[level]),
  );
}

/** A list of sentences. */
export function bullets(sentences: readonly Sentence[]): HTMLElement {
  return element('ul', {}, ...sentences.map((sentence) => element('li', {}, ...write(sentence))));
}

/** A plain table; `numeric` are the columns from which on cells are numbers. */
export function plainTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | Sentence)[])[],
  numeric = head.length,
): HTMLElement {
  const cell = (content: string | Sentence, place: number) => {
    const children = typeof content === 'string' ? [document.createTextNode(content)] : write(content);
    const attributes = { class: place >= numeric ? 'number' : undefined };
    return place === 0
      ? element('th', { scope: 'row', ...attributes }, ...children)
      : element('td', attributes, ...children);
  };
  const heading = (text: string, place: number) =>
    element('th', { scope: 'col', class: place >= numeric ? 'number' : undefined }, text);
  const table = element(
    'table',
    { class: 'plain' },
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...head.map(heading))),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map(cell)))),
  );
  return element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': caption }, table);
}
