import type { RowData } from '../page-data.ts';
import { type Column, keyOf } from './columns.ts';
import type { Details } from './details.ts';
import { badge, element } from './dom.ts';
import type { ViewState } from './view-state.ts';

/** Rows that are put into the page at a time: more come when the end is seen, or the page is printed. */
const SLICE = 150;

export interface TableInput {
  readonly rows: readonly RowData[];
  readonly columns: readonly Column[];
  detailsOf(place: number): Details;
  onSort(column: Column): void;
  /** With the key of the row that is open now; empty for none. */
  onOpen(key: string): void;
}

export interface Table {
  readonly content: HTMLElement;
  /** Shows these rows, by their places. */
  show(places: readonly number[], state: ViewState): void;
  /** Scrolls to the open row and puts the focus there. */
  goToOpen(): void;
  redraw(): void;
}

/** The table of all containers. */
export function buildTable(input: TableInput): Table {
  const { rows, columns } = input;
  const head = columns.map((column) => headingOf(column, input));
  const body = element('tbody', { role: 'rowgroup' });
  const more = element('button', { type: 'button', class: 'more' });
  const table = element(
    'table',
    { id: 'containers', role: 'table' },
    element('caption', { class: 'hidden' }, 'Containers, the most urgent first unless sorted otherwise'),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...head.map(({ cell }) => cell))),
    body,
  );
  let places: readonly number[] = [];
  let order = '';
  let drawn = 0;
  let open: { readonly key: string; readonly row: HTMLElement; readonly details: Details } | undefined;
  const shown = new Map<string, { readonly place: number; readonly row: HTMLElement }>();

  const close = () => {
    if (open === undefined) return;
    open.details.destroy();
    open.row.nextElementSibling?.remove();
    markOpen(open.row, undefined);
    open = undefined;
  };
  const openRow = (key: string) => {
    if (open?.key === key) return;
    close();
    const at = shown.get(key);
    if (at === undefined) return;
    const details = input.detailsOf(at.place);
    const id = `details-${at.place}`;
    const cell = element('td', { colspan: columns.length, role: 'cell' }, details.content);
    at.row.after(element('tr', { class: 'details', role: 'row', id }, cell));
    markOpen(at.row, id);
    open = { key, row: at.row, details };
    details.draw();
  };
  const append = (upTo: number) => {
    for (const place of places.slice(drawn, upTo)) {
      const row = rows[place];
      if (row === undefined) continue;
      const made = rowOf(row, columns, input);
      shown.set(keyOf(row), { place, row: made });
      body.append(made);
    }
    drawn = Math.min(upTo, places.length);
    const left = places.length - drawn;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(SLICE, left)} more of ${left}`;
  };
  more.addEventListener('click', () => append(drawn + SLICE));
  new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting) && drawn < places.length) append(drawn + SLICE);
  }).observe(more);
  addEventListener('beforeprint', () => append(places.length));

  return {
    content: element('div', {}, element('div', { class: 'table-wrap' }, table), more),
    show(next, state) {
      const nextOrder = next.join();
      if (nextOrder !== order || drawn === 0) {
        close();
        [places, order, drawn] = [next, nextOrder, 0];
        shown.clear();
        body.replaceChildren();
        append(SLICE);
      }
      for (const { column, mark } of head) mark(column.id === state.sort ? state.descending : undefined);
      if (state.open === '') {
        close();
        return;
      }
      const at = places.findIndex((place) => isNamed(rows[place], state.open));
      if (at >= drawn) append(at + 1);
      openRow(state.open);
    },
    goToOpen() {
      open?.row.scrollIntoView({ block: 'start' });
      open?.row.querySelector('button')?.focus({ preventScroll: true });
    },
    redraw: () => open?.details.redraw(),
  };
}

function isNamed(row: RowData | undefined, key: string): boolean {
  return row !== undefined && keyOf(row) === key;
}

/** Tells whether the row's details, which have that id, are below it. */
function markOpen(row: HTMLElement, id: string | undefined): void {
  const button = row.querySelector('button');
  row.classList.toggle('open', id !== undefined);
  button?.setAttribute('aria-expanded', String(id !== undefined));
  if (id === undefined) button?.removeAttribute('aria-controls');
  else button?.setAttribute('aria-controls', id);
}

/** A heading that sorts; `mark` says how it does now: descending, ascending or not at all. */
function headingOf(column: Column, input: TableInput) {
  const arrow = element('span', { class: 'arrow', 'aria-hidden': 'true' });
  const button = element('button', { type: 'button' }, column.title, arrow);
  button.addEventListener('click', () => input.onSort(column));
  const cell = element('th', { scope: 'col', role: 'columnheader', class: classOf(column) }, button);
  const mark = (descending: boolean | undefined) => {
    const sorted = descending === undefined ? 'none' : descending ? 'descending' : 'ascending';
    cell.setAttribute('aria-sort', sorted);
    arrow.textContent = descending === undefined ? '' : descending ? ' ▼' : ' ▲';
  };
  return { column, cell, mark };
}

function rowOf(row: RowData, columns: readonly Column[], input: TableInput): HTMLElement {
  const button = element(
    'button',
    { type: 'button', 'aria-expanded': 'false' },
    element('span', { class: 'kind' }, `${row.kind}/`),
    row.name,
  );
  button.addEventListener('click', () =>
    input.onOpen(button.getAttribute('aria-expanded') === 'true' ? '' : keyOf(row)),
  );
  const cells = columns.map((column, at) => {
    const attributes = { class: classOf(column), 'data-label': column.title };
    if (column.id === 'workload') return element('th', { ...attributes, scope: 'row', role: 'rowheader' }, button);
    return element('td', { ...attributes, role: 'cell' }, ...contentOf(column, row, columns, at));
  });
  return element('tr', { role: 'row', class: `row level-${row.level}` }, ...cells);
}

function contentOf(column: Column, row: RowData, columns: readonly Column[], at: number): (Node | string)[] {
  if (column.kind === 'level') {
    return [badge(row.level), ...(row.ignored ? [element('span', { class: 'muted' }, ' ignored')] : [])];
  }
  if (column.kind === 'check') {
    const cell = row.checks[at - columns.findIndex(({ kind }) => kind === 'check')];
    return cell ? [badge(cell[0]), ' ', cell[1]] : ['–'];
  }
  return [column.text(row)];
}

function classOf({ id, kind }: Column): string {
  return `column-${id}${kind === 'number' ? ' number' : ''}`;
}
