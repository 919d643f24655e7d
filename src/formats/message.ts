import type { Context } from '../report/context.ts';

/** Where a reader of a message can go on. */
export interface MessageLinks {
  readonly reportUrl?: string;
  readonly runUrl?: string;
}

/** A run in the few lines that fit into a chat. */
export interface Message {
  /** One line of plain text. */
  readonly headline: string;
  readonly markdown: string;
  /** Block Kit blocks. */
  readonly blocks: readonly object[];
}

export function writeMessage(_context: Context, _links: MessageLinks): Message {
  return { headline: '', markdown: '', blocks: [] };
}
