import { withoutTrailing } from './without-trailing.ts';

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * Text from the cluster on one line: white space collapsed, control, bidi and other invisible characters replaced
 * by U+FFFD, cut after `most` characters.
 */
export function toSingleLine(text: string, most = 1000): string {
  const line = text.replace(/\s+/gu, ' ').trim().replace(INVISIBLE, '\ufffd');
  if (line.length <= most) return line;
  const characters = Array.from(line);
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}

/**
 * Plain text for a Markdown paragraph, list item, heading or table cell. Entities, because they stay text in every
 * one of these places; a zero width space keeps GitHub from making mentions, issue references and links of it.
 * Plain words in backticks (an option's name) stay code.
 */
export function escapeMarkdown(text: string): string {
  return withoutAutolinks(
    toSingleLine(text)
      .replace(/[&<>\\`*[\]|~$^{}]/g, entity)
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, entity)
      .replace(/^(?:#{1,6}|[-+]|\d{1,9}[.)])(?=\s|$)|^(?:=+|-+)$/, (start) => Array.from(start, entity).join(''))
      .replace(/&#96;([\w.: -]{1,60})&#96;/g, '`$1`'),
  );
}

/** The same for a cell of a table; an empty text gives a dash, so that the cell is seen to be empty. */
export function escapeTableCell(text: string): string {
  return escapeMarkdown(text) || '–';
}

/** Plain text between or within HTML tags, where Markdown is not read (`<summary>`). */
export function escapeHtml(text: string): string {
  return withoutAutolinks(toSingleLine(text).replace(/[&<>"'`|\\*[\]$~_]/g, entity));
}

/** A name as code, for every place in Markdown, tables included. */
export function code(text: string): string {
  const line = toSingleLine(text, 300);
  if (line === '') return '<code>(empty)</code>';
  if (/^[\w ./:@+,=%()~\u{a0}-\u{10ffff}-]+$/u.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[^\w \u{a0}-\u{10ffff}-]/gu, entity).replaceAll('&#64;', `&#64;${ZERO_WIDTH_SPACE}`)}</code>`;
}

/** Text for a quoted string of a Mermaid diagram, which knows no escapes: what could end or steer it is replaced. */
export function escapeMermaid(text: string): string {
  return toSingleLine(text, 100).replace(/[^\p{L}\p{N} ./:_()+,·-]/gu, '_');
}

/** A link, or only its text where the address is not an http(s) one. `label` is Markdown already. */
export function link(label: string, url: string | undefined): string {
  const address = url === undefined ? undefined : safeUrl(url);
  return address === undefined ? label : `[${label}](${address})`;
}

/** A link to a path relative to the page, each segment encoded. `label` is Markdown already. */
export function linkPath(label: string, path: string): string {
  return `[${label}](${encodePath(path)})`;
}

/** A path as part of an address, each segment encoded; never throws, whatever is in it. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeSegment).join('/');
}

/** The backticks around a code block that no run of them in its content can end. */
export function fenceMarks(text: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return '`'.repeat(longest + 1);
}

/** A fenced code block that its content cannot end; lines start with `indent`. */
export function fence(language: string, text: string, indent = ''): string {
  const marks = fenceMarks(text);
  const lines = withoutTrailing(text.replace(/\r\n?/g, '\n'), '\n').split('\n');
  const clean = lines.map((line) => line.replace(/\t/g, '  ').replace(INVISIBLE, '\ufffd'));
  return [`${marks}${language}`, ...clean, marks].map((line) => indent + line).join('\n');
}

function withoutAutolinks(text: string): string {
  return text
    .replace(/@(?=[\p{L}\p{N}])/gu, `@${ZERO_WIDTH_SPACE}`)
    .replace(/(?<!&)#(?=\d)/g, `#${ZERO_WIDTH_SPACE}`)
    .replace(/\bGH-(?=\d)/gi, (start) => `${start.slice(0, 2)}${ZERO_WIDTH_SPACE}-`)
    .replace(/:\/\//g, `:${ZERO_WIDTH_SPACE}//`)
    .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}${ZERO_WIDTH_SPACE}.`);
}

function entity(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  if (character === '>') return '&gt;';
  return `&#${character.codePointAt(0)};`;
}

function safeUrl(url: string): string | undefined {
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return undefined;
  return toSingleLine(url, 2000).replace(/[()<>[\]"'`|\\{}\ufffd]/g, encodeCharacter);
}

function encodeSegment(segment: string): string {
  if (segment === '..' || segment === '.') return segment;
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(/[()*'!~]/g, encodeCharacter);
}

function encodeCharacter(character: string): string {
  return Array.from(new TextEncoder().encode(character), (byte) => `%${byte.toString(16).toUpperCase()}`).join('');
}
