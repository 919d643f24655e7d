import { type Bytes, formatBytes, MIB } from '../bytes.ts';
import type { Sample } from '../model/measurement.ts';
import { escapeMermaid, toSingleLine } from './markdown.ts';

const BARS = '▁▂▃▄▅▆▇█';
const CHART_POINTS = 24;
/** Pixels; Mermaid's own 500 make ten charts a long way to scroll. */
const HEIGHT = 360;
const DAY = 86_400;

/** Times in unix seconds, the window's length in seconds, `limit` in bytes. */
export interface Course {
  readonly averages: readonly Sample[];
  readonly at: number;
  readonly window: number;
}

/**
 * Eight bars for the window. The scale spans what was seen, but at least a quarter of the highest value, so that
 * noise stays flat; `·` where nothing was measured. Empty when there is nothing at all.
 */
export function drawSparkline(course: Course): string {
  const means = bucketMeans(course, BARS.length);
  const seen = means.filter((mean) => mean !== undefined);
  if (seen.length === 0) return '';
  const low = Math.min(...seen);
  const high = Math.max(...seen);
  const half = Math.max((high - low) / 2, high / 8);
  const bottom = (low + high) / 2 - half;
  return means
    .map((mean) => {
      if (mean === undefined) return '·';
      const step = half === 0 ? 0 : Math.floor(((mean - bottom) / (2 * half)) * BARS.length);
      return BARS.charAt(Math.max(0, Math.min(BARS.length - 1, step)));
    })
    .join('');
}

export interface MemoryChart extends Course {
  readonly title: string;
  readonly limit?: Bytes;
  /** The limit that is suggested. */
  readonly proposedLimit?: Bytes;
}

/** A Mermaid block of memory used against its limit, or `undefined` where fewer than two points were measured. */
export function drawChart(chart: MemoryChart): string | undefined {
  const means = bucketMeans(chart, CHART_POINTS);
  const first = means.findIndex((mean) => mean !== undefined);
  const last = means.findLastIndex((mean) => mean !== undefined);
  if (first < 0 || last <= first) return undefined;
  const used = bridge(means.slice(first, last + 1)).map((value) => toMebibytes(value));
  const [unit, length] = chart.window >= 3 * DAY ? ['days', DAY] : ['hours', 3600];
  const step = chart.window / length / CHART_POINTS;
  const lines = [
    { name: 'used', values: used, colour: '#0969da' },
    ...levelLine('limit', chart.limit, used.length, '#cf222e'),
    ...levelLine('proposed limit', chart.proposedLimit, used.length, '#1a7f37'),
  ];
  const [bottom, top] = rangeOf(lines.flatMap((line) => line.values));
  const from = rounded((first - CHART_POINTS + 0.5) * step);
  const to = rounded((last - CHART_POINTS + 0.5) * step);
  return drawXyChart({
    title: `${toSingleLine(chart.title, 50)}: ${lines.map((line) => line.name).join(', ')}`,
    xAxis: `"${unit}" ${from} --> ${to}`,
    yAxis: `"Mi" ${bottom} --> ${top}`,
    lines,
  });
}

export interface ChartLine {
  readonly name: string;
  readonly values: readonly number[];
  readonly colour: string;
}

/** The Mermaid block itself; axes are Mermaid already, names and title are plain text. */
export function drawXyChart(chart: {
  readonly title: string;
  readonly xAxis: string;
  readonly yAxis: string;
  readonly lines: readonly ChartLine[];
}): string {
  const palette = chart.lines.map((line) => line.colour).join(', ');
  return [
    '```mermaid',
    `%%{init: {"xyChart": {"height": ${HEIGHT}}, "themeVariables": {"xyChart": {"plotColorPalette": "${palette}"}}}}%%`,
    'xychart-beta',
    `  title "${escapeMermaid(chart.title)}"`,
    `  x-axis ${chart.xAxis}`,
    `  y-axis ${chart.yAxis}`,
    ...chart.lines.map((line) => `  line "${escapeMermaid(line.name)}" [${line.values.join(', ')}]`),
    '```',
  ].join('\n');
}

/** `2000Mi`, in a legend. */
function levelLine(name: string, value: Bytes | undefined, length: number, colour: string): ChartLine[] {
  if (value === undefined) return [];
  return [{ name: `${name} ${formatBytes(value)}`, values: Array<number>(length).fill(toMebibytes(value)), colour }];
}

function bucketMeans(course: Course, buckets: number): (number | undefined)[] {
  const sums = Array.from({ length: buckets }, () => ({ sum: 0, samples: 0 }));
  const start = course.at - course.window;
  for (const { t, v } of course.averages) {
    if (!Number.isFinite(v) || t <= start || t > course.at) continue;
    const bucket = sums[Math.min(buckets - 1, Math.ceil(((t - start) / course.window) * buckets) - 1)];
    if (bucket === undefined) continue;
    bucket.sum += v;
    bucket.samples += 1;
  }
  return sums.map(({ sum, samples }) => (samples === 0 ? undefined : sum / samples));
}

/** Straight lines over gaps; the first and the last value are there. */
function bridge(values: readonly (number | undefined)[]): number[] {
  const result: number[] = [];
  for (const [index, value] of values.entries()) {
    if (value !== undefined) {
      result.push(value);
      continue;
    }
    const before = result.at(-1) ?? 0;
    const distance = values.slice(index).findIndex((later) => later !== undefined);
    const after = values[index + distance] ?? before;
    result.push(before + (after - before) / (distance + 1));
  }
  return result;
}

/** The range of an axis with some air, on round numbers. */
function rangeOf(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max((high - low) * 0.1, high * 0.02, 1);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(high - low, 1))) - 1);
  return [Math.max(0, Math.floor((low - air) / step) * step), Math.ceil((high + air) / step) * step];
}

function toMebibytes(value: number): number {
  const mebibytes = value / MIB;
  return mebibytes < 100 ? rounded(mebibytes) : Math.round(mebibytes);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
