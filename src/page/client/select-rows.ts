import type { PageData, RowData } from '../page-data.ts';
import type { Column } from './columns.ts';
import type { ViewState } from './view-state.ts';

/** What rows are looked for in: one text a row, in lower case. */
export function indexRows(rows: readonly RowData[]): string[] {
  return rows.map(({ namespace, kind, name, container, pods, suggestion }) =>
    [namespace, kind, name, container, suggestion ?? '', ...(pods ?? []).map(([pod]) => pod)].join('\n').toLowerCase(),
  );
}

/** The places of the rows that a view shows, in its order. Every word of the query has to be in a row. */
export function selectRows(
  rows: readonly RowData[],
  texts: readonly string[],
  columns: readonly Column[],
  checks: PageData['checks'],
  state: ViewState,
): number[] {
  const words = state.query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const check = checks.indexOf(state.check);
  const places = rows.flatMap((row, place) => {
    if (state.namespace !== '' && row.namespace !== state.namespace) return [];
    if (!hasLevel(row, check, state.levels)) return [];
    const text = texts[place] ?? '';
    return words.every((word) => text.includes(word)) ? [place] : [];
  });
  const column = columns.find(({ id }) => id === state.sort);
  return column === undefined ? places : sortPlaces(places, rows, column, state.descending);
}

/** Of a check without a choice of levels: whatever it finds wrong. */
function hasLevel(row: RowData, check: number, levels: ViewState['levels']): boolean {
  if (check < 0) return levels.length === 0 || levels.includes(row.level);
  const level = row.checks[check]?.[0];
  if (level === undefined) return false;
  return levels.length === 0 ? level === 'r' || level === 'y' : levels.includes(level);
}

/** What is not known comes last in both directions; of equals the more urgent comes first. */
function sortPlaces(
  places: readonly number[],
  rows: readonly RowData[],
  column: Column,
  descending: boolean,
): number[] {
  const direction = descending ? -1 : 1;
  return places
    .map((place) => {
      const row = rows[place];
      return { place, value: row === undefined ? undefined : column.value(row) };
    })
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined) || a.place - b.place;
      }
      return direction * compare(a.value, b.value) || a.place - b.place;
    })
    .map(({ place }) => place);
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
