import { formatBytes } from '../../bytes.ts';
import { formatGrowth, formatPercent } from '../../text/format.ts';
import type { LevelLetter, PageData, RowData, Size } from '../page-data.ts';

/** A column of the table: `value` is what it is sorted by, `text` what it shows. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly kind: 'text' | 'number' | 'level' | 'check';
  readonly value: (row: RowData) => number | string | undefined;
  readonly text: (row: RowData) => string;
}

export const LEVEL_NAMES: Readonly<Record<LevelLetter, string>> = {
  r: 'red',
  y: 'yellow',
  u: 'unknown',
  g: 'green',
};
const SEVERITY: Readonly<Record<LevelLetter, number>> = { r: 3, y: 2, u: 1, g: 0 };

/** `namespace/kind/name/container` */
export function keyOf({ namespace, kind, name, container }: RowData): string {
  return [namespace, kind, name, container].join('/');
}

/** The columns of a page; the one of costs only where there are some. */
export function listColumns({ checks, currency }: Pick<PageData, 'checks' | 'currency'>, hasCosts: boolean): Column[] {
  return [
    level('level', 'Level', (row) => row.level),
    text('namespace', 'Namespace', (row) => row.namespace),
    text('workload', 'Workload', (row) => `${row.kind}/${row.name}`),
    text('container', 'Container', (row) => row.container),
    number('pods', 'Pods', (row) => row.podCount, String),
    number('used', 'Used', (row) => row.used, formatBytes),
    size('limit', 'Limit', (row) => row.limit),
    size('request', 'Request', (row) => row.request),
    number('percent', '% of limit', (row) => row.percent, formatPercent),
    number('peak', 'Peak', (row) => row.peak, formatBytes),
    number('growth', 'Growth', (row) => row.growth, formatGrowth),
    {
      id: 'reached',
      title: 'Limit reached',
      kind: 'number',
      value: (row) => row.reached?.[0],
      text: (row) => row.reached?.[1] ?? '–',
    },
    text('suggestion', 'Suggestion', (row) => row.suggestion),
    ...(hasCosts
      ? [number('cost', `Cost a month${currency === undefined ? '' : `, ${currency}`}`, (row) => row.cost, formatCost)]
      : []),
    ...checks.map((name, index) => check(name, index)),
  ];
}

function level(id: string, title: string, get: (row: RowData) => LevelLetter): Column {
  return { id, title, kind: 'level', value: (row) => SEVERITY[get(row)], text: (row) => LEVEL_NAMES[get(row)] };
}

function check(name: string, index: number): Column {
  return {
    id: name,
    title: name.charAt(0).toUpperCase() + name.slice(1),
    kind: 'check',
    value: (row) => {
      const cell = row.checks[index];
      return cell ? SEVERITY[cell[0]] : undefined;
    },
    text: (row) => row.checks[index]?.[1] ?? '–',
  };
}

function text(id: string, title: string, get: (row: RowData) => string | undefined): Column {
  return { id, title, kind: 'text', value: get, text: (row) => get(row) ?? '–' };
}

function number(
  id: string,
  title: string,
  get: (row: RowData) => number | undefined,
  format: (value: number) => string,
): Column {
  const shown = (value: number | undefined) => (value === undefined ? '–' : format(value));
  return { id, title, kind: 'number', value: get, text: (row) => shown(get(row)) };
}

/** No limit is above every limit. */
function size(id: string, title: string, get: (row: RowData) => Size | undefined): Column {
  return {
    id,
    title,
    kind: 'number',
    value: (row) => (get(row) === 'none' ? Number.POSITIVE_INFINITY : (get(row) as number | undefined)),
    text: (row) => formatSize(get(row)),
  };
}

/** `2000Mi`, `none`, or `?` where it is not known. */
export function formatSize(value: Size | undefined): string {
  if (value === undefined) return '?';
  return value === 'none' ? 'none' : formatBytes(value);
}

function formatCost(value: number): string {
  return value === 0 ? '±0' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
