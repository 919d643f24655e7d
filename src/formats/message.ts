import type { ContainerView } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { listProblems } from '../report/explain.ts';
import { headline } from '../report/header.ts';
import { isItem } from '../report/what-to-do.ts';
import { iconOf } from '../text/format.ts';
import { composeMessage, type Message, type MessageItem, type MessageLinks } from './compose-message.ts';
import { sayProblem, saySuggested } from './say-problem.ts';

const LONGEST_CLUSTER = 40;

/** What the inspection comes to, the most urgent containers, and where to read on. */
export function writeChatMessage(context: Context, links: MessageLinks): Message {
  const { failures = [] } = context.input;
  const failed = failures.map((text) => ({ title: '❌ Part of the run failed.', text }));
  const missing = listMissing(context).map((text) => ({ title: '⚪ Incomplete.', text }));
  const since = new Set(
    [...(context.comparison?.added ?? []), ...(context.comparison?.worse ?? [])].map(({ label }) => label),
  );
  const items = context.views.filter(isItem).map((view) => describe(view, context, since.has(view.label)));
  return composeMessage(sayHeadline(context), [...failed.slice(0, 2), ...missing.slice(0, 2), ...items], links);
}

/** Why something could not be judged. */
function listMissing({ input }: Context): readonly string[] {
  return input.inspection.notes.filter(({ kind }) => kind === 'incomplete').map(({ text }) => text);
}

function sayHeadline(context: Context): string {
  const { outcome, inspection, clusterName } = context.input;
  const icon = outcome === 'error' ? '❌' : iconOf(inspection.verdict);
  const where = clusterName === undefined ? '' : ` of ${clusterName.slice(0, LONGEST_CLUSTER)}`;
  const isIncomplete = outcome === 'incomplete' || listMissing(context).length > 0;
  const note = outcome === 'error' ? ' (part of the run failed)' : isIncomplete ? ' (incomplete)' : '';
  return `${icon} Memory${where}${note}: ${headline(context)}`;
}

function describe(view: ContainerView, context: Context, isNew: boolean): MessageItem {
  const [first] = listProblems(view);
  const said = first === undefined ? 'is at risk.' : sayProblem(view, first, context);
  const parts = [said, saySuggested(view), isNew ? 'New or worse than in the last report.' : undefined];
  return {
    title: `${iconOf(view.level)} ${view.label}`,
    text: parts.filter((part) => part !== undefined).join(' '),
  };
}
