import { formatBytes } from '../../bytes.ts';
import { count, formatGrowth, formatPercent } from '../../text/format.ts';
import type { PageData, PodSeries, RowData } from '../page-data.ts';
import { decodeSeries, type Series } from '../series.ts';
import { type ChartInput, type Course, drawChart } from './chart.ts';
import { formatSize, LEVEL_NAMES } from './columns.ts';
import { bullets, element, plainTable } from './dom.ts';

/** Beyond, lines of other pods only cover each other. */
const MOST_LINES = 30;
const MOST_PODS = 200;

/** What an open row shows; its charts are drawn when `draw` is called, once it is in the page. */
export interface Details {
  readonly content: HTMLElement;
  draw(): void;
  redraw(): void;
  destroy(): void;
}

/** The details of a row; `series` are the courses of its pods that had room. */
export function buildDetails(row: RowData, series: readonly PodSeries[], data: PageData): Details {
  const charts: { readonly place: HTMLElement; readonly input: ChartInput }[] = [];
  const figures = ([1, 2] as const).flatMap((which) => {
    const input = chartOf(row, series, data, which);
    if (input.courses.length === 0) return [];
    const place = element('div', { class: 'chart', role: 'img', 'aria-label': describeChart(input) });
    charts.push({ place, input });
    return [element('figure', {}, element('figcaption', {}, input.title), place, legendOf(input), numbersOf(input))];
  });
  let drawn: ReturnType<typeof drawChart>[] = [];
  const content = element(
    'div',
    { class: 'details-body' },
    element('div', { class: 'told' }, ...listSections(row)),
    figures.length > 0
      ? element('div', { class: 'figures' }, ...figures)
      : element('p', { class: 'muted' }, 'There is no chart: nothing was measured, or it had no room on this page.'),
    podsOf(row),
  );
  return {
    content,
    draw() {
      if (drawn.length === 0) drawn = charts.map(({ place, input }) => drawChart(place, input));
    },
    redraw() {
      for (const chart of drawn) chart.redraw();
    },
    destroy() {
      for (const chart of drawn) chart.destroy();
    },
  };
}

function listSections(row: RowData): HTMLElement[] {
  const { found = [], todo = [], snippet } = row;
  return [
    ...(found.length === 0
      ? [element('p', {}, 'Nothing is wrong with it.')]
      : [element('h3', {}, 'What was found'), bullets(found)]),
    ...(todo.length === 0 ? [] : [element('h3', {}, 'What to do'), bullets(todo)]),
    ...(snippet === undefined
      ? []
      : [
          element('h3', {}, 'What to change by hand'),
          element('pre', { tabindex: 0, 'aria-label': 'YAML to copy' }, element('code', {}, snippet)),
        ]),
  ];
}

function chartOf(row: RowData, series: readonly PodSeries[], { windows }: PageData, which: 1 | 2): ChartInput {
  const courses = series.flatMap((own): Course[] => {
    const course = own[which];
    return course === null ? [] : [{ name: row.pods?.[own[0]]?.[0] ?? `pod ${own[0] + 1}`, series: course }];
  });
  const span = courses.reduce((longest, { series: own }) => Math.max(longest, lengthOf(own)), 0);
  return {
    title: `Working set, last ${windows?.[which - 1] ?? 'window'}`,
    courses: courses.slice(0, MOST_LINES),
    lines: [
      ...(typeof row.limit === 'number' ? [{ name: 'limit', value: row.limit, style: 'limit' as const }] : []),
      ...(row.proposedLimit === undefined
        ? []
        : [{ name: 'proposed limit', value: row.proposedLimit, style: 'proposed' as const }]),
      ...(typeof row.request === 'number' ? [{ name: 'request', value: row.request, style: 'request' as const }] : []),
    ],
    kills: (row.kills ?? []).filter((ago) => ago <= span),
  };
}

function lengthOf([back, slot, , , values]: Series): number {
  return back + slot * (values.length / 2);
}

/** The chart for who cannot see it; all of its numbers stand in the table below it. */
function describeChart({ title, courses, lines, kills }: ChartInput): string {
  const [first] = courses;
  const numbers = first === undefined ? undefined : summaryOf(first.series);
  const course =
    first === undefined || numbers === undefined
      ? ''
      : `${first.name} from ${formatBytes(numbers.first)} to ${formatBytes(numbers.last)}, highest ${formatBytes(numbers.high)}`;
  const parts = [
    course,
    ...(courses.length > 1 ? [`${count(courses.length - 1, 'other pod')}`] : []),
    ...lines.map(({ name, value }) => `${name} ${formatBytes(value)}`),
    ...(kills.length === 0 ? [] : [count(kills.length, 'OOM kill')]),
  ];
  return `Chart: ${title}: ${parts.join('; ')}`;
}

function legendOf({ courses, lines, kills }: ChartInput): HTMLElement {
  const [first, ...others] = courses;
  const item = (style: string, text: string) =>
    element('li', {}, element('span', { class: `swatch ${style}`, 'aria-hidden': 'true' }), text);
  return element(
    'ul',
    { class: 'legend' },
    ...(first === undefined ? [] : [item('series', first.name)]),
    ...(others.length === 0 ? [] : [item('series-other', count(others.length, 'other pod'))]),
    ...lines.map(({ name, value, style }) => item(style, `${name} ${formatBytes(value)}`)),
    ...(kills.length === 0
      ? []
      : [element('li', {}, element('span', { class: 'kill', 'aria-hidden': 'true' }, '✕'), 'OOM kill')]),
  );
}

function numbersOf({ title, courses }: ChartInput): HTMLElement {
  const rows = courses.map(({ name, series }) => {
    const { first, last, low, high } = summaryOf(series);
    return [name, ...[first, last, low, high].map((value) => formatBytes(value))];
  });
  return element(
    'details',
    { class: 'numbers' },
    element('summary', {}, 'Numbers'),
    plainTable(title, ['pod', 'first', 'last', 'lowest', 'highest'], rows, 1),
  );
}

function summaryOf(series: Series) {
  const values = decodeSeries(series).flatMap(({ v }) => v ?? []);
  return {
    first: values[0] ?? 0,
    last: values.at(-1) ?? 0,
    low: values.reduce((least, value) => Math.min(least, value), values[0] ?? 0),
    high: values.reduce((most, value) => Math.max(most, value), 0),
  };
}

function podsOf({ pods = [], podCount, limit }: RowData): HTMLElement {
  const shown = pods.slice(0, MOST_PODS);
  const ki = (value: number | null) => (value === null ? '–' : formatBytes(value * 1024));
  const rows = shown.map(([name, level, used, peak, percent, growth, restarts]) => [
    name,
    LEVEL_NAMES[level],
    ki(used),
    percent === null ? '–' : formatPercent(percent),
    ki(peak),
    growth === null ? '–' : formatGrowth(growth),
    String(restarts),
  ]);
  const caption = `${count(podCount, 'pod')}${shown.length < podCount ? `, the ${shown.length} highest` : ''}`;
  const head = ['pod', 'level', 'used', `of ${formatSize(limit)}`, 'peak', 'growth', 'restarts'];
  return plainTable(caption, head, rows, 2);
}
