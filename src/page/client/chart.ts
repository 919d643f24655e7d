import uPlot from 'uplot';
import { formatBytes } from '../../bytes.ts';
import { decodeSeries, type Point, type Series } from '../series.ts';
import { styleOf, widthOf } from './chart-style.ts';

/** A course of memory with the name of what it is of. */
export interface Course {
  readonly name: string;
  readonly series: Series;
}

/** What a chart draws; sizes in bytes, `kills` in seconds before the inspection. */
export interface ChartInput {
  readonly title: string;
  /** The highest first. */
  readonly courses: readonly Course[];
  readonly lines: readonly { readonly name: string; readonly value: number; readonly style: LineStyle }[];
  readonly kills: readonly number[];
}

export type LineStyle = 'limit' | 'proposed' | 'request';

const DASHES: Readonly<Record<LineStyle, number[]>> = { limit: [8, 4], proposed: [2, 3], request: [1, 5] };
/** Steps of the axis of sizes: whole powers of two are round numbers in Ki, Mi and Gi. */
const BINARY = Array.from({ length: 50 }, (_, power) => 2 ** power);
const HEIGHT = 240;
const DAY = 86_400;

/** Draws into an element; the answer draws again, in the present colours and width, or takes it away. */
export function drawChart(place: HTMLElement, input: ChartInput): { redraw(): void; destroy(): void } {
  const points = input.courses.map(({ series }) => decodeSeries(series));
  const times = [...new Set(points.flatMap((own) => own.map(({ t }) => t)))].sort((a, b) => a - b);
  const data = alignAll(times, points, input);
  let plot = new uPlot(optionsOf(place, input, times), data, place);
  const redraw = () => {
    plot.destroy();
    plot = new uPlot(optionsOf(place, input, times), data, place);
  };
  const observer = new ResizeObserver(() => {
    const width = widthOf(place);
    if (Math.abs(width - plot.width) > 1) plot.setSize({ width, height: HEIGHT });
  });
  observer.observe(place);
  return {
    redraw,
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function alignAll(times: readonly number[], points: readonly Point[][], { lines }: ChartInput): uPlot.AlignedData {
  const courses = points.map((own) => {
    const byTime = new Map(own.map(({ t, v }) => [t, v]));
    // Where another pod has a value and this one no slot, its line goes on; its own gap is a gap.
    return times.map((t) => (byTime.has(t) ? (byTime.get(t) ?? null) : undefined));
  });
  const levels = lines.map(({ value }) => times.map(() => value));
  return [[...times], ...courses, ...levels] as uPlot.AlignedData;
}

function optionsOf(place: HTMLElement, input: ChartInput, times: readonly number[]): uPlot.Options {
  const { colour, axis } = styleOf(place);
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const [unit, word] = span >= 3 * DAY ? [DAY, 'd'] : [3600, 'h'];
  const step = stepOf(span / unit, widthOf(place)) * unit;
  return {
    width: widthOf(place),
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, low, high) => rangeOf(low, high) } },
    axes: [
      {
        ...axis,
        splits: (_, __, low, high) => countFrom(Math.ceil(low / step) * step, high, step),
        values: (_, splits) => splits.map((t) => (t === 0 ? 'now' : `−${Math.round(-t / unit)} ${word}`)),
      },
      { ...axis, size: 64, incrs: BINARY, values: (_, splits) => splits.map((value) => formatBytes(value)) },
    ],
    series: [
      {},
      ...input.courses.map((_, place) => ({
        stroke: place === 0 ? colour('series') : colour('series-other'),
        width: place === 0 ? 2 : 1,
        points: { show: times.length < 2 },
      })),
      ...input.lines.map(({ style: name }) => ({
        stroke: colour(name),
        width: 2,
        dash: DASHES[name],
        points: { show: false },
      })),
    ],
    hooks: { draw: [(plot) => markKills(plot, input.kills, colour('limit'))] },
  };
}

/** A line down from a cross at the time of each kill. */
function markKills(plot: uPlot, kills: readonly number[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  // What was drawn before may have left its dashes.
  ctx.setLineDash([]);
  for (const ago of kills) {
    const x = plot.valToPos(-ago, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const size = 6 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top + 2 * size);
    ctx.moveTo(x + size, bbox.top);
    ctx.lineTo(x - size, bbox.top + 2 * size);
    ctx.moveTo(x, bbox.top + 2 * size);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** Some air, and never below zero. */
function rangeOf(low: number, high: number): [number, number] {
  const air = Math.max((high - low) * 0.08, high * 0.02, 1024);
  return [Math.max(0, low - air), high + air];
}

/** So that the names of the steps have room beside each other. */
function stepOf(units: number, width: number): number {
  const most = Math.min(8, Math.floor(width / 70));
  return [1, 2, 3, 6, 12, 24].find((step) => units / step <= most) ?? 48;
}

function countFrom(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, index) => first + index * step);
}
