import examples from '@octokit/webhooks-examples' with { type: 'json' };

/** A payload as GitHub sends it, free to be changed. */
export interface Payload {
  // biome-ignore lint/suspicious/noExplicitAny: what GitHub sends is as deep as it likes.
  [key: string]: any;
}

/** A copy of the first real payload of an event, with an action where the event has any. */
export function realPayload(event: string, action?: string): Payload {
  const all: readonly Payload[] = examples.find(({ name }) => name === event)?.examples ?? [];
  const found = all.find((one) => action === undefined || one.action === action);
  if (found === undefined) throw new Error(`no payload of ${event} ${action}`);
  return structuredClone(found);
}
