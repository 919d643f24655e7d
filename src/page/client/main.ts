import type { MomentData, PageData, PodSeries, RowData } from '../page-data.ts';
import { type Column, listColumns } from './columns.ts';
import { buildControls } from './controls.ts';
import { buildDetails } from './details.ts';
import { element } from './dom.ts';
import { buildHeader, buildQuality, buildTodo, section } from './header.ts';
import { buildHistory } from './history.ts';
import { indexRows, selectRows } from './select-rows.ts';
import { buildTable } from './table.ts';
import { themeSwitch } from './theme.ts';
import { readHash, type ViewState, writeHash } from './view-state.ts';

const data = read<PageData>('data');
const rows = read<readonly RowData[]>('rows');
let courses: readonly (readonly PodSeries[])[] | undefined;
const texts = indexRows(rows);
const columns = listColumns(
  data,
  rows.some(({ cost }) => cost !== undefined),
);
let state = readHash(location.hash);

const table = buildTable({
  rows,
  columns,
  detailsOf(place) {
    courses ??= read<readonly (readonly PodSeries[])[]>('series');
    return buildDetails(rows[place] as RowData, courses[place] ?? [], data);
  },
  onSort: (column) => change(sortBy(column)),
  onOpen: (open) => change({ open }),
});
const controls = buildControls(rows, data, columns, change);
const history = buildHistory(data);
const theme = themeSwitch(() => {
  table.redraw();
  history.draw();
});

document.body.append(
  skipLink(),
  buildHeader(data, read<MomentData>('moment'), theme),
  element(
    'main',
    {},
    buildTodo(data),
    section('table', 'Containers', controls.content, table.content),
    history.content,
    buildQuality(data),
  ),
  element(
    'footer',
    { class: 'muted' },
    'Made by the Kubernetes Memory Inspector. This page asks nothing of any server.',
  ),
);
addEventListener('hashchange', () => {
  state = readHash(location.hash);
  show();
  if (state.open !== '') table.goToOpen();
});
show();
history.draw();
if (state.open !== '') table.goToOpen();

/** The address holds the view, so the link does not go by it. */
function skipLink(): HTMLElement {
  const skip = element('a', { class: 'skip', href: '#' }, 'To the table');
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    document.getElementById('search')?.focus();
  });
  return skip;
}

function change(part: Partial<ViewState>): void {
  state = { ...state, ...part };
  const hash = writeHash(state);
  // Without an entry in the history for each letter that is typed.
  window.history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
  show();
}

function show(): void {
  const places = selectRows(rows, texts, columns, data.checks, state);
  table.show(places, state);
  controls.show(state, places.length, rows.length);
}

/** A heading sorts one way, then the other, then by urgency again; numbers and levels begin with the highest. */
function sortBy({ id, kind }: Column): Partial<ViewState> {
  const first = kind !== 'text';
  if (state.sort !== id) return { sort: id, descending: first };
  return state.descending === first ? { sort: id, descending: !first } : { sort: '', descending: false };
}

function read<Value>(id: string): Value {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null') as Value;
}
