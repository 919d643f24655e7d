import { toSingleLine } from '../text/markdown.ts';

const ZERO_WIDTH_SPACE = '\u200b';
const LONGEST_ADDRESS = 500;

/** Marks of Markdown and of Slack's markup, and what looks like them and is none. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '*': '∗',
  '~': '∼',
  '`': 'ʹ',
  '[': '(',
  ']': ')',
  '|': '¦',
  '\\': '∖',
};

/** One line of at most so many UTF-16 units, no character cut in two. */
export function cutLine(text: string, most: number): string {
  const line = toSingleLine(text, most);
  if (line.length <= most) return line;
  return `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Plain text for Markdown as chats read it: they know bold, lists and links, and not all know escapes. */
export function escapeChat(text: string): string {
  return withoutMarkup(text)
    .replace(/</g, '‹')
    .replace(/>/g, '›')
    .replace(/&(?=[#\w])/g, `&${ZERO_WIDTH_SPACE}`);
}

/** Plain text for Slack's mrkdwn: no mention, no link, no format, no emoji. */
export function escapeMrkdwn(text: string): string {
  return withoutMarkup(text)
    .replace(/:(?=[\w+'-]{1,80}:)/g, `:${ZERO_WIDTH_SPACE}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** A web address that cannot leave a link of either kind; `undefined` for anything else. */
export function safeAddress(url: string | undefined): string | undefined {
  if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  const address = new URL(url).href.replace(/[|<>()[\]*_~`\\@]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return address.length <= LONGEST_ADDRESS ? address : undefined;
}

function withoutMarkup(text: string): string {
  return text
    .replace(/[*~`[\]|\\]/g, (mark) => LOOKALIKES[mark] ?? mark)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '‗')
    .replace(/[@#](?=[\p{L}\p{N}])/gu, `$&${ZERO_WIDTH_SPACE}`)
    .replace(/:\/\//g, `:${ZERO_WIDTH_SPACE}//`)
    .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}${ZERO_WIDTH_SPACE}.`);
}
