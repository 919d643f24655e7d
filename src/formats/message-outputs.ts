import type { Message } from './compose-message.ts';

/** The outputs of a message by their names. */
export function messageOutputs({ headline, markdown, blocks }: Message) {
  return { headline, 'summary-markdown': markdown, 'blocks-json': JSON.stringify(blocks) } as const;
}
