import { composeMessage, type Message, type MessageLinks } from './compose-message.ts';

/** What is said of a run that could not do its work; `sentence` says why. */
export function writeErrorMessage(mode: 'inspection' | 'gate', sentence: string, links: MessageLinks): Message {
  const nothing = { title: 'Nothing was judged,', text: `so this says nothing about ${SUBJECT[mode]}.` };
  return composeMessage(`❌ The memory ${mode} could not run`, [{ title: 'Why:', text: sentence }, nothing], links);
}

const SUBJECT = { inspection: 'the cluster', gate: 'the change' } as const;
