import type { LevelLetter, PageData, RowData } from '../page-data.ts';
import type { Column } from './columns.ts';
import { badge, element } from './dom.ts';
import { type ViewState, WHOLE_VIEW } from './view-state.ts';

const LEVELS: readonly LevelLetter[] = ['r', 'y', 'u', 'g'];

export interface Controls {
  readonly content: HTMLElement;
  /** Brings the controls to a view, and tells how many rows it shows. */
  show(state: ViewState, shown: number, all: number): void;
}

/** What searches, filters and, where there are no headings to click, sorts. `onChange` gets what a control changes. */
export function buildControls(
  rows: readonly RowData[],
  { checks }: Pick<PageData, 'checks'>,
  columns: readonly Column[],
  onChange: (change: Partial<ViewState>) => void,
): Controls {
  const search = element('input', { type: 'search', id: 'search', placeholder: 'name, pod …', autocomplete: 'off' });
  search.addEventListener('input', () => onChange({ query: search.value }));
  const namespaces = [...new Set(rows.map(({ namespace }) => namespace))].sort();
  const namespace = select('namespace', [['', 'all'], ...namespaces.map((name) => [name, name] as const)]);
  namespace.addEventListener('change', () => onChange({ namespace: namespace.value }));
  const check = select('check', [['', 'any'], ...checks.map((name) => [name, name] as const)]);
  check.addEventListener('change', () => onChange({ check: check.value }));
  const sort = select('sort', [['', 'urgency'], ...columns.map(({ id, title }) => [id, title] as const)]);
  const order = select('order', [
    ['ascending', 'ascending'],
    ['descending', 'descending'],
  ]);
  const onSort = () => onChange({ sort: sort.value, descending: order.value === 'descending' });
  for (const one of [sort, order]) one.addEventListener('change', onSort);
  const boxes = LEVELS.map((letter) => ({ letter, box: element('input', { type: 'checkbox' }) }));
  for (const { box } of boxes) {
    box.addEventListener('change', () =>
      onChange({ levels: boxes.flatMap(({ letter, box: own }) => (own.checked ? [letter] : [])) }),
    );
  }
  const reset = element('button', { type: 'button' }, 'Show all');
  reset.addEventListener('click', () => onChange(WHOLE_VIEW));
  const status = element('p', { id: 'shown', role: 'status', 'aria-live': 'polite' });
  const content = element(
    'div',
    { class: 'controls', role: 'search', 'aria-label': 'Containers' },
    labelled('Search', search),
    labelled('Namespace', namespace),
    labelled('Check', check),
    element(
      'fieldset',
      {},
      element('legend', {}, 'Level'),
      ...boxes.map(({ letter, box }) => element('label', { class: 'level' }, box, badge(letter, true))),
    ),
    element('div', { class: 'narrow' }, labelled('Sort by', sort), labelled('Order', order)),
    reset,
    status,
  );
  return {
    content,
    show(state, shown, all) {
      if (search.value !== state.query) search.value = state.query;
      namespace.value = state.namespace;
      check.value = state.check;
      sort.value = state.sort;
      order.value = state.descending ? 'descending' : 'ascending';
      for (const { letter, box } of boxes) box.checked = state.levels.includes(letter);
      status.textContent = `${shown} of ${all} ${all === 1 ? 'container' : 'containers'} shown`;
    },
  };
}

function select(id: string, options: readonly (readonly [value: string, text: string])[]): HTMLSelectElement {
  return element('select', { id }, ...options.map(([value, text]) => element('option', { value }, text)));
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  return element('label', { class: 'control', for: control.id }, element('span', {}, text), control);
}
