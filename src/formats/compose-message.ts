import { count } from '../text/format.ts';
import { cutLine, escapeChat, escapeMrkdwn, safeAddress } from './chat-text.ts';

/** What Slack takes in a header; its other limits are far from what is written. */
const HEADLINE = 149;
const MARKDOWN = 3000;
const ITEMS = 8;
const LONGEST_TITLE = 120;
const LONGEST_TEXT = 300;

/** Where a reader of a message can go on. */
export interface MessageLinks {
  readonly reportUrl?: string;
  readonly runUrl?: string;
}

/** A run in the few lines that fit into a chat. */
export interface Message {
  /** One line of plain text, shorter than 150 characters. */
  readonly headline: string;
  /** At most 3,000 characters; bold, lists and links only. */
  readonly markdown: string;
  /** Block Kit blocks. */
  readonly blocks: readonly object[];
}

/** Something to tell of: plain text of any length. */
export interface MessageItem {
  readonly title: string;
  readonly text: string;
}

/** The same in one line, in Markdown and in blocks; the first items in words, the others as a number. All texts are plain. */
export function composeMessage(headline: string, items: readonly MessageItem[], links: MessageLinks): Message {
  const line = cutLine(headline, HEADLINE) || 'Memory';
  const shown = items
    .slice(0, ITEMS)
    .map(({ title, text }) => ({ title: cutLine(title, LONGEST_TITLE) || '–', text: cutLine(text, LONGEST_TEXT) }));
  const places = placesOf(links);
  return {
    headline: line,
    markdown: writeMarkdown(line, shown, items.length, places),
    blocks: writeBlocks(line, shown, items.length, places),
  };
}

interface Place {
  readonly name: string;
  readonly address: string;
}

function placesOf({ reportUrl, runUrl }: MessageLinks): readonly Place[] {
  const all = [
    { name: 'Report', address: safeAddress(reportUrl) },
    { name: 'Run', address: safeAddress(runUrl) },
  ];
  return all.flatMap(({ name, address }) => (address === undefined ? [] : { name, address }));
}

function writeMarkdown(
  headline: string,
  items: readonly MessageItem[],
  total: number,
  places: readonly Place[],
): string {
  const links = places.map(({ name, address }) => `[${name}](${address})`).join(' · ');
  const lines = items.map(({ title, text }) => `- **${escapeChat(title)}** ${escapeChat(text)}`);
  for (let shown = lines.length; ; shown -= 1) {
    const rest = total > shown ? [`- ${sayRest(total - shown, shown)}`] : [];
    const list = [...lines.slice(0, shown), ...rest].join('\n');
    const text = [`**${escapeChat(headline)}**`, list, links].filter((part) => part !== '').join('\n\n');
    if (text.length <= MARKDOWN || shown === 0) return text;
  }
}

function writeBlocks(
  headline: string,
  items: readonly MessageItem[],
  total: number,
  places: readonly Place[],
): readonly object[] {
  const links = places.map(({ name, address }) => `<${address.replaceAll('&', '&amp;')}|${name}>`).join(' · ');
  if (items.length === 0)
    return [section([`*${escapeMrkdwn(headline)}*`, links].filter((part) => part !== '').join('\n'))];
  const rest = total > items.length ? [sayRest(total - items.length, items.length)] : [];
  const footer = [...rest, ...(links === '' ? [] : [links])].join(' · ');
  return [
    { type: 'header', text: { type: 'plain_text', text: headline, emoji: false } },
    ...items.map(({ title, text }) => section(`*${escapeMrkdwn(title)}* ${escapeMrkdwn(text)}`)),
    ...(footer === '' ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text: footer, verbatim: true }] }]),
  ];
}

/** `verbatim` keeps Slack from making links and mentions of names. */
function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function sayRest(left: number, shown: number): string {
  return shown === 0 ? count(left, 'finding') : `and ${left} more`;
}
