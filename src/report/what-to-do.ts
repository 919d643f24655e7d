import { CHECKS, type CheckName } from '../model/finding.ts';
import type { JudgedWorkload } from '../model/inspection.ts';
import { capitalize, count, endSentence, formatAhead, formatWindow, groupBy, iconOf } from '../text/format.ts';
import { code, escapeMarkdown, escapeTableCell } from '../text/markdown.ts';
import { nameProblems } from '../words/words.ts';
import { describeChange, describeHeap, describeSnippet, nameChange } from './change.ts';
import type { ContainerView } from './container-view.ts';
import type { Context } from './context.ts';
import { explain, listProblems } from './explain.ts';
import { describeOwners } from './owners.ts';
import { listResizes } from './resizes.ts';

/** How many items each part of the section may have; what is beyond is a number. */
export interface Caps {
  readonly items: number;
  readonly folded: number;
  /** Where the rest is, as a Markdown clause. */
  readonly rest: string;
}

/** What is told in full; the others have a row each. */
const IN_FULL = 10;

/** The section "What to do": the most urgent in full, a row for each of the others, then what is not proposed, unknown, ignored. */
export function writeWhatToDo(views: readonly ContainerView[], context: Context, caps: Caps): string {
  const all = views.filter(isItem);
  const items = all.slice(0, caps.items);
  const urgent = items.slice(0, IN_FULL);
  const groups = [
    { title: '### 🔴 Now', views: urgent.filter((view) => view.imminent) },
    { title: '### 🔴 Leaks', views: urgent.filter((view) => view.urgency === 'leak' && !view.imminent) },
    { title: '### 🟡 This week', views: urgent.filter((view) => view.level === 'yellow') },
  ];
  const lines: string[] = [];
  let number = 0;
  for (const group of groups.filter((one) => one.views.length > 0)) {
    lines.push(group.title, '');
    for (const view of group.views) {
      number += 1;
      lines.push(...writeItem(view, number, context));
    }
    lines.push('');
  }
  lines.push(...writeOthers(items.slice(IN_FULL), context));
  const left = all.length - items.length;
  if (left > 0) lines.push(`*${left} more: ${caps.rest}.*`, '');
  if (number === 0 && left === 0) lines.push(nothingToDo(context), '');
  return ['## What to do', '', ...lines, ...writeFolds(views, context, caps)].join('\n').trimEnd();
}

/** A row each, by namespace: the one with the most urgent container first. */
function writeOthers(views: readonly ContainerView[], context: Context): string[] {
  if (views.length === 0) return [];
  const rows = [...groupBy(views, ({ ref }) => ref.namespace)].flatMap(([namespace, own]) =>
    own.map((view, index) => writeOther(view, index === 0 ? code(namespace) : '', context)),
  );
  return [
    `### ${count(views.length, 'other')}, by namespace`,
    '',
    '| | namespace | workload · container | what is wrong | limit reached | change |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

function writeOther(view: ContainerView, namespace: string, context: Context): string {
  const { ref, container, findings, reachesLimitAt } = view;
  const cells = [
    iconOf(view.level),
    namespace,
    `${code(ref.name)} ${escapeTableCell(ref.kind)} · ${code(container.name)}`,
    escapeTableCell(capitalize(nameProblems(findings).join('; '))),
    reachesLimitAt === undefined ? '–' : formatAhead(reachesLimitAt - context.input.inspection.at),
    nameChange(view, context),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Whether there is something to do about a container, as opposed to something to know. */
export function isItem(view: ContainerView): boolean {
  if (view.urgency === 'healthy' || view.urgency === 'unknown') return false;
  return view.level === 'red' || !isSizingAlone(view) || isProposed(view) || hasSizesOfItsOwn(view);
}

/** Whether more than a remark is made: that a limit could be lower makes nothing unsafe. */
function isProposed({ container: { suggestion } }: ContainerView): boolean {
  if (suggestion === undefined) return false;
  const isLowered = suggestion.direction === 'lower' && suggestion.limit?.from.state === 'set';
  return !isLowered || suggestion.delivery.kind === 'change';
}

function isSizingAlone(view: ContainerView): boolean {
  return listProblems(view).every((check) => check === 'sizing');
}

/** Whether pods have sizes that their manifest does not give them, or wait for some. */
function hasSizesOfItsOwn({ facts }: ContainerView): boolean {
  return facts.sizing?.problems.some(({ kind }) => kind === 'sized in place' || kind === 'resize not made') ?? false;
}

function writeItem(view: ContainerView, number: number, context: Context): string[] {
  const [first, ...others] = listProblems(view).map((check) => ({ check, text: explain(view, check, context) }));
  const change = describeChange(view, context);
  const sizingTold = view.container.suggestion !== undefined || view.urgency === 'killed';
  const told = others.filter(({ check }) => check !== 'sizing' || !sizingTold);
  const indent = ' '.repeat(`${number}. `.length);
  const tellsSizing = first?.check === 'sizing' || told.some(({ check }) => check === 'sizing');
  const bullets = [
    ...told.map(({ text }) => sentence(`it also ${text}`)),
    ...listResizes(view, tellsSizing).map((text) => sentence(text)),
    ...change.map((text) => sentence(text)),
    ...describeOwners(view, context).map((text) => sentence(text)),
  ];
  const snippet = describeSnippet(view, context, indent);
  const lead = `${number}. **${code(view.label)}** ${first?.text ?? 'needs attention'}`;
  const isStill = change.length === 0 && view.level === 'yellow' && !hasSizesOfItsOwn(view);
  const nothing = isStill ? ' Nothing to change yet.' : '';
  return [
    `${sentence(lead, false)}${nothing}`,
    ...bullets.map((bullet) => `${indent}- ${bullet}`),
    ...(snippet.length === 0 ? [] : [...snippet, '']),
  ];
}

function sentence(text: string, capital = true): string {
  const ended = endSentence(text);
  return capital ? capitalize(ended) : ended;
}

function nothingToDo(context: Context): string {
  const { totals } = context.input.inspection;
  if (totals.total === 0) return 'Nothing to do: no pods found. Check `namespaces` and `selector`.';
  if (context.input.outcome === 'incomplete' || context.input.outcome === 'error') {
    return 'Nothing to do for what could be read.';
  }
  return 'Nothing to do.';
}

function writeFolds(views: readonly ContainerView[], context: Context, caps: Caps): string[] {
  const rest = views.filter((view) => view.urgency === 'attention' && !isItem(view));
  const smaller = rest.filter((view) => view.container.suggestion !== undefined);
  const withheld = rest.filter((view) => view.container.suggestion === undefined);
  const unknown = views.filter((view) => view.urgency === 'unknown');
  const ignored = views.filter((view) => view.ignored !== undefined);
  const empty = context.input.inspection.workloads.filter(
    (judged) => judged.pods.length === 0 && judged.level === 'unknown',
  );
  return [
    ...writeFold(
      'Could be smaller',
      smaller.map((view) => describeSmaller(view, context)),
      caps,
    ),
    ...writeFold(
      'Not proposed, and why',
      withheld.map((view) => describeWithheld(view, context)),
      caps,
    ),
    ...writeFold(
      'Unknown, and why',
      [...unknown.map((view) => describeUnknown(view, context)), ...empty.map(describeEmpty)],
      caps,
    ),
    ...writeFold(
      'Ignored, and why',
      ignored.map((view) => describeIgnored(view, context)),
      caps,
    ),
  ];
}

function writeFold(title: string, items: readonly string[], caps: Caps): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, caps.folded).map((item) => `- ${item}`);
  const rest = items.length > caps.folded ? [`- *${items.length - caps.folded} more: ${caps.rest}.*`] : [];
  return [`<details><summary>${title} (${items.length})</summary>`, '', ...shown, ...rest, '', '</details>', ''];
}

function describeSmaller(view: ContainerView, context: Context): string {
  const told = [` ${explain(view, 'sizing', context)}`, ...describeChange(view, context)].map((text) =>
    sentence(text, false),
  );
  return `${iconOf(view.level)} ${code(view.label)}${told.join(' ')}`;
}

function describeEmpty({ workload }: JudgedWorkload): string {
  const wanted = workload.replicas === undefined ? '' : ` (${workload.replicas} wanted)`;
  return `${iconOf('unknown')} ${code(`${workload.ref.namespace}/${workload.ref.name}`)}: no pod is running${wanted}.`;
}

function describeWithheld(view: ContainerView, context: Context): string {
  const why = view.container.withheld?.why;
  const found = explain(view, 'sizing', context);
  const heap = describeHeap(view.container.withheld?.heap);
  const told = [found === '' ? ':' : ` ${found}`, capitalize(escapeMarkdown(why ?? '')), ...heap]
    .filter((text) => text !== '')
    .map((text) => sentence(text, false));
  return `${iconOf(view.level)} ${code(view.label)}${told.join(' ')}`;
}

function describeUnknown(view: ContainerView, context: Context): string {
  const { findings, label, pods, facts } = view;
  const isUnknown = (check: CheckName) => findings[check]?.level === 'unknown';
  // What is not known of usage, sizing can only say again.
  const unknown = CHECKS.filter((check) => isUnknown(check) && (check !== 'sizing' || !isUnknown('usage')));
  // Where nothing was measured, the other checks can only say so again.
  const reasons = facts.trend?.hoursSeen === 0 ? unknown.slice(0, 1) : unknown;
  const restarts = pods.reduce((total, pod) => total + pod.container.observation.restartsInWindow, 0);
  const over = context.windows === undefined ? 'the window' : formatWindow(context.windows.window);
  const uncertain = pods.some((pod) => pod.container.observation.uncertain === true);
  const told = [
    ...(uncertain && reasons.length === 0 ? ['looks healthy, but Prometheus returned only part of the data'] : []),
    ...new Set(reasons.map((check) => explain(view, check, context))),
    ...(restarts > 0 ? [`had **${count(restarts, 'restart')}** in ${over}`] : []),
  ];
  return `${iconOf('unknown')} ${code(label)} ${sentence(told.length === 0 ? 'has no data' : told.join('; '), false)}`;
}

function describeIgnored(view: ContainerView, context: Context): string {
  const found = listProblems(view).map((check) => {
    const level = view.findings[check]?.level;
    return `${level === undefined ? '' : `${iconOf(level)} `}it ${explain(view, check, context)}`;
  });
  const until = view.ignored?.until === undefined ? 'no end date' : `until ${escapeMarkdown(view.ignored.until)}`;
  const by = view.ignored?.by === 'annotation' ? ', by its annotation' : '';
  const what = found.length === 0 ? 'nothing is wrong any more' : found.join('; ');
  return `🔕 ${code(view.label)}: ${escapeMarkdown(view.ignored?.reason ?? '')} (${until}${by}); ${what}`;
}
