import uPlot from 'uplot';
import { formatBytes } from '../../bytes.ts';
import { count } from '../../text/format.ts';
import type { Move, MovesData, PageData, RunData } from '../page-data.ts';
import { styleOf, widthOf } from './chart-style.ts';
import { LEVEL_NAMES } from './columns.ts';
import { bullets, element, plainTable } from './dom.ts';
import { section } from './header.ts';

const HEIGHT = 200;
const LINES = [
  { name: 'at risk', key: 'atRisk', colour: 'red', dash: [] },
  { name: 'attention', key: 'attention', colour: 'yellow', dash: [6, 3] },
  { name: 'unknown', key: 'unknown', colour: 'muted', dash: [2, 3] },
] as const;

export interface HistorySection {
  readonly content: HTMLElement;
  draw(): void;
}

/** Levels over time, what moved, the changes that are followed, and what became of the suggestions. */
export function buildHistory(data: PageData): HistorySection {
  const { runs, moves, followed, score } = data;
  const place = element('div', { class: 'chart', role: 'img', 'aria-label': describeRuns(runs) });
  const parts = [
    ...(runs.length < 2
      ? [element('p', { class: 'muted' }, 'There is no earlier report to compare with yet.')]
      : [figureOf(runs, place)]),
    ...moves.map(buildMoves),
    ...(followed.length === 0 ? [] : [element('h3', {}, 'Changes that are followed'), followedTable(data)]),
    ...(score === undefined
      ? []
      : [
          element('h3', {}, 'What became of the suggestions'),
          element(
            'dl',
            { class: 'tiles' },
            ...score.counts.map(([name, number]) =>
              element(
                'div',
                { class: 'tile' },
                element('dt', {}, name),
                element('dd', {}, element('b', {}, String(number))),
              ),
            ),
          ),
          bullets(score.effects),
        ]),
  ];
  let plot: uPlot | undefined;
  if (runs.length >= 2) {
    new ResizeObserver(() => plot?.setSize({ width: widthOf(place), height: HEIGHT })).observe(place);
  }
  return {
    content: section('history', 'History', ...parts),
    draw() {
      if (runs.length < 2) return;
      plot?.destroy();
      plot = drawRuns(place, runs);
    },
  };
}

function figureOf(runs: readonly RunData[], place: HTMLElement): HTMLElement {
  const rows = runs
    .toReversed()
    .map(({ date, level, atRisk, attention, healthy, unknown, total }) => [
      date,
      LEVEL_NAMES[level],
      ...[atRisk, attention, healthy, unknown, total].map(String),
    ]);
  const head = ['report', 'level', 'at risk', 'attention', 'healthy', 'unknown', 'total'];
  const legend = LINES.map(({ name, key }) =>
    element('li', {}, element('span', { class: `swatch ${key}`, 'aria-hidden': 'true' }), name),
  );
  return element(
    'figure',
    {},
    element('figcaption', {}, 'Pods that are not healthy'),
    place,
    element('ul', { class: 'legend' }, ...legend),
    element(
      'details',
      { class: 'numbers' },
      element('summary', {}, 'Numbers'),
      plainTable('Pods a report', head, rows, 2),
    ),
  );
}

function describeRuns(runs: readonly RunData[]): string {
  const [first, last] = [runs[0], runs.at(-1)];
  const say = (run: RunData | undefined) =>
    run === undefined ? '' : `${run.atRisk} at risk and ${run.attention} that need attention on ${run.date}`;
  return `Chart: pods that are not healthy: ${say(first)}, ${say(last)}`;
}

function drawRuns(place: HTMLElement, runs: readonly RunData[]): uPlot {
  const { colour, axis } = styleOf(place);
  const days = runs.map(({ date }) => Date.parse(date) / 1000);
  const top = Math.max(4, ...runs.flatMap(({ atRisk, attention, unknown }) => [atRisk, attention, unknown]));
  return new uPlot(
    {
      width: widthOf(place),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'UTC'),
      scales: { y: { range: [0, top * 1.1] } },
      axes: [
        {
          ...axis,
          values: (_, splits) => splits.map((time) => new Date(time * 1000).toISOString().slice(0, 10)),
          space: 90,
        },
        { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      ],
      series: [
        {},
        ...LINES.map(({ colour: name, dash }) => ({
          stroke: colour(name),
          width: 2,
          dash: [...dash],
          points: { show: runs.length < 60, size: 5 },
        })),
      ],
    },
    [days, ...LINES.map(({ key }) => runs.map((run) => run[key]))],
    place,
  );
}

function buildMoves({ since, days, moved, added, addedCount, gone, goneCount }: MovesData): HTMLElement {
  const changes = moved.map(({ label, from = 0, to = 0 }) => [
    label,
    formatBytes(from),
    formatBytes(to),
    `${to < from ? '−' : '+'}${formatBytes(Math.abs(to - from))}`,
    from === 0 ? '–' : `${to < from ? '−' : '+'}${Math.round((Math.abs(to - from) / from) * 100)} %`,
  ]);
  const name = (moves: readonly Move[], all: number, which: 'from' | 'to') => {
    const shown = moves.map(
      (move) => `${move.label}${move[which] === undefined ? '' : ` (${formatBytes(move[which])})`}`,
    );
    return `${shown.join(', ')}${all > moves.length ? ` and ${all - moves.length} more` : ''}.`;
  };
  return element(
    'div',
    {},
    element('h3', {}, `What moved since ${since}, ${count(days, 'day')} ago`),
    changes.length === 0
      ? element('p', {}, 'No container uses another amount.')
      : plainTable(
          `Use of memory, the largest changes since ${since}`,
          ['container', 'then', 'now', 'change', 'percent'],
          changes,
          1,
        ),
    addedCount === 0
      ? undefined
      : element('p', {}, element('strong', {}, `${addedCount} new: `), name(added, addedCount, 'to')),
    goneCount === 0
      ? undefined
      : element('p', {}, element('strong', {}, `${goneCount} gone: `), name(gone, goneCount, 'from')),
  );
}

function followedTable({ followed }: PageData): HTMLElement {
  const rows = followed.map(({ change, merged, rollout, use, outcome }) => [
    change,
    merged,
    rollout,
    use || '–',
    outcome,
  ]);
  return plainTable('Merged changes', ['change', 'merged', 'rolled out', 'before → after', 'outcome'], rows);
}
