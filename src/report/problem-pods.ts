import { formatBytes } from '../bytes.ts';
import { isProblem } from '../model/level.ts';
import { type Course, drawChart, drawSparkline } from '../text/chart.ts';
import { count, formatGrowth, formatPercent, formatWindow, iconOf } from '../text/format.ts';
import { code, escapeTableCell } from '../text/markdown.ts';
import { nameProblems } from '../words/words.ts';
import { type ContainerView, type PodContainerView, type PodRow, peakSeen, usedNow } from './container-view.ts';
import type { Context } from './context.ts';
import { listProblems } from './explain.ts';

const CHARTS = 10;
const OPEN_CHARTS = 2;

/** The table of pods that are yellow or red, at most `most`; empty when there are none. */
export function writeProblemPods({ problemPods: rows, windows }: Context, most: number, rest: string): string {
  if (rows.length === 0) return '';
  const course = windows === undefined ? 'course' : formatWindow(windows.window);
  const more = rows.length > most ? ['', `*${rows.length - most} more: ${rest}.*`] : [];
  return [
    '## Problem pods',
    '',
    `| | pod · container | used / limit | ${course} | growth | peak | restarts | what is wrong |`,
    '|---|---|--:|---|--:|--:|--:|---|',
    ...rows.slice(0, most).map(writeRow),
    ...more,
  ].join('\n');
}

function writeRow({ view, pod }: PodRow): string {
  const { container, facts } = pod;
  const { observation } = container;
  const peak = peakSeen(pod);
  const spark = sparklineOf(pod);
  const growth = facts.trend?.growth;
  const loud = isProblem(container.findings.trend?.level);
  const cells = [
    iconOf(pod.level),
    `${code(`${view.ref.namespace}/${pod.pod.name}`)} · ${code(container.name)}`,
    usedOfLimit(pod),
    spark === '' ? '–' : spark,
    growth === undefined ? '–' : emphasize(formatGrowth(growth), loud),
    peak === undefined ? '–' : formatBytes(peak),
    String(observation.restartsInWindow),
    escapeTableCell(nameProblems(container.findings).join('; ')),
  ];
  return `| ${cells.join(' | ')} |`;
}

function usedOfLimit(pod: PodContainerView): string {
  const { container, facts } = pod;
  const used = usedNow(pod);
  const { limit } = container.observation;
  const limitText = limit.state === 'set' ? formatBytes(limit.bytes) : limit.state === 'absent' ? 'no limit' : '?';
  const percent = facts.usage?.percent;
  const loud = isProblem(container.findings.usage?.level);
  const share = percent === undefined ? '' : ` ${emphasize(unbroken(formatPercent(percent)), loud)}`;
  return `${used === undefined ? '?' : formatBytes(used)} / ${limitText}${share}`;
}

/** The same on one line, however narrow the cell is. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

function emphasize(text: string, loud: boolean): string {
  return loud ? `**${text}**` : text;
}

/** What the charts of a pod's container draw: the window, or the longer one for a leak that only that shows. */
function courseOf({ container, facts }: PodContainerView): Course {
  const { at, windows, measured } = container.observation;
  return facts.trend?.pattern === 'slow leak'
    ? { averages: measured?.slowAverages ?? [], at, window: windows.slowWindow }
    : { averages: measured?.averages ?? [], at, window: windows.window };
}

/** The sparkline of a pod's container; empty without data. */
export function drawCourse(pod: PodContainerView): string {
  return drawSparkline(courseOf(pod));
}

/** The same as code, with its span where that is not the window; empty without data. */
export function sparklineOf(pod: PodContainerView): string {
  const course = courseOf(pod);
  const drawn = drawCourse(pod);
  if (drawn === '') return '';
  const usual = course.window === pod.container.observation.windows.window;
  return `${code(drawn)}${usual ? '' : `\u00a0${unbroken(formatWindow(course.window))}`}`;
}

/** Charts of the ten worst containers at most, the first ones open; empty when there is nothing to draw. */
export function writeCharts(views: readonly ContainerView[]): string {
  const charts = views
    .filter((view) => view.level === 'red' || view.level === 'yellow')
    .filter((view) => listProblems(view).some((check) => check !== 'sizing' || view.level === 'red'))
    .slice(0, CHARTS)
    .map(drawContainer)
    .filter((chart) => chart !== undefined);
  const folded = charts.slice(OPEN_CHARTS);
  const fold =
    folded.length === 0
      ? []
      : [`<details><summary>${count(folded.length, 'more chart')}</summary>`, ...folded, '</details>'];
  return [...charts.slice(0, OPEN_CHARTS), ...fold].join('\n\n');
}

function drawContainer(view: ContainerView): string | undefined {
  const { worst, suggestion } = view.container;
  const check = view.urgency === 'leak' ? worst.trend : (worst.usage ?? worst.trend);
  const pod = view.pods.find((candidate) => candidate.pod.name === check?.pod) ?? view.pods[0];
  if (pod === undefined) return undefined;
  const { limit } = pod.container.observation;
  return drawChart({
    ...courseOf(pod),
    title: view.label,
    ...(limit.state === 'set' ? { limit: limit.bytes } : {}),
    ...(suggestion?.limit === undefined ? {} : { proposedLimit: suggestion.limit.to }),
  });
}
