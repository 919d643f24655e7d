import { formatBytes } from '../bytes.ts';
import type { CheckName, Finding } from '../model/finding.ts';
import { formatAhead, formatGrowth, formatPercent, formatWindow } from '../text/format.ts';
import { code, escapeMarkdown } from '../text/markdown.ts';
import type { ContainerView } from './container-view.ts';
import type { Context } from './context.ts';
import { withoutPace } from './name-problems.ts';

/** A peak that is less above what is used now says nothing new. */
const NOTABLE = 1.03;
/** Further ahead an hour of the day would promise too much; seconds. */
const HOURS_TOLD = 72 * 3600;

/** The checks that say something is wrong, the one that matters most first. */
export function listProblems(view: ContainerView): CheckName[] {
  const order: readonly CheckName[] =
    view.urgency === 'leak' ? ['trend', 'usage', 'heap', 'sizing'] : ['usage', 'heap', 'trend', 'sizing'];
  const levelOf = (check: CheckName) => view.container.worst[check]?.finding.level;
  return [
    ...order.filter((check) => levelOf(check) === 'red'),
    ...order.filter((check) => levelOf(check) === 'yellow'),
  ];
}

/** What a check found, as a Markdown predicate of which the container is the subject: no capital, no full stop. */
export function explain(view: ContainerView, check: CheckName, context: Context): string {
  const worst = view.container.worst[check];
  if (worst === undefined) return '';
  const { finding } = worst;
  switch (finding.facts.check) {
    case 'usage':
      return explainUsage(view, finding, context);
    case 'trend':
      return explainTrend(view, finding, context);
    case 'heap':
      return explainHeap(finding);
    case 'sizing':
      return escapeMarkdown(finding.summary).replaceAll('; has ', ', and has ');
  }
}

function explainUsage(view: ContainerView, finding: Finding, context: Context): string {
  const { facts } = finding;
  if (facts.check !== 'usage') return '';
  const { used, limit, percent, peak, oomKill } = facts;
  const share = percent === undefined ? '' : ` (${formatPercent(percent)})`;
  const amount =
    used === undefined
      ? undefined
      : `${formatBytes(used)}${limit === undefined ? '' : ` of ${formatBytes(limit)}`}${share}`;
  if (oomKill !== undefined) {
    const when =
      oomKill.at === undefined ? lastWindow(context.windows?.window) : `on ${context.calendar.dayAndTime(oomKill.at)}`;
    const at = oomKill.limit === undefined ? '' : ` at a limit of ${formatBytes(oomKill.limit)}`;
    return `was **OOM-killed** ${when}${at}${amount === undefined ? '' : `; uses ${amount} now`}${whichPod(view, 'usage')}`;
  }
  if (amount === undefined) return escapeMarkdown(finding.summary);
  const high = peak !== undefined && used !== undefined && peak > used * NOTABLE;
  const most = high && !finding.summary.includes(formatBytes(peak)) ? `, at its peak ${formatBytes(peak)}` : '';
  const meaning = finding.summary.replace(/^is between [^:]+: /, '');
  const joined = isPredicate(meaning) ? `${most === '' ? '' : ','} and` : ':';
  return `uses **${amount}**${whichPod(view, 'usage')}${most}${joined} ${escapeMarkdown(meaning)}`;
}

function explainTrend(view: ContainerView, finding: Finding, context: Context): string {
  const { facts } = finding;
  if (facts.check !== 'trend') return '';
  const pod = whichPod(view, 'trend');
  const over = trendSpan(finding, context);
  const growth = facts.growth === undefined ? undefined : `**${formatGrowth(facts.growth)}** ${over}`;
  const rises = facts.bytesPerHour !== undefined && facts.bytesPerHour > 0;
  const pace = rises ? `**${formatBytes(facts.bytesPerHour)} an hour**` : undefined;
  const numbers = (how?: string) => [growth, how, pace].filter((part) => part !== undefined).join(', ');
  const reached = facts.reachesLimitAt === undefined ? '' : `; ${reachesLimit(facts.reachesLimitAt, context)}`;
  switch (facts.pattern) {
    case 'leak':
      return `leaks: ${numbers('steady')}${reached}${pod}${unlessSuggested(view, 'More memory only delays it')}`;
    case 'slow leak':
      return `leaks slowly: ${numbers('day after day')}${reached}${pod}${unlessSuggested(view, 'More memory only delays it')}`;
    case 'leak cut by OOMKills': {
      const kills = facts.kills === undefined ? 'again and again' : `${facts.kills} times`;
      const advice = unlessSuggested(view, 'A higher limit only makes the kills rarer');
      return `leaks until it is killed: **${kills}** ${over}${pod}, and grew each time${advice}`;
    }
    case 'page cache':
      return `grew by page cache: ${numbers()}${reached}${pod}, but the kernel takes cache back before it kills`;
    default: {
      if (growth === undefined) return `${escapeMarkdown(finding.summary)}${reached}`;
      const meaning = withoutPace(finding).replace(/^rises(?: over \d+ days)?(?:, | |$)/, '');
      const joined = meaning === '' ? '' : isPredicate(meaning) ? ' and ' : ', ';
      return `grew ${numbers()}${pod}${joined}${escapeMarkdown(meaning)}${reached}`;
    }
  }
}

/** "in 24 h"; where the trend says so itself, or where the container has not run for as long, what was seen. */
function trendSpan({ facts, summary }: Finding, { windows }: Context): string {
  const days = /\bover (\d+ days)/.exec(summary)?.[1];
  if (days !== undefined) return `in ${days}`;
  if (facts.check !== 'trend') return '';
  const { pattern, hoursSeen } = facts;
  if (pattern === 'warming up' && hoursSeen > 0) return lastWindow(Math.max(1, Math.round(hoursSeen)) * 3600);
  return lastWindow(pattern === 'slow leak' ? windows?.slowWindow : windows?.window);
}

/** A sentence of advice that a suggestion makes by itself. */
function unlessSuggested({ container }: ContainerView, advice: string): string {
  return container.suggestion === undefined ? `. ${advice}` : '';
}

function explainHeap(finding: Finding): string {
  const { facts } = finding;
  if (facts.check !== 'heap') return '';
  const { live, maximum, percent } = facts;
  if (live === undefined || maximum === undefined) return escapeMarkdown(finding.summary);
  const told = percent === undefined || finding.summary.includes(percent.toFixed(1));
  const share = told ? '' : ` (${formatPercent(percent)})`;
  return `keeps **${formatBytes(live)} of ${formatBytes(maximum)}${share}** of JVM heap alive: ${escapeMarkdown(finding.summary)}`;
}

/** Whether an explanation starts with a verb whose subject is the container. */
export function isPredicate(text: string): boolean {
  return /^(?:uses|was|leaks|grew|keeps|has|is|went|rises|falls|does)\b/.test(text);
}

function whichPod(view: ContainerView, check: CheckName): string {
  const name = view.container.worst[check]?.pod;
  if (name === undefined) return '';
  if (!view.pods.some(({ pod }) => pod.name === name)) return ` (pod ${code(name)}, gone since)`;
  return view.pods.length < 2 ? '' : ` (pod ${code(name)}, one of ${view.pods.length})`;
}

/** "in 24 h" */
function lastWindow(seconds: number | undefined): string {
  return seconds === undefined ? 'in the window' : `in ${formatWindow(seconds)}`;
}

function reachesLimit(time: number, context: Context): string {
  const ahead = time - context.input.inspection.at;
  if (ahead <= 0) return 'the limit is reached **now**';
  const when = ahead < HOURS_TOLD ? context.calendar.dayAndTime(time) : context.calendar.date(time);
  return `at this pace the limit is reached **${formatAhead(ahead)} (${when})**`;
}
