import type { GateReport } from '../gate-report/gate-report.ts';
import { composeMessage, type Message, type MessageLinks } from './compose-message.ts';

/** The gate's verdict, and what is wrong at which container. */
export function writeGateMessage({ headline, annotations }: GateReport, links: MessageLinks): Message {
  const told = annotations.filter(({ level }) => level !== 'notice');
  const items = told.map(({ title, message }) => ({ title: endTitle(title), text: message }));
  return composeMessage(headline, items, links);
}

/** What is said where there is nothing to judge; `why` is a sentence. */
export function writeNothingToJudge(why: string, links: MessageLinks): Message {
  return composeMessage(`Memory gate: ${why}`, [], links);
}

function endTitle(title: string): string {
  return /[.!?:]$/.test(title) ? title : `${title}.`;
}
